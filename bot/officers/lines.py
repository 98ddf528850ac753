"""Short lines of an officer in the chat: "回复 D26-4830-215 您好" as a verb, a number, the rest.

Pure reading. Whatever is not plainly such a line is None and goes on to the dialogue, because
officers are parents too.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.cases.references import normalize


class Verb(StrEnum):
    """What an officer may ask for; the values stand in the payloads of buttons."""

    TAKE = "take"
    REPLY = "reply"
    BACK = "back"
    ASSIGN = "assign"
    REFUSE = "refuse"
    VISIT = "visit"
    NOTE = "note"
    CLOSE = "close"
    APPROVE = "approve"
    DECLINE = "decline"
    MINE = "mine"
    LOOK = "look"
    HELP = "help"


WORDS = {
    "接单": Verb.TAKE,
    "回复": Verb.REPLY,
    "交还": Verb.BACK,
    "转派": Verb.ASSIGN,
    "不接": Verb.REFUSE,
    "家访记录": Verb.VISIT,
    "劝返记录": Verb.VISIT,
    "备注": Verb.NOTE,
    "申请销号": Verb.CLOSE,
    "申请办结": Verb.CLOSE,
    "同意销号": Verb.APPROVE,
    "同意办结": Verb.APPROVE,
    "不同意销号": Verb.DECLINE,
    "不同意办结": Verb.DECLINE,
    "我的": Verb.MINE,
    "我的工作": Verb.MINE,
    "看": Verb.LOOK,
    "查看": Verb.LOOK,
    "帮助": Verb.HELP,
    "办公帮助": Verb.HELP,
}
ALONE = frozenset({Verb.MINE, Verb.HELP})
"""Verbs that stand for themselves, without a number."""

BARE = frozenset({Verb.TAKE, Verb.BACK, Verb.APPROVE, Verb.LOOK})
"""Verbs of one record that need no words after the number."""

_EVERYDAY = frozenset({"我的", "看", "查看", "帮助", "备注", "回复"})
"""Words that alone may just as well answer a question of the dialogue."""

_VERB = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
_BETWEEN = r"[\s:：,，、]*"
_NUMBER = re.compile(
    r"[ADTEadteＡＤＴＥａｄｔｅ]\s?\d{2}[\s\-_—–－·.]*\d{4}[\s\-_—–－·.]*\d{3}(?!\d)"
)
_LIKE_NUMBER = re.compile(r"[ADTEadteＡＤＴＥａｄｔｅ]\s?\d[\d\-_—–－·.]*")
_DOT = "。.!！"


@dataclass(frozen=True)
class Line:
    """One line: `is_broken` says that a number was written which cannot be one."""

    verb: Verb
    reference: str | None = None
    rest: str = ""
    is_broken: bool = False


def written(line: Line, reference: str) -> str:
    """The line as it is written with its number."""
    word = next(word for word, verb in WORDS.items() if verb is line.verb)
    return f"{word} {reference} {line.rest}".strip()


def read_line(text: str, in_dialogue: bool = False) -> Line | None:
    """The line that the words are, or None when they are none.

    `in_dialogue` says that the bot has asked something: then everyday words alone answer it.
    """
    said = text.strip()
    word = _VERB.match(said)
    if word is None:
        return None
    verb, after = WORDS[word.group()], said[word.end() :]
    if not after.strip(_DOT):
        return None if in_dialogue and word.group() in _EVERYDAY else Line(verb)
    if verb in ALONE:
        return None
    rest = re.sub(f"^{_BETWEEN}", "", after)
    if number := _NUMBER.match(rest) or _LIKE_NUMBER.match(rest):
        reference = normalize(number.group())
        words = re.sub(f"^{_BETWEEN}", "", rest[number.end() :]).strip()
        return Line(verb, reference, words, is_broken=reference is None)
    if rest == after or verb is Verb.LOOK:  # "回复慢", "看 病能报销吗"
        return None
    return Line(verb, rest=rest.strip(), is_broken=verb in BARE)
