"""New records: filed under a reference made beforehand, routed at once, never to nobody."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from bot.cases.assignments import Route, catch_all, route, supervisors
from bot.cases.deadlines import start_clock
from bot.cases.notices import tell_officers
from bot.cases.papers import missing_papers, papers_text
from bot.cases.records import REPORTER_SLOTS, Record, has_reporter, index
from bot.clock import at_local, local_day
from bot.errors import Conflict
from bot.handlers.acting import Acting, Outcome, outcome
from bot.rights.actor import SYSTEM, ActorKind
from flows.commands import DocumentRef, FileRecord
from storage.kinds import (
    ApplicationStatus,
    DropoutStatus,
    EscalationStatus,
    EscalationType,
    RecordKind,
    ReminderKind,
)
from storage.models.application import Application
from storage.models.case import Case
from storage.models.person import Person

_FIRST: dict[RecordKind, str] = {
    RecordKind.AID_APPLICATION: ApplicationStatus.SUBMITTED,
    RecordKind.DROPOUT_CASE: DropoutStatus.REPORTED,
    RecordKind.ESCALATION: EscalationStatus.OPEN,
}
_PAPERS_AFTER = timedelta(days=3)


async def file_record(turn: Acting, command: FileRecord) -> Outcome:
    """File an application, a dropout case or an escalation; the same reference twice is one."""
    known = await turn.uow.records.get(command.reference)
    if known is not None:
        if known.kind != command.kind or known.person_id != turn.by.id:
            raise Conflict
        return outcome(known, changed=False)
    record = _new(turn, command)
    await _take_home(turn, record)
    chosen = await _choose(turn, record)
    await turn.uow.records.add(record)
    await _keep_reporter(turn, command, record)
    await attach(turn, record, command.documents)
    await turn.audit("file", record, linked_to=command.linked_to)
    await _announce(turn, record, chosen)
    if turn.by.kind is ActorKind.PERSON:
        person = await turn.person()
        await remember(turn, person, command.slots)
        if not has_reporter(command.kind):
            person.home_region = person.home_region or command.region
        await remind_of_papers(turn, record)
    return outcome(record)


def _new(turn: Acting, command: FileRecord) -> Record:
    person = turn.by.id if turn.by.kind is ActorKind.PERSON else None
    slots = dict(command.slots)
    if has_reporter(command.kind):
        slots = {key: value for key, value in slots.items() if key not in REPORTER_SLOTS}
    common: dict[str, Any] = {
        "reference": command.reference,
        "kind": command.kind,
        "status": _FIRST[command.kind],
        "region_code": command.region,
        "person_id": person,
        "conversation_id": turn.by.conversation_id,
        "slots": slots,
        "linked_to": command.linked_to,
        "opened_at": turn.now,
        "updated_at": turn.now,
    }
    record: Record
    if command.kind is RecordKind.AID_APPLICATION:
        record = Application(**common)
    else:
        record = Case(**common, type=command.type)
    index(record, turn.uow)
    start_clock(record, turn.now)
    return record


async def _take_home(turn: Acting, record: Record) -> None:
    """Danger in an unknown place goes to the officers of the reporter's own place, if known."""
    is_danger = isinstance(record, Case) and record.type == EscalationType.EMERGENCY
    if is_danger and record.region_code is None and turn.by.kind is ActorKind.PERSON:
        record.region_code = (await turn.person()).home_region


async def _keep_reporter(turn: Acting, command: FileRecord, record: Record) -> None:
    """Who reported goes into a table of its own; an anonymous report has no row."""
    name, phone = (command.slots.get(slot) for slot in REPORTER_SLOTS)
    if has_reporter(command.kind) and isinstance(record, Case) and (name or phone):
        await turn.uow.records.add_reporter(record, name, phone)


async def attach(turn: Acting, record: Record, documents: tuple[DocumentRef, ...]) -> None:
    """Tie photos of the acting person to the record."""
    for document in documents:
        photo = await turn.uow.attachments.get(document.attachment)
        if photo is not None and photo.person_id == turn.by.id:
            await turn.uow.attachments.attach(photo.id, record.reference, document.document)


async def route_record(turn: Acting, record: Record) -> None:
    """Make the nearest level answerable and tell it; without any officer there, all admins."""
    await _announce(turn, record, await _choose(turn, record))


async def _choose(turn: Acting, record: Record) -> Route:
    region = record.region_code
    chosen = await route(turn.uow, region) or await catch_all(turn.uow, region)
    record.ladder_level = chosen.level
    record.assigned_to_id = chosen.answerable.id if chosen.answerable else None
    return chosen


async def _announce(turn: Acting, record: Record, chosen: Route) -> None:
    own = Acting(turn.uow, SYSTEM, turn.now)
    await own.audit("route", record, to=record.assigned_to_id, level=chosen.level)
    if getattr(record, "type", None) != EscalationType.EMERGENCY:
        await tell_officers(turn, chosen.officers, record, "officer.filed")
        return
    leading = await supervisors(turn.uow, record.region_code)
    everyone = {officer.id: officer for officer in (*chosen.officers, *leading)}
    await tell_officers(turn, everyone.values(), record, "officer.emergency")


async def remember(turn: Acting, person: Person, slots: Mapping[str, Any]) -> None:
    """Keep the speaker's name and phone, so that they are not asked again."""
    named = ("applicant_name", "reporter_name", "person_name")
    name = next((slots[slot] for slot in named if slots.get(slot)), None)
    if isinstance(name, str) and not person.name:
        person.name = name
    phone = slots.get("phone")
    if isinstance(phone, str):
        turn.uow.people.set_phone(person, phone)


async def remind_of_papers(turn: Acting, record: Record, once: str | None = None) -> None:
    """Plan a reminder three days later, at 10:00, when required papers are missing.

    `once` is its dedupe key; by default there is one such reminder in the life of a record. One
    of its own key stands in for those that still wait: nobody is asked from two sides.
    """
    if record.kind != RecordKind.AID_APPLICATION or record.conversation_id is None:
        return
    missing = await missing_papers(turn.uow, record)
    if not missing or record.person_id is None:
        return
    if once is not None:
        await turn.uow.reminders.cancel_for(record.reference, ReminderKind.DOCUMENTS)
    await turn.uow.reminders.add(
        ReminderKind.DOCUMENTS,
        record.person_id,
        record.conversation_id,
        at_local(local_day(turn.now) + _PAPERS_AFTER, time(10)),
        papers_text(record, missing),
        reference=record.reference,
        dedupe_key=once or f"documents:{record.reference}",
    )
