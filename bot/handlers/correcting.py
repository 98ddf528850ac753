"""Putting right what is written wrongly of a family, or telling them why not (PIPL art. 46)."""

from typing import Any

from bot.cases.contested import CORRECTED, REFUSED
from bot.cases.notices import kind_name, tell_person
from bot.cases.records import Record, index
from bot.cases.written import correctable, in_words, value_of
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.filing import route_record
from bot.handlers.moving import touch
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change, check
from bot.rights.covering import RIGHT_OF
from bot.rights.territory import covers
from bot.words import render
from flows.commands import CorrectAnswer, RefuseCorrection
from flows.words import texts
from storage.models.training import Registration


async def correct_answer(turn: Acting, command: CorrectAnswer) -> Outcome:
    """Change one answer; before and after are kept, of what is covered only that it changed."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), CorrectAnswer)
    step = correctable(record).get(command.field)
    if step is None:
        raise Refused(render("refused.not_correctable"))
    right = RIGHT_OF.get(command.field)
    if right is not None:
        check(turn.by, right, record)
    note = command.note.strip()
    if not note:
        raise Refused(render("refused.checked_missing"))
    value = value_of(step, command.value, local_day(turn.now))
    before = record.slots.get(command.field)
    if value == before:
        raise Refused(render("refused.same_answer"))
    await _put(turn, record, command.field, value)
    touch(turn, record)
    changed = {"before": in_words(step, before), "after": in_words(step, value)}
    shown = {} if right is not None else changed
    await turn.audit(
        CORRECTED, record, field=command.field, note=note, more=command.more or None, **shown
    )
    label = texts().get(f"slot.{command.field}.label", command.field)
    await tell_person(turn, record, "correction.made", kind=kind_name(record), label=label)
    return outcome(record)


async def refuse_correction(turn: Acting, command: RefuseCorrection) -> Outcome:
    """Leave the record as it is and tell the family why."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), RefuseCorrection)
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    touch(turn, record)
    await turn.audit(REFUSED, record, reason=reason)
    await tell_person(turn, record, "correction.refused", kind=kind_name(record), reason=reason)
    return outcome(record)


async def _put(turn: Acting, record: Record, field: str, value: Any) -> None:
    """Take the value over; a record leaves its place only for one that the officer answers for."""
    if field == "region" and not covers(turn.by.region, value["code"]):
        raise Refused(render("refused.not_your_place"))
    record.slots = {**record.slots, field: value}
    index(record, turn.uow)
    if field != "region" or record.region_code == value["code"]:
        return
    record.region_code = value["code"]
    owner = await turn.uow.officers.get(record.assigned_to_id or 0)
    is_there = owner is not None and covers(owner.region_code, record.region_code)
    if record.is_open and not is_there and not isinstance(record, Registration):
        await route_record(turn, record)
