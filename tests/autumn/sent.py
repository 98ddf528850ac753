"""What left the outbox in the simulated autumn, and what became of the reminders."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.db import Database
from storage.models.message import OutboxMessage
from storage.models.reminder import Reminder


@dataclass(frozen=True)
class Told:
    """One reminder that a message tells."""

    kind: str
    reference: str
    about: str | None


@dataclass(frozen=True)
class Message:
    """One message; conversations have the numbers of their families."""

    id: int
    family: int
    at: datetime
    key: str
    text: str
    told: tuple[Told, ...]

    @property
    def identity(self) -> tuple[int, str, str, datetime]:
        """What must be the same in a run that was killed."""
        return self.family, self.key, self.text, self.at


async def messages_of(db: Database) -> list[Message]:
    """All that the gate let out, in order."""
    told: dict[int, list[Told]] = defaultdict(list)
    async with db.read() as uow:
        query = select(Reminder.outbox_id, Reminder.kind, Reminder.reference, Reminder.about)
        fired = query.where(Reminder.outbox_id.is_not(None)).order_by(Reminder.due_at, Reminder.id)
        for outbox_id, kind, reference, about in (await uow.session.execute(fired)).all():
            told[outbox_id or 0].append(Told(kind, reference or "", about))
        rows = await uow.session.execute(
            select(
                OutboxMessage.id,
                OutboxMessage.conversation_id,
                OutboxMessage.created_at,
                OutboxMessage.dedupe_key,
                OutboxMessage.text,
            )
            .where(OutboxMessage.dedupe_key.like("reminder:%"))
            .order_by(OutboxMessage.id)
        )
        return [
            Message(id, family, at, key or "", text, tuple(told[id]))
            for id, family, at, key, text in rows.all()
        ]


async def dropped_by_reason(db: Database) -> Counter[str]:
    """How many reminders were not sent, by why."""
    async with db.read() as uow:
        query = select(Reminder.reason, func.count()).where(Reminder.status == "suppressed")
        rows = (await uow.session.execute(query.group_by(Reminder.reason))).all()
        return Counter({reason or "": many for reason, many in rows})
