"""The names at the desk: whatever the log writes has one in Chinese, and each stands once."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.web import labels

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "bot" / "web" / "labels.yaml"


def written(tree: ast.AST) -> Iterator[str]:
    """The actions that a module writes into the audit log, as far as they are literal."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr == "audit" and call.args:
            yield from literals(call.args[0])
        if call.func.attr == "add" and ast.unparse(call.func.value).endswith("audit"):
            yield from literals(call.args[3])


def literals(argument: ast.expr) -> Iterator[str]:
    for part in ast.walk(argument):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_whatever_the_log_writes_has_a_name() -> None:
    found = {
        action
        for path in (ROOT / "bot").rglob("*.py")
        for action in written(ast.parse(path.read_text()))
    }
    assert len(found) > 40
    named = labels.own_labels()
    assert sorted(action for action in found if f"action.{action}" not in named) == []


def test_no_name_stands_twice() -> None:
    lines = [line for line in LABELS.read_text().splitlines() if line and line[0] != "#"]
    keys = Counter(line.split(":", 1)[0] for line in lines)
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_purpose_is_told_in_words() -> None:
    assert labels.detail_value("purpose", "aid") == "助学申请用孩子和家里的信息"
    assert labels.detail_value("purpose", "核对身份证") == "核对身份证"
