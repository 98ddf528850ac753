"""One message moves a conversation one step: the engine's only entry.

No database, no channel, no clock of its own: the same message on the same state, the same turn.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.commands import AmendRecord, BookTraining, Command, FileRecord
from flows.heard import Heard
from flows.moves import fresh_drafts
from flows.ports import Lookup
from flows.routing import route
from flows.say import Say
from flows.state import Asked, Frame, HeardBefore, Offer, State
from flows.talk import Flows, Talk
from flows.words import render_choice

MESSAGES_REMEMBERED = 30
TO_A_RECORD = FileRecord | BookTraining | AmendRecord


@dataclass(frozen=True)
class Turn:
    """What one message leads to."""

    state: State
    replies: tuple[Say, ...]
    commands: tuple[Command, ...]
    topic: str = ""


async def take_turn(
    flows: Flows, state: State, heard: Heard, lookup: Lookup, now: datetime
) -> Turn:
    """Hear one message; the state given is not changed."""
    state = state.model_copy(deep=True)
    state.drafts = fresh_drafts(state.drafts, now)
    asked, before = expecting(state, heard.edit_of), state.frame
    talk = Talk(flows, state, heard, lookup, await lookup.me(), now, before=state.undecided)
    state.undecided = None
    if before is None:
        talk.stand_aside()
    else:
        talk.enter(before)
    if not state.introduced:
        state.introduced = True
        in_short = Say("common.introduction_danger")  # 110 comes first
        talk.say(in_short if heard.understood.emergency else Say("common.introduction"))
    await route(talk)
    talk.replies = [_under_way(talk, say) for say in talk.replies]
    _remember(talk, asked, before)
    language = talk.me.language
    state.offered = [
        Offer(payload=choice.payload, title=render_choice(choice, language))
        for choice in talk.replies[-1].choices
    ]
    return Turn(state, tuple(talk.replies), tuple(talk.commands), talk.topic)


def expecting(state: State, edit_of: str | None = None) -> Asked | None:
    """The question a message answers: the open one, or for an edit the one answered back then."""
    if edit_of is not None:
        before = next((h for h in state.said_before if h.external_id == edit_of), None)
        if before is not None and before.slot is not None:
            return Asked(slot=before.slot, item=before.item)
    return state.frame.asked if state.frame else None


def _under_way(talk: Talk, say: Say) -> Say:
    """While a flow is active every message says which, also those beside it."""
    if talk.frame is None or "flow" in say.custom:
        return say
    return say.marked(flow=talk.flow_of(talk.frame).shown)


def _remember(talk: Talk, asked: Asked | None, before: Frame | None) -> None:
    """So that editing this message later changes what it changed, or tells the office."""
    if not talk.heard.external_id:
        return
    filed = [c.reference for c in talk.commands if isinstance(c, TO_A_RECORD)]
    frame = talk.frame
    if before is not None and _is_over(talk.state, before):
        for earlier in talk.state.said_before:
            if earlier.flow == before.flow and not earlier.is_done:
                earlier.filed, earlier.is_done = [*earlier.filed, *filed], True
    entry = HeardBefore(
        external_id=talk.heard.external_id,
        flow=frame.flow if frame else "",
        slot=asked.slot if asked else None,
        item=asked.item if asked else 0,
        filed=filed,
    )
    talk.state.said_before = [*talk.state.said_before, entry][-MESSAGES_REMEMBERED:]


def _is_over(state: State, frame: Frame) -> bool:
    """Whether a flow is neither under way, nor waiting beneath, nor kept as a draft."""
    waiting = (*state.stack, *(draft.frame for draft in state.drafts))
    return all(frame is not other for other in waiting)
