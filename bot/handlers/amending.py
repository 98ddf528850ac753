"""What people add to a record that exists already: answers, papers, news of the child."""

from typing import Any

from bot.cases.contested import ASKED
from bot.cases.notices import tell_assignee
from bot.cases.records import REPORTER_SLOTS, Record, has_reporter, index
from bot.errors import NotFound
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.asking import take_answer
from bot.handlers.facts import is_dropout, learn
from bot.handlers.filing import attach, route_record
from bot.handlers.gone_again import said_gone
from bot.handlers.moving import touch
from bot.handlers.papers import heed_answers, meant_papers
from bot.handlers.transitions import next_status
from bot.rights.actor import ActorKind
from flows.commands import AmendRecord, JoinRecord, ReportReturn
from flows.vocabulary.rights import PUTS_RIGHT
from storage.kinds import CaseFactKind, RecordKind
from storage.models.case import Case
from storage.models.training import Registration


async def amend_record(turn: Acting, command: AmendRecord) -> Outcome:
    """Add to a record. Only who filed it replaces answers, and only while it is open.

    Anything else that is said is kept as a note and never refused.
    """
    record = await _found(turn, command.reference)
    target = next_status(record.kind, str(record.status), AmendRecord)
    owner = turn.by.kind is ActorKind.SYSTEM or record.person_id == turn.by.id
    may_replace = owner and record.is_open
    said: dict[str, Any] = {}
    if may_replace:
        await _replace(turn, record, dict(command.slots), command.region)
    else:
        said = {k: v for k, v in command.slots.items() if k not in REPORTER_SLOTS}
    documents = await meant_papers(turn, record, command.documents)
    await attach(turn, record, documents)
    touch(turn, record, target if may_replace and _has_content(command) else None)
    again: list[str] = []
    if may_replace:
        again = await heed_answers(turn, record, command.slots, documents, command.note)
    papers = [document.document for document in documents]
    contested = _contests(turn, record, command.note, said)
    await turn.audit(
        ASKED if contested else "amend",
        record,
        fields=sorted(command.slots) if may_replace else [],
        said=said,
        note=command.note,
        documents=papers,
    )
    answered = await take_answer(turn, record)
    if command.gone and await said_gone(turn, record):
        return outcome(record)
    key = "officer.answered" if answered else "officer.amended"
    key = "officer.contested" if contested else key
    key = "officer.sent_again" if again else key
    await tell_assignee(turn, record, key, document="、".join(again))
    return outcome(record)


async def join_record(turn: Acting, command: JoinRecord) -> Outcome:
    """Add what somebody else knows; their own receipt is the only number they hear."""
    person = await turn.person()
    record = await _found(turn, command.record)
    receipt = await turn.uow.receipts.for_record(person.id, record.reference)
    is_new = receipt is None
    if receipt is None:
        receipt = await turn.uow.receipts.add(
            command.reference, record.reference, record.kind, person.id, command.name, turn.now
        )
    await attach(turn, record, command.documents)
    touch(turn, record)
    papers = [document.document for document in command.documents]
    await turn.audit("join", record, note=command.note, documents=papers, receipt=receipt.reference)
    if not (command.gone and await said_gone(turn, record)):
        await tell_assignee(turn, record, "officer.amended")
    return Outcome(receipt.reference, RecordKind(record.kind), changed=is_new)


async def report_return(turn: Acting, command: ReportReturn) -> Outcome:
    """Keep the news that a child is back; the status changes when an officer has verified it."""
    record = await _found(turn, command.reference)
    next_status(record.kind, str(record.status), ReportReturn)
    await attach(turn, record, command.documents)
    touch(turn, record)
    if is_dropout(record):
        await learn(turn, record, CaseFactKind.SAID_BACK, {}, on=command.on)
    on = command.on.isoformat() if command.on else None
    await turn.audit("report_return", record, note=command.note, on=on)
    await tell_assignee(turn, record, "officer.returned")
    return outcome(record)


def _contests(turn: Acting, record: Record, note: str, said: dict[str, Any]) -> bool:
    """Whether the one who filed it says that something is wrong which they cannot change."""
    if turn.by.kind is not ActorKind.PERSON or record.person_id != turn.by.id:
        return False
    return note.startswith(PUTS_RIGHT) or bool(said)


def _has_content(command: AmendRecord) -> bool:
    return bool(command.slots or command.documents)


async def _found(turn: Acting, reference: str) -> Record:
    record = await turn.uow.records.get(reference, lock=True)
    if record is None:
        raise NotFound
    if isinstance(record, Registration) and record.person_id != turn.by.id:
        raise NotFound
    return record


async def _replace(turn: Acting, record: Record, slots: dict[str, Any], code: str | None) -> None:
    """Take the new answers over; a new place finds a new officer."""
    if isinstance(record, Case) and has_reporter(RecordKind(record.kind)):
        await _replace_reporter(turn, record, slots)
    record.slots = {**record.slots, **slots}
    index(record, turn.uow)
    if code and code != record.region_code:
        record.region_code = code
        if not isinstance(record, Registration):
            await route_record(turn, record)


async def _replace_reporter(turn: Acting, record: Case, slots: dict[str, Any]) -> None:
    told = {slot: slots.pop(slot) for slot in REPORTER_SLOTS if slot in slots}
    if not told:
        return
    row = await turn.uow.records.reporter(record)
    if row is None:
        row = await turn.uow.records.add_reporter(record, None, None)
    row.name = told.get("reporter_name", row.name)
    row.phone = told.get("phone", row.phone)
