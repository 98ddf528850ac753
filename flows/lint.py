"""The static check of what the bot says: every key has a text, every intent leads somewhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flows.all import ALL, FLOWS
from flows.beside import NOT_AN_ANSWER
from flows.common.answers import ANSWERS
from flows.steps import AnyFlow
from flows.words import HERE, candidates, in_file, placeholders, texts
from nlu.types import Intent
from storage.kinds import (
    ApplicationStatus,
    DropoutStatus,
    EscalationStatus,
    RecordKind,
    RegistrationStatus,
)

HANDLED_ELSEWHERE = frozenset(
    {Intent.AFFIRM, Intent.DENY, Intent.CORRECT, Intent.CANCEL, Intent.REPORT_EMERGENCY}
)
STATUSES = {
    RecordKind.AID_APPLICATION: ApplicationStatus,
    RecordKind.DROPOUT_CASE: DropoutStatus,
    RecordKind.TRAINING_REGISTRATION: RegistrationStatus,
    RecordKind.ESCALATION: EscalationStatus,
}
JOINABLE = (RecordKind.AID_APPLICATION, RecordKind.DROPOUT_CASE)


def check() -> list[str]:
    """What is wrong or missing, a Chinese sentence each."""
    found = [*_keys(), *_intents(), *_languages()]
    return list(dict.fromkeys(found))


def _has(key: str) -> bool:
    own, shared = candidates(key)[:2]
    return bool({own, shared} & texts().keys())


def _keys() -> Iterator[str]:
    wanted = [*_flow_keys(), *_status_keys(), *_written_keys(), *(f"intent.{i}" for i in _tasks())]
    for key in wanted:
        if not _has(key):
            yield f"texts/zh.yaml 里缺一句话：{key}"


def _flow_keys() -> Iterator[str]:
    for flow in ALL:
        yield from (f"{flow.name}.{tail}" for tail in ("title", "who", "begin"))
        if flow.children:
            yield from (f"{flow.name}.same", f"{flow.name}.same_other")
        if flow.confirm is not None:
            yield from (f"{flow.name}.confirm", f"{flow.name}.confirm.yes")
        yield from _step_keys(flow)


def _step_keys(flow: AnyFlow) -> Iterator[str]:
    for step in flow.steps:
        key = f"{flow.name}.{step.slot}"
        yield from (f"{key}.label", f"{key}.retry", f"{key}.help")
        if step.when is None:
            yield key
        yield from (f"{key}.options.{option}" for option in step.options)
        if step.short_again:
            yield f"{key}.again"
        if step.yes_no:
            yield from (f"{key}.yes", f"{key}.no")


def _status_keys() -> Iterator[str]:
    for kind, statuses in STATUSES.items():
        yield from (f"status.{kind}.{status}" for status in statuses)
    yield from (f"status.{kind}.joined" for kind in JOINABLE)


def _tasks() -> Iterator[Intent]:
    offered = (i for i in Intent if i not in NOT_AN_ANSWER)
    return (i for i in offered if i in ANSWERS or FLOWS.started_by(i))


def _written_keys() -> Iterator[str]:
    """Keys written out in the code of the flows: Say("common.hello"), Choice("menu.aid", …)."""
    for path in HERE.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                is_key = node.func.id in ("Say", "Choice", "Problem")
                if is_key and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _intents() -> Iterator[str]:
    for intent in Intent:
        leads = intent in ANSWERS or intent in HANDLED_ELSEWHERE
        if not leads and FLOWS.started_by(intent) is None:
            yield f"说“{intent}”时没有流程接着办"


def _languages() -> Iterator[str]:
    """A translation says the same thing: no key of its own, the same names in braces."""
    chinese = texts()
    for path in sorted(HERE.glob("*.yaml")):
        if path.stem not in ("zh", "notices", "labels", "consents"):
            yield from _language(path, dict(chinese))


def _language(path: Path, chinese: dict[str, str]) -> Iterator[str]:
    for key, text in in_file(path).items():
        if key not in chinese:
            yield f"texts/{path.name} 里的 {key} 在 zh.yaml 里没有"
        elif placeholders(text) != placeholders(chinese[key]):
            yield f"texts/{path.name} 里 {key} 的花括号名字和 zh.yaml 不一样"
