"""Showing one covered answer to one officer, once: who looked at what and why is kept."""

from typing import Any

from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.rights.access import access_for_change
from bot.rights.covering import REPORTER, RIGHT_OF, coverable
from bot.words import render
from flows.commands import Reveal
from storage.models.case import Case

LONGEST_PURPOSE = 200


async def reveal(turn: Acting, command: Reveal) -> Outcome:
    """The answer as `value` of the outcome; the look is audited, the record stays as it is."""
    right = RIGHT_OF.get(command.field)
    if right is None:
        raise Refused(render("refused.nothing_covered"))
    record = await access_for_change(turn, command, right)
    purpose = command.purpose.strip()[:LONGEST_PURPOSE]
    if not purpose:
        raise Refused(render("refused.purpose_missing"))
    if not coverable(record, command.field):
        raise Refused(render("refused.nothing_covered"))
    await turn.audit("reveal", record, field=command.field, purpose=purpose)
    return outcome(record, changed=False, value=await _value(turn, record, command.field))


async def _value(turn: Acting, record: Record, field: str) -> Any:
    if field != REPORTER:
        return record.slots[field]
    found = await turn.uow.records.reporter(record) if isinstance(record, Case) else None
    return {"name": found.name, "phone": found.phone} if found is not None else None
