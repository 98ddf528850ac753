"""How sure a classifier must be of danger: rules and classifier raise the alarm together.

The rules know words; the classifier knows what a sentence is about (大冷天光脚站院里). A missed
danger may cost a child and a false alarm costs a call, so a mere second guess is enough in a
sentence of its own. It guesses badly at answers to a question (被同学笑话), where it must be all
but certain. It cannot read scraps (她奶奶, 她今年14岁): there only the rules count, and no name
that was asked for is a cry for help.
"""

from collections.abc import Iterable

from nlu.types import Context, Entity, Intent

PERHAPS = 0.35  # beats any other wish
CERTAIN = 0.97
CERTAIN_OF_A_CRY = 0.95
STILL = 0.6  # without the words known to be harmless, what is left has to speak for itself
OF_THE_PAST = 0.1  # what is told as long gone (小时候挨过打) needs at least a trace of danger
_NOT_ASKED = 2.0
_A_SENTENCE = 8  # characters
_A_CRY = 6  # so few say it all: 有人抱走我孙子
_NAMES = frozenset({"child_name", "person_name"})

Ranking = tuple[tuple[Intent, float], ...]


def danger_in(ranking: Ranking) -> float:
    """How sure the classifier is of danger."""
    sure = (score for intent, score in ranking if intent == Intent.REPORT_EMERGENCY)
    return next(sure, 0.0)


def enough(text: str, context: Context, entities: Iterable[Entity]) -> float:
    """How sure the classifier has to be of danger in this text; above 1 when it is not asked."""
    expected = context.expecting or ""
    is_name = expected.endswith("_name") and any(e.entity in _NAMES for e in entities)
    if is_name:
        return _NOT_ASKED
    if is_scrap(text):
        letters = sum(map(str.isalpha, text))
        return _NOT_ASKED if expected or letters < _A_CRY else CERTAIN_OF_A_CRY
    return CERTAIN if expected else PERHAPS


def is_scrap(text: str) -> bool:
    """Too short to be a sentence."""
    return sum(map(str.isalpha, text)) < _A_SENTENCE


def danger_first(ranking: Ranking) -> Ranking:
    """The ranking with danger before the guess that seemed likelier."""
    return tuple(sorted(ranking, key=lambda pair: pair[0] != Intent.REPORT_EMERGENCY))


def calm(ranking: Ranking) -> Ranking:
    """The ranking without danger; as it is when there is nothing else in it."""
    return tuple(pair for pair in ranking if pair[0] != Intent.REPORT_EMERGENCY) or ranking


def is_alarm(ranking: Ranking, needed: float) -> bool:
    """Whether the classifier puts danger first and is as sure of it as is needed."""
    return bool(ranking) and ranking[0][0] is Intent.REPORT_EMERGENCY and ranking[0][1] >= needed
