"""Records under supervision: a demand with a clock of its own beside that of the record."""

from bot.cases.notices import due_words, tell_assignee, tell_officers
from bot.cases.records import Record
from bot.clock import local_day
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.rights.actor import ActorKind
from bot.words import render
from flows import commands as c
from flows.workdays import calendar_for
from storage.models.supervision import Supervision


async def supervise(turn: Acting, command: c.Supervise) -> Outcome:
    """Demand something of the one who answers; they hear so at once."""
    if turn.by.kind is not ActorKind.OFFICER or turn.by.id is None:
        raise NotAllowed
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.Supervise)
    demand = command.demand.strip()
    if not demand:
        raise Refused(render("refused.text_missing"))
    if command.until is None or command.until < local_day(turn.now):
        raise Refused(render("refused.past"))
    if await turn.uow.supervisions.of(record.reference) is not None:
        raise Refused(render("refused.supervised"))
    _, due_at = calendar_for(record.region_code).day_from(command.until)
    if due_at <= turn.now:
        raise Refused(render("refused.past"))
    touch(turn, record)
    await turn.uow.supervisions.add(
        Supervision(
            reference=record.reference,
            demand=demand,
            due_at=due_at,
            by_id=turn.by.id,
            at=turn.now,
        )
    )
    await turn.audit("supervise", record, text=demand, until=command.until.isoformat())
    until = due_words(due_at)
    await tell_assignee(turn, record, "officer.supervised", demand=demand, until=until)
    return outcome(record)


async def lift_supervision(turn: Acting, command: c.LiftSupervision) -> Outcome:
    """Take the demand back, with a reason."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.LiftSupervision)
    supervision = await turn.uow.supervisions.of(record.reference)
    if supervision is None:
        raise Refused(render("refused.not_supervised"))
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    touch(turn, record)
    supervision.lifted_at, supervision.lifted_by_id = turn.now, turn.by.id
    await turn.audit("lift_supervision", record, reason=reason)
    await tell_assignee(turn, record, "officer.lifted", reason=reason)
    return outcome(record)


async def time_is_up(turn: Acting, record: Record, supervision: Supervision) -> None:
    """Nobody lifted it in time: who demanded and who answers hear so, once."""
    supervision.told_at = turn.now
    await turn.audit("supervision_over", record)
    by = await turn.uow.officers.get(supervision.by_id)
    hearing = [by] if by is not None and by.id != record.assigned_to_id else []
    await tell_officers(turn, hearing, record, "officer.supervision_over")
    await tell_assignee(turn, record, "officer.supervision_over")
