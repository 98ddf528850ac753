"""One message moves a conversation one step: the engine's only entry.

No database, no channel, no clock of its own; the same message on the same state gives the same turn.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.commands import BookTraining, Command, FileRecord
from flows.heard import Heard
from flows.moves import fresh_drafts
from flows.ports import Lookup
from flows.routing import route
from flows.say import Say
from flows.state import Asked, HeardBefore, Offer, State
from flows.talk import Flows, Talk

MESSAGES_REMEMBERED = 30


@dataclass(frozen=True)
class Turn:
    """What one message leads to."""

    state: State
    replies: tuple[Say, ...]
    commands: tuple[Command, ...]


async def take_turn(
    flows: Flows, state: State, heard: Heard, lookup: Lookup, now: datetime
) -> Turn:
    """Hear one message; the state given is not changed."""
    state = state.model_copy(deep=True)
    state.drafts = fresh_drafts(state.drafts, now)
    asked = expecting(state, heard.edit_of)
    talk = Talk(flows, state, heard, lookup, await lookup.me(), now)
    if not state.introduced:
        state.introduced = True
        talk.say(Say("common.introduction"))
    await route(talk)
    _remember(talk, asked)
    state.offered = [Offer(payload=c.payload) for c in talk.replies[-1].choices]
    return Turn(state, tuple(talk.replies), tuple(talk.commands))


def expecting(state: State, edit_of: str | None = None) -> Asked | None:
    """The question a message answers: the open one, or for an edit the one answered back then."""
    if edit_of is not None:
        before = next((h for h in state.said_before if h.external_id == edit_of), None)
        if before is not None and before.slot is not None:
            return Asked(slot=before.slot, item=before.item)
    return state.frame.asked if state.frame else None


def _remember(talk: Talk, asked: Asked | None) -> None:
    """So that editing this message later changes what it changed."""
    if not talk.heard.external_id:
        return
    filed = [c.reference for c in talk.commands if isinstance(c, FileRecord | BookTraining)]
    frame = talk.frame
    entry = HeardBefore(
        external_id=talk.heard.external_id,
        flow=frame.flow if frame else "",
        slot=asked.slot if asked else None,
        item=asked.item if asked else 0,
        filed=filed,
    )
    talk.state.said_before = [*talk.state.said_before, entry][-MESSAGES_REMEMBERED:]
