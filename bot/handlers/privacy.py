"""Erasing what may be erased on request; what the law makes us keep is frozen and unlinked.

PIPL art. 47: statutory records (dropout cases, what public money was paid on) are not erased.
"""

from sqlalchemy import delete, update

from bot.cases.records import REPORTER_SLOTS, Record, index
from bot.handlers.acting import Acting, Outcome
from bot.handlers.applications import withdraw
from bot.handlers.training import cancel_registration
from flows.commands import DeleteMyData, ShowMyData, Withdraw, WithdrawConsent
from storage.kinds import ApplicationStatus, EscalationStatus, RegistrationStatus
from storage.models.application import Application
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.models.case import Case, Reporter
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.officer import Notice
from storage.models.recognition import Objection, PaperReview
from storage.models.reminder import Reminder
from storage.models.topic import RecordTopic
from storage.models.training import Registration

ERASED = "（已删除）"
_LED_TO_NOTHING: frozenset[str] = frozenset(
    {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.RETURNED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.REJECTED,
    }
)
"""Applications without any decision to account for."""

_NOT_JUDGED = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED})


async def delete_my_data(turn: Acting, command: DeleteMyData) -> Outcome:
    """Erase the acting person; the receipts of consent stay as proof that it was given."""
    person = await turn.person()
    kept: list[str] = []
    erased: list[str] = []
    for record in await turn.uow.records.of_person(person.id):
        may_go = await _settle(turn, record)
        if isinstance(record, Case):
            await turn.uow.session.execute(delete(Reporter).where(Reporter.case_id == record.id))
        (erased if may_go else kept).append(record.reference)
        _unlink(turn, record, erase=may_go)
        if may_go:
            await _erase_words(turn, record.reference)
        await turn.audit("erase" if may_go else "freeze", record)
    await _erase_messages(turn, person.id)
    await _erase_photos(turn, person.id, erased)
    await turn.uow.receipts.forget(person.id)
    turn.uow.people.set_phone(person, None)
    person.name = person.home_region = None
    await turn.uow.session.flush()
    await turn.audit("delete_my_data", kept=kept, erased=erased)
    return Outcome(status="deleted", detail={"kept": tuple(kept), "erased": tuple(erased)})


async def show_my_data(turn: Acting, command: ShowMyData) -> Outcome:
    """Only the trace that a person looked at what is theirs."""
    await turn.audit("show_my_data")
    return Outcome(status="shown", changed=False)


async def withdraw_consent(turn: Acting, command: WithdrawConsent) -> Outcome:
    """From now on nothing may be built on it; applications that nobody has begun to judge go."""
    person = await turn.person()
    taken_back = 0
    for consent in await turn.uow.consents.of_person(person.id):
        if consent.purpose == command.purpose and consent.granted and not consent.withdrawn_at:
            consent.withdrawn_at = turn.now
            taken_back += 1
    for record in await turn.uow.records.of_person(person.id):
        if isinstance(record, Application) and record.status in _NOT_JUDGED:
            await withdraw(turn, Withdraw(record.reference))
    await turn.audit("withdraw_consent", purpose=command.purpose)
    return Outcome(status="withdrawn", changed=bool(taken_back))


def stays(record: Record) -> bool:
    """Whether a record stays, frozen, when its owner asks for erasure."""
    if isinstance(record, Registration):
        return not record.is_open and record.status != RegistrationStatus.CANCELLED
    if isinstance(record, Application):
        return record.status not in _LED_TO_NOTHING
    return not (record.status == EscalationStatus.CLOSED and getattr(record, "type", None))


async def _settle(turn: Acting, record: Record) -> bool:
    """End what is still going on for the person; whether the record may be erased."""
    if isinstance(record, Registration):
        if record.is_open:
            await cancel_registration(turn, record)
        return record.status == RegistrationStatus.CANCELLED
    if isinstance(record, Application) and record.status in _LED_TO_NOTHING:
        record.status = ApplicationStatus.WITHDRAWN
        record.closed_at = record.closed_at or turn.now
        record.due_at = None
        return True
    return (
        str(record.status) == EscalationStatus.CLOSED and getattr(record, "type", None) is not None
    )


async def _erase_words(turn: Acting, reference: str) -> None:
    """What was written about a record that goes: to officers, of its papers, in the log."""
    session = turn.uow.session
    for table in (Notice, PaperReview, Objection, RecordTopic):
        await session.execute(delete(table).where(table.reference == reference))
    told = update(AuditEntry).where(AuditEntry.reference == reference)
    await session.execute(told.values(detail=None))


def _unlink(turn: Acting, record: Record, erase: bool) -> None:
    record.person_id = None
    record.conversation_id = None
    record.updated_at = turn.now
    if not erase and isinstance(record, Case):
        record.slots = {k: v for k, v in record.slots.items() if k not in REPORTER_SLOTS}
        index(record, turn.uow)
    if erase:
        record.slots = {}
        record.name_key = record.phone_hash = record.id_hash = None
        if isinstance(record, Application):
            record.level_reasons = record.level_reason = None


async def _erase_messages(turn: Acting, person_id: int) -> None:
    session = turn.uow.session
    talks = await turn.uow.conversations.of_person(person_id)
    ids = [talk.id for talk in talks]
    for talk in talks:
        talk.state = {}
        talk.officer_id = talk.officer_reference = None
    heard = InboxMessage.conversation_id.in_(ids), InboxMessage.status != "new"
    await session.execute(update(InboxMessage).where(*heard).values(payload={}, error=None))
    said = OutboxMessage.conversation_id.in_(ids)
    erased = {"text": ERASED, "buttons": [], "custom": {}}
    # What waits is not sent any more: the answer to this very wish is queued only after it.
    unsent = {"status": "failed", "error": "erased", "leased_until": None}
    waiting = OutboxMessage.status == "queued"
    await session.execute(update(OutboxMessage).where(said, waiting).values(**unsent))
    await session.execute(update(OutboxMessage).where(said).values(**erased))
    await session.execute(delete(Reminder).where(Reminder.person_id == person_id))


async def _erase_photos(turn: Acting, person_id: int, erased: list[str]) -> None:
    """Mark photos for the removal of their bytes, save those of records that are kept."""
    mine = Attachment.person_id == person_id
    free = Attachment.reference.is_(None) | Attachment.reference.in_(erased)
    await turn.uow.session.execute(
        update(Attachment).where(mine, free).values(status="deleted", name="", reference=None)
    )
    await turn.uow.session.execute(update(Attachment).where(mine).values(person_id=None))
