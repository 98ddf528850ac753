"""Closed records, the audit log, and what hangs on neither: kept for years, as in an archive.

The region's own periods are not known; the defaults follow the longest example found (ten years).
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from bot.cases.records import Record
from bot.handlers.acting import Acting
from bot.retention.step import Act, Span, Step, removed
from bot.rights.actor import SYSTEM
from bot.workers.events import Rules
from storage.kinds import CLOSED_STATUSES
from storage.models.application import Application
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.models.base import Base
from storage.models.case import Case, Reporter
from storage.models.group import CaseThread
from storage.models.incident import Incident, IncidentEntry
from storage.models.inquiry import Inquiry
from storage.models.officer import Notice
from storage.models.receipt import Receipt
from storage.models.recognition import Objection, PaperReview, Payment
from storage.models.reminder import Reminder
from storage.models.supervision import Rectification, Supervision
from storage.models.topic import RecordTopic
from storage.models.training import Registration, TrainingSession
from storage.repositories.record_query import TABLES
from storage.uow import UnitOfWork

_SOME = 50
"""A record takes a dozen statements with it."""

BY_REFERENCE: tuple[type[Base], ...] = (
    *(RecordTopic, Reminder, Notice, PaperReview, Objection, Payment),
    *(Inquiry, Supervision, CaseThread),
)
"""Tables whose rows belong to a record and go with it."""


def _records(rules: Rules) -> Any:
    return rules.records


def _audit(rules: Rules) -> Any:
    return rules.audit


def _ended(table: Any) -> Callable[[Span], Sequence[ColumnElement[bool]]]:
    def over(span: Span) -> Sequence[ColumnElement[bool]]:
        is_over: ColumnElement[bool] = table.status.in_(CLOSED_STATUSES)
        if table is Registration:  # nobody closes a place in a course that is long over
            is_over = or_(is_over, table.updated_at <= span.until)
        return is_over, func.coalesce(table.closed_at, table.updated_at) <= span.until

    return over


def _gone(table: Any) -> Act:
    async def act(uow: UnitOfWork, ids: Sequence[int], span: Span) -> int:
        query = select(table).where(table.id.in_(ids), *_ended(table)(span)).order_by(table.id)
        rows = (await uow.session.scalars(query.with_for_update(skip_locked=True))).all()
        for record in rows:
            await remove_record(uow, record, span)
        return len(rows)

    return act


async def remove_record(uow: UnitOfWork, record: Record, span: Span) -> None:
    """The trace that there was such a record stays in the audit log, without what was said."""
    session, reference = uow.session, record.reference
    if isinstance(record, Case):
        await session.execute(delete(Reporter).where(Reporter.case_id == record.id))
        await uow.case_facts.forget(record)
    await session.execute(delete(Receipt).where(Receipt.record == reference))
    for table in BY_REFERENCE:
        belongs = table.__mapper__.attrs["reference"].class_attribute == reference
        await session.execute(delete(table).where(belongs))
    await session.execute(
        update(Attachment)
        .where(Attachment.reference == reference)
        .values(status="deleted", name="", reference=None, person_id=None)
    )
    await session.execute(
        update(AuditEntry).where(AuditEntry.reference == reference).values(detail=None)
    )
    await Acting(uow, SYSTEM, span.now).audit("purge_record", record)
    await session.delete(record)
    await session.flush()


def _without_record(span: Span) -> Sequence[ColumnElement[bool]]:
    """Entries of records that are still there are their history."""
    there = [exists().where(table.reference == AuditEntry.reference) for table in TABLES]
    return AuditEntry.at <= span.until, ~or_(*there)


def _record_step(name: str, label: str, table: Any) -> Step:
    return Step(name, label, table, table.updated_at, _records, _ended(table), _gone(table), _SOME)


async def _remove_incidents(uow: UnitOfWork, ids: Sequence[int], _span: Span) -> int:
    entries = delete(IncidentEntry).where(IncidentEntry.incident_id.in_(ids))
    await uow.session.execute(entries)
    gone = delete(Incident).where(Incident.id.in_(ids)).returning(Incident.id)
    return len((await uow.session.scalars(gone)).all())


STEPS = (
    _record_step("applications", "过期的资助申请", Application),
    _record_step("cases", "过期的个案", Case),
    _record_step("registrations", "过期的培训报名", Registration),
    Step(
        "sessions",
        "多年前的培训班",
        TrainingSession,
        TrainingSession.starts_on,
        _records,
        lambda span: (
            func.coalesce(TrainingSession.ends_on, TrainingSession.starts_on) <= span.until.date(),
            ~exists().where(Registration.session_id == TrainingSession.id),
        ),
        removed(TrainingSession),
    ),
    Step(
        "rectifications",
        "过期的整改记录",
        Rectification,
        Rectification.updated_at,
        _records,
        lambda span: (Rectification.status == "closed", Rectification.updated_at <= span.until),
        removed(Rectification),
    ),
    Step(
        "incidents",
        "多年前的安全事件",
        Incident,
        Incident.opened_at,
        _records,
        lambda span: (Incident.closed_at <= span.until,),
        _remove_incidents,
    ),
    Step(
        "audit",
        "过期日志",
        AuditEntry,
        AuditEntry.at,
        _audit,
        _without_record,
        removed(AuditEntry),
    ),
)
