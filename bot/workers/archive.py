"""The end of what is kept as in an archive: closed records, the audit log, people without either.

The region's own periods are not known; the defaults follow the longest example found (ten years).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from bot.actor import SYSTEM
from bot.handlers.acting import Acting
from bot.records import Record
from bot.workers.events import Rules
from storage.kinds import CLOSED_STATUSES
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.models.case import Case, Reporter
from storage.models.conversation import Conversation
from storage.models.officer import Notice
from storage.models.person import Person
from storage.models.receipt import Receipt
from storage.models.recognition import Objection, PaperReview, Payment
from storage.models.reminder import Reminder
from storage.models.topic import RecordTopic
from storage.models.training import Registration
from storage.repositories.record_query import TABLES
from storage.uow import UnitOfWork

_BATCH = 500


async def purge_records(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Remove records that were closed too long ago, with all that was said and sent for them."""
    until, count = now - rules.records, 0
    for table in TABLES:
        ended = func.coalesce(table.closed_at, table.updated_at) <= until
        is_over: ColumnElement[bool] = table.status.in_(CLOSED_STATUSES)
        if table is Registration:  # nobody closes a place in a course that is long over
            is_over = or_(is_over, table.updated_at <= until)
        query: Select[Any] = select(table).where(is_over, ended).order_by(table.id).limit(_BATCH)
        for record in (await uow.session.scalars(query)).all():
            await _remove(uow, record, now)
            count += 1
    return count


async def _remove(uow: UnitOfWork, record: Record, now: datetime) -> None:
    """The trace that there was such a record stays in the audit log, without what was said."""
    session, reference = uow.session, record.reference
    if isinstance(record, Case):
        await session.execute(delete(Reporter).where(Reporter.case_id == record.id))
        await uow.case_facts.forget(record)
    await session.execute(delete(Receipt).where(Receipt.record == reference))
    await session.execute(delete(RecordTopic).where(RecordTopic.reference == reference))
    await session.execute(delete(Reminder).where(Reminder.reference == reference))
    await session.execute(delete(Notice).where(Notice.reference == reference))
    for table in (PaperReview, Objection, Payment):
        await session.execute(delete(table).where(table.reference == reference))
    await session.execute(
        update(Attachment)
        .where(Attachment.reference == reference)
        .values(status="deleted", name="", reference=None, person_id=None)
    )
    await session.execute(
        update(AuditEntry).where(AuditEntry.reference == reference).values(detail=None)
    )
    await Acting(uow, SYSTEM, now).audit("purge_record", record)
    await session.delete(record)
    await session.flush()


async def purge_audit(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Remove old entries, save those of records that are still there: they are their history."""
    kept = [exists().where(table.reference == AuditEntry.reference) for table in TABLES]
    gone = delete(AuditEntry).where(AuditEntry.at <= now - rules.audit, ~or_(*kept))
    return len((await uow.session.scalars(gone.returning(AuditEntry.id))).all())


async def forget_people(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Forget names and phones of people of whom nothing is left and who have long been silent."""
    known = or_(
        Person.name.is_not(None), Person.phone_hash.is_not(None), Person.home_region.is_not(None)
    )
    has_record = [exists().where(table.person_id == Person.id) for table in TABLES]
    spoke = exists().where(
        Conversation.person_id == Person.id, Conversation.updated_at > now - rules.messages
    )
    is_new = Person.created_at > now - rules.messages
    nothing = {"name": None, "phone": None, "phone_hash": None, "home_region": None}
    forgotten = (
        update(Person)
        .where(and_(known, ~or_(*has_record), ~spoke, ~is_new))
        .values(**nothing)
        .returning(Person.id)
    )
    return len((await uow.session.scalars(forgotten)).all())
