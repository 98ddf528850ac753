"""Words of illness in a talk, covered for whoever may not know of anybody's health.

The lists are those by which the bot itself understands reasons and hardship, a few words that only
a reader understands, and the bot's own names for them. The whole clause goes: 在包头 alone does not
tell of an illness, 在包头住院 does. An illness that no list knows stays readable.
"""

import re

from bot.rights.covering import HEALTH_HARDSHIPS, HEALTH_REASON
from flows.aid.eligibility import HARDSHIP_NAMES
from flows.words import find
from nlu import lexicon

_COVER = "（保密）"
_CLAUSE = re.compile(r"[^，。；！？：、,;!?\s]+")
_MORE = re.compile(
    r"病|残疾|残障|住院|手术|化疗|透析|吃药|打针|大夫|诊断|确诊|癌|肿瘤|抑郁|自闭|癫痫|瘫|轮椅|聋|哑|康复|护理"
)
_LISTS = (("reasons", frozenset({HEALTH_REASON})), ("hardship", HEALTH_HARDSHIPS))


def health_words_covered(text: str) -> str:
    """The text without the clauses that tell of illness or disability."""
    for own in _own_words():
        text = text.replace(own, _COVER)
    spans = [
        (hit.start, hit.end)
        for name, values in _LISTS
        for hit in lexicon.find(name, text)
        if hit.value in values
    ]
    spans += [match.span() for match in _MORE.finditer(text)]

    def covered(clause: re.Match[str]) -> str:
        tells = any(start < clause.end() and clause.start() < end for start, end in spans)
        return _COVER if tells and _COVER not in clause[0] else clause[0]

    return _CLAUSE.sub(covered, text)


def _own_words() -> list[str]:
    """How the bot itself says such a reason or hardship, at the summary and on buttons."""
    named = [HARDSHIP_NAMES[code] for code in sorted(HEALTH_HARDSHIPS)]
    said = [find(f"aid.hardship.options.{code}") for code in sorted(HEALTH_HARDSHIPS)]
    return [*named, *said, find(f"dropout.reason.options.{HEALTH_REASON}")]
