"""Moving a record to another status: the table decides, the clock is set anew."""

from sqlalchemy.orm.attributes import flag_modified

from bot.cases.deadlines import start_clock
from bot.cases.records import Record
from bot.handlers.acting import Acting
from bot.handlers.transitions import next_status
from bot.rights.actor import ActorKind
from bot.rights.territory import level
from flows.commands import Command


def move(turn: Acting, record: Record, command: type[Command]) -> tuple[str, str]:
    """Change the status as the command does.

    Returns the status before and after. Raises Refused when the table does not allow it.
    """
    before = str(record.status)
    after = next_status(record.kind, before, command)
    touch(turn, record, after)
    return before, str(record.status)


def touch(turn: Acting, record: Record, status: str | None = None) -> None:
    """Note that the record changed; a new status starts a new clock and may close the record."""
    record.updated_at = turn.now
    flag_modified(record, "updated_at")  # the version counts up even within one instant
    if record.acted_at is None and turn.by.kind is ActorKind.OFFICER:
        record.acted_at = turn.now
    if status is not None and status != record.status:
        record.status = status
        start_clock(record, turn.now)
        record.closed_at = None if record.is_open else turn.now
        if not record.is_open:
            record.offer_by_id = record.offer_to_id = None
            record.offer_region = record.offer_due_at = None
    elif record.climbed_at is not None and _acknowledges(turn, record):
        start_clock(record, turn.now)


def _acknowledges(turn: Acting, record: Record) -> bool:
    """Whoever the record went up to, or a colleague of that level, did something."""
    if turn.by.kind is not ActorKind.OFFICER:
        return False
    return turn.by.id == record.assigned_to_id or level(turn.by.region) >= record.ladder_level
