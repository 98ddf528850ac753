"""From what a flow says to words: texts are data, looked up by key and filled with values."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from flows.content import read, understood
from flows.local_time import SHANGHAI
from flows.say import Choice, Say
from nlu.types import BadContent

HERE = Path(__file__).parent / "texts"
Texts = Mapping[str, str]
_NAME = re.compile(r"[A-Za-z_]\w*")


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested YAML as dotted keys; a key may itself hold dots, so `school.retry` stands by it."""
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{path}.")
        else:
            yield path, str(value)


@lru_cache(maxsize=4)
def texts(language: str = "zh", folder: Path = HERE) -> Texts:
    """All texts of a language over the Chinese ones, which every missing one falls back to."""
    chinese = _read(folder / "zh.yaml")
    other = _read(folder / f"{language}.yaml") if language != "zh" else {}
    return {**chinese, **other}


def _read(path: Path) -> dict[str, str]:
    return in_file(path) if path.exists() else {}


def in_file(path: Path) -> dict[str, str]:
    """The texts of one file, each fit to be filled in. Raises BadContent."""
    with understood(path):
        found = dict(flatten(read(path) or {}))
    wrong = [key for key, text in found.items() if not is_fillable(text)]
    if wrong:
        name = f"{path.parent.name}/{path.name}"
        raise BadContent(*(f"{name}：{key} 里的花括号写得不对" for key in wrong))
    return found


def is_fillable(text: str) -> bool:
    """Whether the braces of a text come in pairs around plain names."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return False
    named = [(name, how) for _, name, *how in parts if name is not None]
    return all(_NAME.fullmatch(name) and not any(how) for name, how in named)


def candidates(key: str) -> list[str]:
    """Where a text may stand: under its own key, else under the slot shared by all flows."""
    _, _, rest = key.partition(".")
    slot, _, tail = rest.partition(".")
    return [key, f"slot.{rest}", *([f"slot.{slot}.retry"] if tail else []), "slot.retry"]


def find(key: str, language: str = "zh") -> str:
    """The text of a key; a slot's value needs no text of its own."""
    known = texts(language)
    if key.endswith(".value") and not {key, candidates(key)[1]} & known.keys():
        return "{value}"
    return next((known[k] for k in candidates(key) if k in known), key)


def render(say: Say, language: str = "zh") -> str:
    """The words of a message, its lead lines first."""
    body = find(say.key, language).format_map(_Filled(say.values, language))
    lines = [render(lead, language) for lead in say.lead]
    return "\n".join(line for line in (*lines, body.strip()) if line)


def render_choice(choice: Choice, language: str = "zh") -> str:
    """What stands on a button."""
    if choice.literal:
        return choice.title
    return render(Say(choice.title, choice.values), language)


class _Filled(dict[str, str]):
    """Values as words; a missing one is an empty string, so that a text never fails to render."""

    def __init__(self, values: Mapping[str, Any], language: str) -> None:
        super().__init__({key: in_words(value, language) for key, value in values.items()})

    def __missing__(self, key: str) -> str:
        return ""


def in_words(value: Any, language: str = "zh") -> str:
    """One value as a person would say it."""
    if isinstance(value, Say):
        return render(value, language)
    if isinstance(value, tuple):
        return "、".join(in_words(part, language) for part in value)
    if isinstance(value, list):
        return "\n".join(in_words(part, language) for part in value)
    if isinstance(value, datetime):
        return _moment(value.astimezone(SHANGHAI))
    if isinstance(value, date):
        return f"{value.month}月{value.day}日"
    return str(value)


def _moment(at: datetime) -> str:
    return f"{at.month}月{at.day}日{at.hour}点" + (f"{at.minute:02d}分" if at.minute else "")


def placeholders(text: str) -> set[str]:
    """The names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
