"""What settling a handful leads to, gathered and written at its end in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cases.records import Record
from bot.gate.repeating import next_of
from bot.pushes.choices import choices
from bot.turns.topics import topic_of_record
from flows.policy.reminders import ReminderRules
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork


class Post:
    """Messages to queue with the reminders that each tells, those that follow, and the trace."""

    def __init__(self, rules: ReminderRules, now: datetime) -> None:
        self._rules = rules
        self._now = now
        self._messages: dict[str, dict[str, Any]] = {}
        self._told: dict[str, Sequence[Reminder]] = {}
        self._notes: list[dict[str, Any]] = []

    def put(self, rows: Sequence[Reminder], text: str, is_shared: bool = False) -> None:
        """Tell these reminders in one message, which goes where the first of them goes."""
        first = rows[0]
        references = {row.reference for row in rows if row.reference}
        key = f"reminder:{first.id}"
        self._told[key] = rows
        self._messages[key] = {
            "conversation_id": first.conversation_id,
            "text": text,
            "buttons": choices(rows, is_shared),
            "dedupe_key": key,
            "topic": topic_of_record(references.pop()) if len(references) == 1 else None,
        }

    def note(self, action: str, row: Reminder, why: str, record: Record | None) -> None:
        """Leave a trace of what became of a reminder."""
        self._notes.append(
            {
                "action": action,
                "reference": record.reference if record else None,
                "region_code": record.region_code if record else None,
                "detail": {"kind": row.kind, "why": why},
            }
        )

    async def write(self, uow: UnitOfWork) -> None:
        """Queue all of it and plan what comes again."""
        ids = await uow.outbox.add_each(list(self._messages.values()), self._now)
        following = []
        for key, rows in self._told.items():
            for row in rows:
                uow.reminders.tell(row, ids.get(key), self._now)
                again = next_of(row, self._rules.of(row.kind), self._now)
                following += [again] if again else []
        await uow.reminders.add_each(following)
        await uow.audit.note_each(self._now, self._notes)
