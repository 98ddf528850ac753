"""What colleagues and counties edit: policy, texts, word lists.

A file is told to be wrong, in words, or everything that uses it works: nothing in between.
"""

import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.retention import complete
from flows import words as texts
from flows.policy import campaigns, incidents, lint, loader, minors, recognition, replies, retention
from flows.policy import reminders as rules
from flows.policy.types import AnswersFile, Model, Policy
from nlu import word_lists
from nlu.classify import training
from nlu.content import DATA, built
from nlu.types import BadContent
from storage.schema import metadata
from tests.fuzz import using, yamls
from tests.fuzz.scratch import folder, placed
from tests.fuzz.targets.base import Target

ROOT = Path(__file__).parents[3]
FIELDS = {
    "aid.yaml": "aid",
    "answers.yaml": "wording",
    "concepts.yaml": "concepts",
    "offices.yaml": "offices",
    "sla.yaml": "sla",
    "workdays.yaml": "workdays",
    "training.yaml": "training",
    "calendar.yaml": "calendar",
}


@lru_cache(maxsize=1)
def _copy() -> Path:
    """The folder of policy data, in which one file after the other is replaced."""
    made = folder() / "policy"
    shutil.copytree(loader.HERE, made, ignore=shutil.ignore_patterns("*.py", "model", "__*"))
    return made


def _policy(content: bytes) -> None:
    name = yamls.name_of(content)
    if not (loader.HERE / name).is_file() or "/" in name or not name.endswith(".yaml"):
        return
    path = placed(f"policy/{name}", content) if _copy() else None
    try:
        _look_at(name)
    except BadContent as bad:
        assert bad.sentences and all(one.strip() for one in bad.sentences)
    finally:
        assert path is not None
        shutil.copy(loader.HERE / name, path)
        loader.sources.cache_clear()


def _look_at(name: str) -> None:
    here = _copy()
    loader.sources.cache_clear()
    if name in _OTHERS:
        _OTHERS[name](here)
        return
    whole = loader.load()
    asked = name.replace("asked_", "answers_")
    model = lint._names(here).get(asked)
    if model is None:  # sources.yaml, which the others name
        loader.sources(here)
        return
    if list(lint._schema(here, asked)):
        return
    changed: Model = loader.load_file(here, asked, model)
    policy = whole.model_copy(update=_update(asked, changed, whole))
    if not list(lint.within(policy)):
        using.policy(policy)


def _update(name: str, changed: Model, whole: Policy) -> dict[str, Any]:
    if isinstance(changed, AnswersFile):
        own = {entry.id for entry in changed.entries}
        return {"entries": (*changed.entries, *(e for e in whole.entries if e.id not in own))}
    return {FIELDS[name]: changed} if name in FIELDS else {}


def _reminders(here: Path) -> None:
    using.reminders(rules.reminder_rules.__wrapped__(here))


def _recognition(here: Path) -> None:
    found = recognition.recognition.__wrapped__(here)
    for region in using.PLACES:
        assert found.days_in(region) > 0


def _replies(here: Path) -> None:
    if not _wrong(replies.load_replies, replies.check, here):
        for one in replies.load_replies(here):
            replies.blanks(replies.fill(one.text, {"reference": "A26"}))


def _campaigns(here: Path) -> None:
    if not _wrong(campaigns.load_campaigns, campaigns.check, here):
        list(campaigns.overdue(using.DAY, here))
        for one in campaigns.load_campaigns(here):
            campaigns.filled(one, dict.fromkeys(one.to_fill, "x"))


def _wrong(load: Any, check: Callable[[Path], Any], here: Path) -> bool:
    load.cache_clear()
    found = list(check(here))
    assert all(str(one).strip() for one in found)
    return bool(found)


def _retention(here: Path) -> None:
    list(complete.gaps(metadata, retention.load_retention.__wrapped__(here)))


def _incidents(here: Path) -> None:
    found = incidents.load_incidents.__wrapped__(here)
    for duty in found.to_do(next(iter(found.kinds), ""), list(found.data)[:2], 10, using.DAY):
        duty.due_at(using.NOW)
        assert duty.cited and duty.time_words


def _minors(here: Path) -> None:
    minors.load_minors_audit.__wrapped__(here)


_OTHERS: dict[str, Callable[[Path], None]] = {
    "reminders.yaml": _reminders,
    "recognition.yaml": _recognition,
    "replies.yaml": _replies,
    "campaigns.yaml": _campaigns,
    "retention.yaml": _retention,
    "incidents.yaml": _incidents,
    "minors_audit.yaml": _minors,
}


def _texts(content: bytes) -> None:
    path = placed("texts.yaml", content)
    try:
        found = texts.in_file(path)
    except BadContent as bad:
        assert bad.sentences and all(one.strip() for one in bad.sentences)
        return
    for text in found.values():
        text.format_map(texts._Filled({}, "zh"))
        text.format(**dict.fromkeys(texts.placeholders(text), "x"))


def _words(content: bytes) -> None:
    path = placed("words.yaml", content)
    try:
        built(path, word_lists.build_of(yamls.name_of(content)))
    except BadContent as bad:
        assert bad.sentences and all(one.strip() for one in bad.sentences)


def _sentences(content: bytes) -> None:
    """The training sentences: whatever the file holds, it is said what is wrong with it."""
    (folder() / "intents").mkdir(exist_ok=True)
    placed("intents/affirm.yml", content)
    assert all(found.strip() for found in training.check(folder() / "intents"))
    training.read(folder() / "intents")


def _intents() -> list[bytes]:
    found = yamls.seeds(DATA / "intents" / f"{name}.yml" for name in ("affirm", "thank"))
    marked = (
        '- intent: affirm\n  examples: |\n    - [小军](child_name)\n    - [低保]{"entity": "x"}\n'
    )
    return [*found, f'version: "3.1"\nnlu:\n{marked}'.encode()]


TARGETS = (
    Target(
        "policy",
        _policy,
        lambda: yamls.seeds(sorted(loader.HERE.glob("*.yaml"))),
        0.004,
        longest=1 << 16,
        damage=yamls.damaged,
    ),
    Target(
        "texts",
        _texts,
        lambda: yamls.seeds(sorted(texts.HERE.glob("*.yaml"))),
        0.004,
        longest=1 << 16,
        damage=yamls.damaged,
    ),
    Target(
        "words",
        _words,
        lambda: yamls.seeds(word_lists.paths()),
        0.004,
        longest=1 << 16,
        damage=yamls.damaged,
    ),
    Target("sentences", _sentences, _intents, 0.004, longest=1 << 14, damage=yamls.damaged),
)
