"""Short ways to a filed record, an officer and a moment, over the real handlers and database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.cases.records import Record
from bot.cases.references import new_reference
from bot.handlers.acting import Outcome
from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from bot.workers.events import Event
from flows.commands import BookTraining, Command, FileRecord
from flows.policy.reminders import reminder_rules
from storage.db import Database
from storage.kinds import EscalationType, RecordKind, Role
from storage.models.officer import Officer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
BANNER = "152222"
TOWN = "152222103"
VILLAGE = "152222103201"

APPLICATION: dict[str, Any] = {
    "consent": True,
    "applicant_name": "乌云",
    "relation": "母亲",
    "phone": "13948123456",
    "child_name": "苏日娜",
    "age": 8,
    "grade": "小学二年级",
    "school": "高力板中心小学",
    "region": {"code": BANNER, "name": "科尔沁右翼中旗", "path": ["内蒙古自治区"]},
    "hardship": ["dibao"],
    "household_size": 4,
    "annual_income": 12000,
    "id_number": "152222201801011234",
}
DROPOUT: dict[str, Any] = {
    "child_name": "巴特尔",
    "age": 14,
    "grade": "初中二年级",
    "school": "巴彦呼舒三中",
    "absent_since": "2026-11-09",
    "reason": "work",
    "reporter_name": "白音",
    "phone": "13847900000",
}
REGISTRATION: dict[str, Any] = {"person_name": "斯琴", "age": 40, "phone": "15148200000"}


@dataclass(frozen=True)
class Somebody:
    """A person in a web chat."""

    person_id: int
    conversation_id: int

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        return Actor.person(self.person_id, self.conversation_id)


async def person(db: Database, address: str = "p1") -> Somebody:
    """A person with a conversation."""
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("web", address, NOW)
        return Somebody(talk.person_id, talk.id)


async def officer(
    db: Database, name: str, role: Role = Role.OFFICER, region: str = BANNER, **more: Any
) -> Officer:
    """An officer's account."""
    async with db.write() as uow:
        return await uow.officers.add(
            name=name, role=role.value, region_code=region, now=NOW, **more
        )


async def do(db: Database, command: Command, by: Actor, now: datetime = NOW) -> Outcome:
    """Make one change in a transaction of its own."""
    async with db.write() as uow:
        return await handle(uow, command, by, now)


async def file(
    db: Database,
    by: Actor,
    kind: RecordKind,
    slots: Mapping[str, Any],
    region: str | None = BANNER,
    type_: EscalationType | None = None,
    now: datetime = NOW,
) -> str:
    """File a record and return its reference."""
    reference = new_reference(kind, type_, now=now)
    await do(db, FileRecord(kind, reference, slots, region, type_), by, now)
    return reference


async def application(db: Database, by: Actor, **changed: Any) -> str:
    """File an aid application."""
    return await file(db, by, RecordKind.AID_APPLICATION, {**APPLICATION, **changed})


async def dropout(db: Database, by: Actor, region: str | None = BANNER, **changed: Any) -> str:
    """File a dropout case."""
    return await file(db, by, RecordKind.DROPOUT_CASE, {**DROPOUT, **changed}, region)


async def escalation(db: Database, by: Actor, type_: EscalationType = EscalationType.HUMAN) -> str:
    """File a matter for a human."""
    return await file(db, by, RecordKind.ESCALATION, {"detail": "想找人"}, BANNER, type_)


async def session(db: Database, reference: str = "S26-0001", **changed: Any) -> str:
    """Offer a training session."""
    values = {
        "source_key": reference,
        "reference": reference,
        "title": "普通话夜校",
        "region_code": BANNER,
        "starts_on": date(2026, 12, 1),
        "seats": 1,
        "schedule": "每晚七点",
        "venue": "文化站",
        **changed,
    }
    async with db.write() as uow:
        await uow.trainings.upsert(values)
    return reference


async def book(
    db: Database, by: Actor, session_reference: str | None, now: datetime = NOW, **changed: Any
) -> Outcome:
    """Register a person for a session."""
    reference = new_reference(RecordKind.TRAINING_REGISTRATION, now=now)
    slots = {**REGISTRATION, **changed}
    return await do(db, BookTraining(reference, slots, session_reference, BANNER), by, now)


async def record(db: Database, reference: str | None) -> Record:
    """The record as it is stored."""
    async with db.read() as uow:
        found = await uow.records.get(reference or "")
        assert found is not None
        return found


async def said(db: Database, conversation_id: int) -> list[str]:
    """All texts queued for a conversation, in order."""
    async with db.read() as uow:
        return [message.text for message in await uow.outbox.after(conversation_id, 0)]


async def actions(db: Database, reference: str) -> list[str]:
    """The audited actions of a record, in order."""
    async with db.read() as uow:
        return [entry.action for entry in await uow.audit.of(reference)]


async def notices(db: Database, who: Officer) -> list[str]:
    """What an officer has not seen."""
    async with db.read() as uow:
        return [notice.text for notice in await uow.notices.unseen(who.id)]


def besides_calls(events: Iterable[Event]) -> list[Event]:
    """What happened, without what comes round for officers every month and quarter."""
    calls = {call.id for call in reminder_rules().calls}
    return [event for event in events if event.kind not in calls]
