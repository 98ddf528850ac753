"""What any record may need: an internal note, and a step up the ladder."""

from bot.cases.assignments import route
from bot.cases.deadlines import start_ladder_clock
from bot.cases.notices import tell_officers
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import move, touch
from bot.handlers.transfers import lapse_offer
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c


async def add_note(turn: Acting, command: c.AddNote) -> Outcome:
    """Keep an internal note; the family never sees it."""
    record = await access_for_change(turn, command)
    move(turn, record, c.AddNote)
    await turn.audit("note", record, text=_text(command.text))
    return outcome(record)


async def escalate(turn: Acting, command: c.Escalate) -> Outcome:
    """One step up the ladder to the next level that has officers."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.Escalate)
    above = await route(turn.uow, record.region_code, at_least=record.ladder_level + 1)
    if above is None or above.answerable is None:
        raise Refused(render("refused.top"))
    before = await turn.uow.officers.get(record.assigned_to_id or 0)
    await lapse_offer(turn, record)
    touch(turn, record)
    record.ladder_level = above.level
    record.assigned_to_id = above.answerable.id
    start_ladder_clock(record, turn.now)
    await turn.audit(
        "escalate",
        record,
        reason=command.reason,
        level=above.level,
        to=above.answerable.id,
    )
    reason = command.reason or "—"
    await tell_officers(turn, above.officers, record, "officer.escalated", reason=reason)
    if before is not None and before.id not in {officer.id for officer in above.officers}:
        await tell_officers(turn, [before], record, "officer.went_up", reason=reason)
    return outcome(record, level=above.level, assigned_to=above.answerable.id)


def _text(text: str) -> str:
    if not text.strip():
        raise Refused(render("refused.text_missing"))
    return text.strip()
