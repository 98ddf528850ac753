"""Text to Understanding: danger first, then settled short answers, then a classifier and entities.

The rules and the entities are the same whichever classifier serves.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Literal, TypeVar

from nlu.alarm import (
    OF_THE_PAST,
    STILL,
    Ranking,
    calm,
    danger_first,
    danger_in,
    enough,
    is_alarm,
    is_scrap,
)
from nlu.classify.local import LocalClassifier
from nlu.cues import find_change_slots, find_choice, find_cues
from nlu.dialogue import agreed, settled
from nlu.entities import extract
from nlu.fold import bare, unslash
from nlu.relevance import relevant
from nlu.safety import Danger, find_danger, without_harmless
from nlu.types import Classified, Classifier, Context, Engine, Entity, Intent, Understanding

SURE = 0.99  # confidence of what a rule settled
_NO_WORDS = Classified(((Intent.OUT_OF_SCOPE, 0.5),))  # a bare number may still answer a question
_NOTHING_SAID = Classified(((Intent.OUT_OF_SCOPE, 1.0),))
_UNKNOWN = Classified(((Intent.OUT_OF_SCOPE, 0.0),))

_FIRST_READ = (
    "我想给孩子申请助学金，他叫其其格，家在科右中旗好腰苏木镇，初二，十三岁，爸爸残疾，电话13900000000",
    "李明昨天起不来上学了，去呼和浩特打工，家里六口人，收入三万来块",
    "明天下午三点提醒我",
)
"""Sentences that bring in every table and pattern of the rules."""

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")


class LocalEngine(Engine):
    """Rules and entities around a classifier, the in-process one unless told otherwise."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier: Classifier = classifier or LocalClassifier.load()

    @property
    def stood_in(self) -> int:
        """How often the in-process classifier answered for a server that did not."""
        return int(getattr(self._classifier, "stood_in", 0))

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one text; a step that fails is left out and logged, never raised."""
        plain = unslash(text)
        classified = cache(partial(self._classified, plain))  # the slow step, at most once
        danger = _danger(plain, classified)
        found = _entities(text, context)
        needed = enough(plain, context, found)
        ranking = _settled(plain, danger, context)
        ranking = ranking or self._ranking(plain, classified(), needed)
        return Understanding(
            text=text,
            intent=ranking[0][0],
            confidence=ranking[0][1],
            ranking=ranking,
            entities=relevant(found, ranking, context),
            cues=_guarded(find_cues, plain, frozenset()),
            choice=_guarded(find_choice, plain, None),
            change_slots=_guarded(find_change_slots, plain, ()),
            emergency=danger is not None or is_alarm(ranking, needed),
            keyword=f"{danger.kind}:{danger.phrase}" if danger else "",
        )

    def _ranking(self, text: str, ranking: Ranking, needed: float) -> Ranking:
        """What the classifier says, danger first where it is sure enough of it."""
        if danger_in(ranking) < needed:
            return ranking
        return self._calmed(text, danger_first(ranking))

    def _classified(self, text: str) -> Ranking:
        return _guarded(self._classifier.classify, text, _UNKNOWN).ranking or _UNKNOWN.ranking

    def _calmed(self, text: str, ranking: Ranking) -> Ranking:
        """The ranking, without danger when it lay only in words known to be harmless."""
        left = _guarded(without_harmless, text, None)
        if left is None:
            return ranking
        again = () if is_scrap(left) else self._classified(left)
        return ranking if is_alarm(again, STILL) else calm(ranking)


def make_engine(
    kind: Literal["local", "rasa"] = "local",
    rasa_url: str = "",
    timeout: float = 1.5,
    rasa_token: str = "",
    rasa_model: str = "",
) -> Engine:
    """The engine of that kind; a Rasa server has `timeout` seconds before we do it ourselves.

    Understanding may block that long: call it in a thread. `rasa` without URL is a ValueError.
    The tables and patterns of the rules are read here, not while the first person waits.
    """
    if kind == "local":
        return _warmed(LocalEngine())
    if not rasa_url:
        raise ValueError("the rasa engine needs the URL of a Rasa server")
    from nlu.classify.rasa import MODEL, RasaClassifier  # an HTTP client that few need

    _warmed(LocalEngine(_NoClassifier()))
    model = rasa_model or MODEL
    server = RasaClassifier(rasa_url, timeout=timeout, token=rasa_token, model=model)
    return LocalEngine(server)


class _NoClassifier:
    """For the rules alone."""

    def classify(self, text: str) -> Classified:
        """Nothing."""
        return _UNKNOWN


def _warmed(engine: Engine) -> Engine:
    for text in _FIRST_READ:
        engine.understand(text, Context(now=datetime.now(UTC)))
    return engine


def _danger(text: str, classified: Callable[[], Ranking]) -> Danger | None:
    """What the rules hear; a danger long past only when the classifier hears some too."""
    danger = _guarded(find_danger, text, None)
    if danger is None or not danger.is_past:
        return danger
    return danger if danger_in(classified()) >= OF_THE_PAST else None


def _settled(text: str, danger: Danger | None, context: Context) -> Ranking:
    """What needs no classifier: danger, a word or two whose meaning is known, no words at all."""
    if danger is not None:
        return ((Intent.REPORT_EMERGENCY, SURE),)
    intent = _guarded(settled, text, None)
    if intent is None and context.expecting == "consent":
        intent = _guarded(agreed, text, None)
    if intent is not None:
        return ((intent, SURE),)
    if any(character.isalpha() for character in text):
        return ()
    return (_NO_WORDS if bare(text) else _NOTHING_SAID).ranking


def _entities(text: str, context: Context) -> tuple[Entity, ...]:
    return _guarded(lambda said: extract(said, context), text, ())


def _guarded(step: Callable[[str], _Read], text: str, otherwise: _Read) -> _Read:
    """The step's reading, or the default when it fails; the log must not hold what was said."""
    try:
        return step(text)
    except Exception as error:
        _log.error("understanding step failed: %s", type(error).__name__)
        return otherwise
