"""Which message of a talk was not understood, or was misunderstood and put right by the person.

Pure: the states before and after a turn, what was heard, and the message before. Danger to a child
is never noticed here, nor an answer that is expected to name somebody.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.turns.topics import topic_of_turn
from flows.all import FLOWS
from flows.engine import Turn
from flows.heard import Heard
from flows.say import Say
from flows.state import Frame, State
from flows.talk import Press
from nlu.types import Intent
from storage.repositories.misheard import Heard as Misheard

NOT_UNDERSTOOD, CORRECTED = "not_understood", "corrected"
PERSONAL = frozenset(
    {"child_name", "applicant_name", "person_name", "guardian_name", "reporter_name"}
    | {"phone", "guardian_phone", "id_number", "school", "region", "whereabouts", "detail"}
)
"""Slots whose answers tell of persons and places rather than of what somebody wants."""

_AT_A_LOSS = frozenset(
    {"common.not_understood", "common.not_understood_examples", "common.not_understood_person"}
    | {"common.out_of_scope"}
)
_GIVEN_UP = re.compile(r"^common\.cancelled|\.not_started$")
_MISSES = 2
_MISTAKEN = re.compile(
    r"不是[这那]个?意思|[没不](?:是|要)?(?:问|说|想|要|办)[这那](?:个|件|事)"
    r"|你?(?:理解|听|弄|搞|想|会)(?:错|岔)(?:了|意)|答非所问|[我俺](?:没|不是)[说问]"
)


@dataclass(frozen=True)
class Before:
    """The message before this one, as it was heard then."""

    text: str
    external_id: str
    topic: str | None
    heard: dict[str, Any]


@dataclass(frozen=True)
class Turned:
    """One turn, seen from outside."""

    conversation_id: int
    before: State
    heard: Heard
    turn: Turn
    earlier: Before | None


def notice(turned: Turned) -> Misheard | None:
    """The sentence of this turn, or the one before, to learn from; the people are still in it."""
    if _is_dangerous(turned):
        return None
    return _put_right(turned) or _not_understood(turned)


def picked(turned: Turned) -> str | None:
    """The intent that this message picks from those offered, pressed, typed out or numbered."""
    press = Press.read(_payload(turned.before, turned.heard) or "")
    return press.value if press is not None and press.what == "start" else None


def _is_dangerous(turned: Turned) -> bool:
    states = (turned.before, turned.turn.state)
    intents = {turned.heard.understood.intent}
    if turned.earlier is not None:
        intents.add(turned.earlier.heard.get("intent") or Intent.OUT_OF_SCOPE)
    frames = [frame.flow for state in states for frame in state.stack]
    return (
        turned.heard.understood.emergency
        or Intent.REPORT_EMERGENCY in intents
        or any(state.emergency is not None for state in states)
        or "escalation" in frames
    )


def _not_understood(turned: Turned) -> Misheard | None:
    heard, frame = turned.heard, turned.before.frame
    if not heard.text.strip() or heard.press or heard.edit_of or _answers_personally(frame):
        return None
    if not (_says(turned.turn.replies, _AT_A_LOSS) or _missed_twice(frame, turned.turn.state)):
        return None
    if picked(turned) is not None:
        return None
    understood = heard.understood
    second = understood.ranking[1][0] if len(understood.ranking) > 1 else None
    return Misheard(
        heard.text, NOT_UNDERSTOOD, understood.intent, round(understood.confidence, 3), second
    )


def _answers_personally(frame: Frame | None) -> bool:
    return frame is not None and frame.asked is not None and frame.asked.slot in PERSONAL


def _says(replies: Collection[Say], keys: Collection[str]) -> bool:
    return any(say.key in keys for say in replies)


def _missed_twice(before: Frame | None, after: State) -> bool:
    frame = after.frame
    if before is None or frame is None or frame.topic != before.topic:
        return False
    return frame.misses >= _MISSES and frame.misses > before.misses


def _put_right(turned: Turned) -> Misheard | None:
    """The message before, when it began what the person now says was not meant."""
    earlier = turned.earlier
    if earlier is None or not earlier.text.strip() or not earlier.heard.get("intent"):
        return None
    guess = str(earlier.heard["intent"])
    chosen = _other_of_two(turned, earlier)
    began = _began(turned, earlier)
    if chosen is None and not (began and (_mistaken(turned) or _cancelled(turned, earlier))):
        return None
    confidence = float(earlier.heard.get("confidence") or 0.0)
    return Misheard(earlier.text, CORRECTED, guess, confidence, earlier.heard.get("next"), chosen)


def _began(turned: Turned, earlier: Before) -> bool:
    """Whether the message before began a form, or was answered outside any."""
    flow, _, _ = (earlier.topic or "").partition(":")
    own = topic_of_turn(turned.conversation_id, f"{flow}:{earlier.external_id}")
    return earlier.topic == own


def _mistaken(turned: Turned) -> bool:
    return turned.heard.press is None and bool(_MISTAKEN.search(turned.heard.text))


def _cancelled(turned: Turned, earlier: Before) -> bool:
    """Whether the form that the message before began was given up at once."""
    frame = turned.before.frame
    begun = frame is not None and earlier.topic == topic_of_turn(
        turned.conversation_id, frame.topic
    )
    if frame is None or not begun or FLOWS.by_name[frame.flow].undoes:
        return False
    return any(_GIVEN_UP.search(say.key) for say in turned.turn.replies)


def _other_of_two(turned: Turned, earlier: Before) -> str | None:
    """The intent picked of two that were offered, when it is not the likelier one."""
    pair = [str(earlier.heard["intent"]), earlier.heard.get("next")]
    offered = [offer.payload for offer in turned.before.offered[:2]]
    chosen = picked(turned)
    if offered != [f"!start={intent}" for intent in pair] or chosen in (None, pair[0]):
        return None
    return chosen


def _payload(before: State, heard: Heard) -> str | None:
    if heard.press:
        return heard.press
    choice = heard.understood.choice
    if choice is not None and 1 <= choice <= len(before.offered):
        return before.offered[choice - 1].payload
    said = heard.text.strip("。.!！ ")
    return next((offer.payload for offer in before.offered if said and offer.title == said), None)
