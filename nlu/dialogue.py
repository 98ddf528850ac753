"""Whole messages of a word or two whose meaning is settled: 是, 不办了, 转人工, 退订."""

import re
from functools import cache

from nlu.content import DATA, built
from nlu.fold import bare, fold
from nlu.types import Intent

PATH = DATA / "dialogue.yaml"
_LONGEST = 14  # characters; anything longer goes to the classifier
_AGREES = re.compile("同意|愿意|答应")
_REFUSES = re.compile("(?:不|没|没有|未)(?:太|大|想)?(?:同意|愿意|答应)")
_ASKS = re.compile("[?]|吗|什么|怎么|干啥|为啥")
_CLAUSES = re.compile("[,，。!！;；、 ]+")
_PARTICLES = re.compile(r"[啊呀呢吧哈哦噢啦嘛哟喽咯呗嗷哇]+$")


def settled(text: str) -> Intent | None:
    """The intent of a short message found in the table, whole or clause by clause, or None."""
    whole = fold(text)
    if not whole or len(whole) > _LONGEST:
        return None
    clauses = [clause for clause in _CLAUSES.split(text) if bare(clause)]
    meanings = {_meaning(clause) for clause in clauses} if len(clauses) > 1 else set()
    return _meaning(text) or (meanings.pop() if len(meanings) == 1 else None)


def _meaning(text: str) -> Intent | None:
    table, whole, core = _utterances(), fold(text), bare(text)
    for form in (whole, core, _PARTICLES.sub("", core), _PARTICLES.sub("", core) + "了"):
        if form in table:
            return table[form]
    return None


def agreed(text: str) -> Intent | None:
    """Whether a short answer to a question of consent agrees ("家长同意了"); None if unclear."""
    whole = fold(text)
    if len(whole) > _LONGEST or _ASKS.search(whole):
        return None
    if _REFUSES.search(whole):
        return Intent.DENY
    return Intent.AFFIRM if _AGREES.search(whole) else None


@cache
def _utterances() -> dict[str, Intent]:
    return built(PATH, utterances_of)


def utterances_of(data: dict[str, list[object]]) -> dict[str, Intent]:
    """The meaning of each utterance."""
    return {str(words).lower(): Intent(name) for name, list_ in data.items() for words in list_}
