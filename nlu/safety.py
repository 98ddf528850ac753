"""Recognises danger to a child by rule, before any classifier and whatever the dialogue is about.

Tuned for recall: everything it looks for is in nlu/data/safety.yaml.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from nlu.content import DATA, built, pattern
from nlu.fold import fold

PATH = DATA / "safety.yaml"
_NEAR = 30  # characters that may lie between the two halves of a `near` pair
_WINDOW = 3800  # characters looked at together; longer texts are read piece by piece
_OVERLAP = 100
_NAME = re.compile(r"<([a-z_]+)>")


class DangerKind(StrEnum):
    """What kind of danger a phrase speaks of, most urgent first."""

    SELF_HARM = "self_harm"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    MISSING = "missing"
    FORCED_MARRIAGE = "forced_marriage"
    LABOUR = "labour"
    CONFINEMENT = "confinement"
    NEGLECT = "neglect"
    DANGER = "danger"


@dataclass(frozen=True)
class Danger:
    """One sign of danger and the words (folded) that gave it away."""

    kind: DangerKind
    phrase: str
    is_past: bool = False  # told as something long gone


@dataclass(frozen=True)
class _Pair:
    first: re.Pattern[str]
    second: re.Pattern[str]


@dataclass(frozen=True)
class _Rules:
    misspelt: tuple[tuple[str, str], ...]
    harmless: re.Pattern[str]
    general: re.Pattern[str]
    personal: re.Pattern[str]
    past: re.Pattern[str]
    still: re.Pattern[str]
    phrases: dict[DangerKind, re.Pattern[str]]
    near: dict[DangerKind, tuple[_Pair, ...]]


_ENDS = " \n,，。.!！~～…"
"""What may stand around a cry without changing it; a question mark does."""


def find_danger(text: str) -> Danger | None:
    """The most urgent sign of danger in the text, or None."""
    if len(text) <= _WINDOW:
        return _in_piece(text)
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        if danger := _in_piece(text[start : start + _WINDOW]):
            return danger
    return None


def without_harmless(text: str) -> str | None:
    """The text without all that is known to be harmless; None when nothing in it is.

    A classifier that smells danger is asked again about what is left.
    """
    rules, plain = _rules(), _spelt(text[:_WINDOW])
    left = rules.harmless.sub("", plain)
    if rules.general.search(plain) and not rules.personal.search(plain):
        return ""
    return None if left == plain else left


def _spelt(text: str) -> str:
    plain = fold(text)
    for wrong, right in _rules().misspelt:
        plain = plain.replace(wrong, right)
    return plain


def _in_piece(text: str) -> Danger | None:
    rules = _rules()
    plain = rules.harmless.sub(lambda match: "□" * len(match[0]), _spelt(text))
    danger = _first(rules, plain)
    if danger and rules.general.search(plain) and not rules.personal.search(plain):
        return None
    return replace(danger, is_past=True) if danger and _is_past(rules, plain, danger) else danger


def _is_past(rules: _Rules, plain: str, danger: Danger) -> bool:
    """小时候挨过打 and nothing that says it goes on; who wants to die wants it now."""
    told = danger.kind is not DangerKind.SELF_HARM and rules.past.search(plain)
    return bool(told) and not rules.still.search(plain)


def _first(rules: _Rules, plain: str) -> Danger | None:
    alone = plain.strip(_ENDS)  # 出事了！！ is as bare a cry as 出事了
    forms = (plain,) if alone == plain else (plain, alone)
    for kind in DangerKind:
        phrases = rules.phrases.get(kind)
        searched = (phrases.search(form) for form in forms) if phrases else ()
        match = next(filter(None, searched), None)
        if match is None:
            match = _close(rules.near.get(kind, ()), plain)
        if match is not None:
            return Danger(kind, match[0].strip(" ,。!?□"))
    return None


def _close(pairs: tuple[_Pair, ...], plain: str) -> re.Match[str] | None:
    for pair in pairs:
        anchors = [match.span() for match in pair.first.finditer(plain)]
        for match in pair.second.finditer(plain) if anchors else ():
            if any(
                max(match.start() - end, start - match.end()) <= _NEAR for start, end in anchors
            ):
                return match
    return None


@cache
def _rules() -> _Rules:
    return built(PATH, rules_of)


def rules_of(data: dict[str, Any]) -> _Rules:
    """The rules as they are looked for."""
    words: dict[str, str] = data["words"]
    kinds = {DangerKind(kind): body for kind, body in data["kinds"].items()}
    misspelt: dict[str, list[str]] = data["misspelt"]
    return _Rules(
        misspelt=tuple((wrong, right) for right, wrongs in misspelt.items() for wrong in wrongs),
        harmless=_either(data["harmless"], words),
        general=_either(data["general"], words),
        personal=_either(data["personal"], words),
        past=_either(data["past"], words),
        still=_either(data["still"], words),
        phrases={kind: _either(body["phrases"], words) for kind, body in kinds.items()},
        near={
            kind: tuple(
                _Pair(_side(pair["who"], words), _side(pair["what"], words))
                for pair in body["near"]
            )
            for kind, body in kinds.items()
            if "near" in body
        },
    )


def _side(source: str, words: dict[str, str]) -> re.Pattern[str]:
    """A side of a pair: names of words joined by `|`, or a pattern of its own."""
    names = source.split("|")
    if all(name in words for name in names):
        source = "|".join(f"<{name}>" for name in names)
    return _either([source], words)


def _either(sources: list[str], words: dict[str, str]) -> re.Pattern[str]:
    return pattern("|".join(f"(?:{_expand(source, words)})" for source in sources))


def _expand(source: str, words: dict[str, str]) -> str:
    for _ in words:
        source = _NAME.sub(lambda match: f"(?:{words[match[1]]})", source)
        if _NAME.search(source) is None:
            return source
    raise ValueError("words 里有一个词绕回到了自己")
