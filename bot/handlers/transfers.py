"""Handing a record on: an offer until somebody takes it, and nobody may drop the baton meanwhile.

Until then the sender answers and the clock of the record runs. An offer that nobody answers goes
up the ladder, see `bot.workers.escalation`.
"""

from bot.cases.assignments import route
from bot.cases.deadlines import end_offer_clock, start_clock, start_offer_clock
from bot.cases.notices import tell_officers
from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change, may_take
from bot.rights.actor import SYSTEM
from bot.rights.territory import canonical, covers, level, place_name
from bot.words import render
from flows import commands as c
from nlu.divisions import lookup
from storage.models.officer import Officer


async def transfer_record(turn: Acting, command: c.TransferRecord) -> Outcome:
    """Offer the record; nothing else changes until the offer is accepted."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.TransferRecord)
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    if record.offer_by_id is not None:
        raise Refused(render("refused.offered"))
    to = await _receiver(turn, record, command)
    touch(turn, record)
    record.offer_by_id = turn.by.id
    record.assigned_to_id = record.assigned_to_id or turn.by.id
    start_offer_clock(record, turn.now)
    where = place_name(record.offer_region or record.region_code) or ""
    name = to.name if to is not None else None
    await turn.audit("transfer", record, name=name, place=where, reason=reason)
    hearing = await _receivers(turn, record)
    await tell_officers(
        turn, hearing, record, "officer.offered", sender=turn.by.name, reason=reason
    )
    return outcome(record, offered_to=[officer.id for officer in hearing])


async def accept_transfer(turn: Acting, command: c.AcceptTransfer) -> Outcome:
    """The acting officer answers from now on, where the offer says; the clock starts anew."""
    record = await _offered(turn, command)
    next_status(record.kind, str(record.status), c.AcceptTransfer)
    before = await _known(turn, record.offer_by_id, record.assigned_to_id)
    record.region_code = record.offer_region or record.region_code
    record.assigned_to_id = turn.by.id
    record.ladder_level = level(turn.by.region)
    _clear(record)
    touch(turn, record)
    start_clock(record, turn.now)
    where = place_name(record.region_code) or ""
    await turn.audit("accept_transfer", record, name=turn.by.name, place=where)
    await tell_officers(turn, before, record, "officer.transfer_accepted", receiver=turn.by.name)
    team = await route(turn.uow, record.region_code)
    await tell_officers(turn, team.officers if team else (), record, "officer.taken_over")
    return outcome(record, assigned_to=turn.by.id)


async def reject_transfer(turn: Acting, command: c.RejectTransfer) -> Outcome:
    """The record stays with the sender, who hears why; its clock never stopped."""
    record = await _offered(turn, command)
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    before = await _known(turn, record.offer_by_id, record.assigned_to_id)
    end_offer_clock(record)
    _clear(record)
    touch(turn, record)
    await turn.audit("reject_transfer", record, reason=reason)
    await tell_officers(
        turn, before, record, "officer.transfer_rejected", receiver=turn.by.name, reason=reason
    )
    return outcome(record)


async def lapse_offer(turn: Acting, record: Record) -> None:
    """The record went another way before anybody took it: those who were asked hear so."""
    if record.offer_by_id is None:
        return
    concerned = [*await _receivers(turn, record), *await _known(turn, record.offer_by_id)]
    end_offer_clock(record)
    _clear(record)
    await Acting(turn.uow, SYSTEM, turn.now).audit("transfer_lapsed", record)
    await tell_officers(turn, concerned, record, "officer.transfer_lapsed")


async def _offered(turn: Acting, command: c.OfficerCommand) -> Record:
    """The locked record, when it is the acting officer who was asked. Raises Refused."""
    record = await access_for_change(turn, command)
    if not may_take(turn.by, record):
        raise Refused(render("refused.not_offered"))
    return record


def _clear(record: Record) -> None:
    record.offer_by_id = record.offer_to_id = record.offer_region = record.offer_due_at = None


async def _receiver(turn: Acting, record: Record, command: c.TransferRecord) -> Officer | None:
    """Write the offer down; the officer it is for, None when it is for those of a place."""
    if command.officer is None:
        await _offer_to_place(turn, record, command.region)
        return None
    officer = await turn.uow.officers.get(command.officer)
    if officer is None or not officer.active:
        raise Refused(render("refused.officer_unknown"))
    if officer.id in (turn.by.id, record.assigned_to_id):
        raise Refused(render("refused.offer_self"))
    region = command.region or record.region_code
    if region is None or not covers(officer.region_code, region):
        if command.region is not None:
            raise Refused(render("refused.officer_region"))
        region = officer.region_code
    record.offer_to_id = officer.id
    record.offer_region = canonical(region)
    return officer


async def _offer_to_place(turn: Acting, record: Record, region: str | None) -> None:
    code = canonical(region) if region and region.isascii() and region.isdecimal() else ""
    if not code or lookup(code) is None:
        raise Refused(render("refused.place_unknown"))
    record.offer_region = code
    if not await _receivers(turn, record):
        record.offer_region = None
        raise Refused(render("refused.nobody_there"))


async def _receivers(turn: Acting, record: Record) -> list[Officer]:
    """Who hears of the offer: the officer, or those nearest to the place."""
    if record.offer_to_id is not None:
        return await _known(turn, record.offer_to_id)
    team = await route(turn.uow, record.offer_region)
    return [officer for officer in team.officers if officer.id != turn.by.id] if team else []


async def _known(turn: Acting, *numbers: int | None) -> list[Officer]:
    found = [await turn.uow.officers.get(number) for number in dict.fromkeys(numbers) if number]
    return [officer for officer in found if officer is not None and officer.active]
