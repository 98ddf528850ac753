"""Sends what is due, having asked once more whether it is still true; each exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actor import SYSTEM
from bot.clock import after_quiet_hours, local_day
from bot.handlers.acting import Acting
from bot.handlers.training import session_due, session_text
from bot.outreach.truth import campaign_truth
from bot.papers import missing_papers, papers_text
from bot.topics import topic_of_record
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database
from storage.kinds import RegistrationStatus, ReminderKind
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.models.training import Registration, TrainingSession
from storage.uow import UnitOfWork

log = structlog.get_logger()

_LEASE = timedelta(minutes=5)
_BATCH = 50
_LATE = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a due reminder: sent with `text`, put off `until`, or dropped."""

    why: str
    text: str | None = None
    until: datetime | None = None


async def fire_due(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Handle every reminder that is due, in one transaction."""
    async with db.write() as uow:
        return await fire(uow, now, rules)


async def fire(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Handle every reminder that is due, inside the caller's transaction."""
    events: list[Event] = []
    while rows := await uow.reminders.claim_due(now, _LEASE, _BATCH):
        for row in rows:
            number = row.id  # after a rollback the row would have to be read again
            try:
                async with uow.session.begin_nested():
                    events.append(await _settle(uow, row, now, rules))
            except SQLAlchemyError:
                raise
            except Exception as error:  # one that cannot be told must not hold up the others
                log.error("reminder.broke", id=number, exc_info=error)
    return events


async def _settle(uow: UnitOfWork, row: Reminder, now: datetime, rules: Rules) -> Event:
    verdict = await _judge(uow, row, now, rules)
    talk = await uow.conversations.get(row.conversation_id)
    to = f"{talk.channel}:{talk.address}" if talk else ""
    if verdict.until is not None:
        await uow.reminders.postpone(row, verdict.until)
    elif verdict.text is None:
        await uow.reminders.suppress(row, verdict.why, now)
        await _note(uow, row, now, "reminder_dropped", verdict.why)
    else:
        key = f"reminder:{row.id}"
        topic = topic_of_record(row.reference) if row.reference else None
        message = await uow.outbox.add(
            row.conversation_id, verdict.text, [], {}, now, dedupe_key=key, topic=topic
        )
        row.outbox_id = message.id if message is not None else None
        await uow.reminders.mark_fired(row, now)
        await _note(uow, row, now, "reminder_sent", verdict.why)
    return Event(now, row.kind, to, row.reference, verdict.text or row.text, verdict.why)


async def _note(uow: UnitOfWork, row: Reminder, now: datetime, action: str, why: str) -> None:
    record = await uow.records.get(row.reference) if row.reference else None
    await Acting(uow, SYSTEM, now).audit(action, record, kind=row.kind, why=why)


async def _judge(uow: UnitOfWork, row: Reminder, now: datetime, rules: Rules) -> Verdict:
    """Whether a reminder is still true and welcome at this moment."""
    person = await uow.people.get(row.person_id)
    talk = await uow.conversations.get(row.conversation_id)
    dropped = _unreachable(person, talk, row)
    if dropped is not None:
        return dropped
    if row.kind == ReminderKind.OWN:
        return Verdict("本人设的提醒到时间了", text=row.text)
    later = after_quiet_hours(now, rules.quiet_from, rules.quiet_until)
    if later > now:
        return Verdict("夜里不打扰，改到早上", until=later)
    if row.kind == ReminderKind.CAMPAIGN:
        untrue = await campaign_truth(uow, row, now)
        return Verdict(untrue) if untrue else Verdict("名单上的家庭", text=row.text)
    if row.kind == ReminderKind.SESSION:
        return await _judge_session(uow, row, now)
    return await _judge_documents(uow, row)


def _unreachable(person: Person | None, talk: Conversation | None, row: Reminder) -> Verdict | None:
    if person is None or talk is None or talk.gone_at is not None:
        return Verdict("对方已经停用聊天")
    if row.kind != ReminderKind.OWN and not person.reminders_on:
        return Verdict("本人退订了提醒")
    return None


async def _judge_session(uow: UnitOfWork, row: Reminder, now: datetime) -> Verdict:
    record = await uow.records.get(row.reference) if row.reference else None
    if not isinstance(record, Registration) or record.status != RegistrationStatus.BOOKED:
        return Verdict("已经不在报名名单上")
    session = await _session(uow, record)
    if session is None:
        return Verdict("这个班取消了")
    due = session_due(session)
    if local_day(now) < local_day(due):
        return Verdict("这个班改期了", until=due)
    if local_day(now) > session.starts_on or (
        now - row.due_at > _LATE and local_day(now) >= session.starts_on
    ):
        return Verdict("已经开课，提醒晚了")
    return Verdict("开课前一天", text=session_text(record, session))


async def _session(uow: UnitOfWork, record: Registration) -> TrainingSession | None:
    if record.session_id is None:
        return None
    return await uow.trainings.by_id(record.session_id)


async def _judge_documents(uow: UnitOfWork, row: Reminder) -> Verdict:
    record = await uow.records.get(row.reference) if row.reference else None
    if record is None or not record.is_open:
        return Verdict("申请已经有结果或者撤回了")
    missing = await missing_papers(uow, record)
    if not missing:
        return Verdict("材料已经齐了")
    return Verdict("还差材料", text=papers_text(record, missing))
