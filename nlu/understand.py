"""Text to Understanding: danger first, then settled short answers, then a classifier and entities.

The rules and the entities are the same whichever classifier serves.
"""

import logging
from collections.abc import Callable
from typing import Literal, TypeVar

from nlu.classify.local import LocalClassifier
from nlu.classify.rasa import MODEL, RasaClassifier
from nlu.cues import find_change_slots, find_choice, find_cues
from nlu.dialogue import agreed, settled
from nlu.entities import extract
from nlu.fold import bare, unslash
from nlu.relevance import relevant
from nlu.safety import Danger, find_danger, without_harmless
from nlu.types import Classified, Classifier, Context, Engine, Entity, Intent, Understanding

SURE = 0.99  # confidence of what a rule settled
PERHAPS_DANGER = 0.35  # a classifier's confidence in danger that beats any other wish
SURE_OF_DANGER = 0.98  # a classifier's confidence that raises the alarm without any rule
_NO_WORDS = Classified(((Intent.OUT_OF_SCOPE, 0.5),))  # a bare number may still answer a question
_NOTHING_SAID = Classified(((Intent.OUT_OF_SCOPE, 1.0),))
_UNKNOWN = Classified(((Intent.OUT_OF_SCOPE, 0.0),))

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")


class LocalEngine(Engine):
    """Rules and entities around a classifier, the in-process one unless told otherwise."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier: Classifier = classifier or LocalClassifier.load()

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one text; a step that fails is left out and logged, never raised."""
        plain = unslash(text)
        danger = _guarded(find_danger, plain, None)
        ranking = self._ranking(plain, danger, context)
        return Understanding(
            text=text,
            intent=ranking[0][0],
            confidence=ranking[0][1],
            ranking=ranking,
            entities=relevant(_entities(text, context), ranking, context),
            cues=_guarded(find_cues, plain, frozenset()),
            choice=_guarded(find_choice, plain, None),
            change_slots=_guarded(find_change_slots, plain, ()),
            emergency=danger is not None or _is_sure_of_danger(ranking),
            keyword=f"{danger.kind}:{danger.phrase}" if danger else "",
        )

    def _ranking(
        self, text: str, danger: Danger | None, context: Context
    ) -> tuple[tuple[Intent, float], ...]:
        if danger is not None:
            return ((Intent.REPORT_EMERGENCY, SURE),)
        intent = _guarded(settled, text, None)
        if intent is None and context.expecting == "consent":
            intent = _guarded(agreed, text, None)
        if intent is not None:
            return ((intent, SURE),)
        if not any(character.isalpha() for character in text):
            return (_NO_WORDS if bare(text) else _NOTHING_SAID).ranking
        ranking = self._classified(text)
        if not _may_be_danger(ranking):
            return ranking
        return self._calmed(text, _danger_first(ranking))

    def _classified(self, text: str) -> tuple[tuple[Intent, float], ...]:
        return _guarded(self._classifier.classify, text, _UNKNOWN).ranking or _UNKNOWN.ranking

    def _calmed(
        self, text: str, ranking: tuple[tuple[Intent, float], ...]
    ) -> tuple[tuple[Intent, float], ...]:
        """The ranking, without danger when it lay only in words known to be harmless."""
        left = _guarded(without_harmless, text, None)
        if left is None:
            return ranking
        again = self._classified(left) if any(map(str.isalpha, left)) else ()
        if _smells_danger(again):
            return ranking
        others = tuple(pair for pair in ranking if pair[0] != Intent.REPORT_EMERGENCY)
        return others or ranking


def _danger_first(ranking: tuple[tuple[Intent, float], ...]) -> tuple[tuple[Intent, float], ...]:
    """A missed danger costs more than a false alarm: a likely second goes before the first."""
    return tuple(sorted(ranking, key=lambda pair: pair[0] != Intent.REPORT_EMERGENCY))


def _may_be_danger(ranking: tuple[tuple[Intent, float], ...]) -> bool:
    return dict(ranking).get(Intent.REPORT_EMERGENCY, 0.0) >= PERHAPS_DANGER


def _is_sure_of_danger(ranking: tuple[tuple[Intent, float], ...]) -> bool:
    return _smells_danger(ranking) and ranking[0][1] >= SURE_OF_DANGER


def _smells_danger(ranking: tuple[tuple[Intent, float], ...]) -> bool:
    return bool(ranking) and ranking[0][0] == Intent.REPORT_EMERGENCY


def make_engine(
    kind: Literal["local", "rasa"] = "local",
    rasa_url: str = "",
    timeout: float = 1.5,
    rasa_token: str = "",
    rasa_model: str = MODEL,
) -> Engine:
    """The engine of that kind; a Rasa server has `timeout` seconds before we do it ourselves.

    Understanding may block that long: call it in a thread. `rasa` without URL is a ValueError.
    """
    if kind == "local":
        return LocalEngine()
    if not rasa_url:
        raise ValueError("the rasa engine needs the URL of a Rasa server")
    server = RasaClassifier(rasa_url, timeout=timeout, token=rasa_token, model=rasa_model)
    return LocalEngine(server)


def _entities(text: str, context: Context) -> tuple[Entity, ...]:
    return _guarded(lambda said: extract(said, context), text, ())


def _guarded(step: Callable[[str], _Read], text: str, otherwise: _Read) -> _Read:
    """The step's reading, or the default when it fails; the log must not hold what was said."""
    try:
        return step(text)
    except Exception as error:
        _log.error("understanding step failed: %s", type(error).__name__)
        return otherwise
