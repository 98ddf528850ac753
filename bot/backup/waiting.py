"""What would be said after a restore and perhaps was said before: it waits for somebody's word.

The backup does not know what was sent after it was made. Rather too late than twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.rights.actor import SYSTEM
from bot.workers.windows import plan_windows_due
from storage.db import Database
from storage.models.message import OutboxMessage
from storage.models.reminder import Reminder

HELD = "held"
_NOT_SENT = "恢复备份时没有发"


@dataclass(frozen=True)
class Held:
    """How many messages wait, and reminders by kind; `since` is when the oldest was due."""

    messages: int
    reminders: dict[str, int]
    since: datetime | None

    @property
    def count(self) -> int:
        """All of it."""
        return self.messages + sum(self.reminders.values())


async def hold(db: Database, now: datetime) -> Held:
    """Let wait all that is due by now: queued messages, reminders, also those to be planned."""
    await plan_windows_due(db, now)  # else a window that was told of would be planned again
    async with db.write() as uow:
        for statement in (
            update(OutboxMessage)
            .where(OutboxMessage.status == "queued", OutboxMessage.due_at <= now)
            .values(status=HELD, leased_until=None),
            update(Reminder)
            .where(Reminder.status == "waiting", Reminder.due_at <= now)
            .values(status=HELD, leased_until=None),
        ):
            await uow.session.execute(statement)
    return await held(db)


async def held(db: Database) -> Held:
    """What waits."""
    async with db.read() as uow:
        waiting = OutboxMessage.status == HELD
        messages, oldest = (
            await uow.session.execute(
                select(func.count(), func.min(OutboxMessage.due_at)).where(waiting)
            )
        ).one()
        kinds = select(Reminder.kind, func.count(), func.min(Reminder.due_at))
        rows = await uow.session.execute(
            kinds.where(Reminder.status == HELD).group_by(Reminder.kind).order_by(Reminder.kind)
        )
        found = [(kind, count, due) for kind, count, due in rows.tuples()]
    moments = [due for *_, due in found] + ([oldest] if oldest else [])
    return Held(messages, {kind: count for kind, count, _ in found}, min(moments, default=None))


async def send_held(db: Database, now: datetime) -> Held:
    """Let it go: messages at once, reminders once the gate has looked at them again."""
    return await _release(db, now, "held_sent", {"status": "queued"}, {"status": "waiting"})


async def drop_held(db: Database, now: datetime) -> Held:
    """Never send it."""
    message = {"status": "failed", "error": _NOT_SENT}
    reminder = {"status": "suppressed", "done_at": now, "reason": _NOT_SENT}
    return await _release(db, now, "held_dropped", message, reminder)


async def _release(
    db: Database, now: datetime, action: str, message: dict[str, Any], reminder: dict[str, Any]
) -> Held:
    before = await held(db)
    async with db.write() as uow:
        await uow.session.execute(
            update(OutboxMessage).where(OutboxMessage.status == HELD).values(**message)
        )
        await uow.session.execute(
            update(Reminder).where(Reminder.status == HELD).values(**reminder)
        )
        detail = {"messages": before.messages, "reminders": before.reminders}
        await uow.audit.add(now, SYSTEM.kind.value, None, action, detail=detail)
    return before
