"""What was told and is not done is told again after some days, a few times and no more."""

from datetime import datetime, timedelta
from typing import Any

from bot.clock import at_local, local_day
from flows.policy.reminders import Rule
from storage.models.reminder import Reminder


def next_of(row: Reminder, rule: Rule, now: datetime) -> dict[str, Any] | None:
    """The next one after a reminder that was told; None when it was the last."""
    if rule.again_days is None:
        return None
    key, _, number = row.dedupe_key.rpartition("#")
    done = int(number) if key and number.isdigit() else 1
    if done >= rule.times:
        return None
    due = at_local(local_day(now) + timedelta(days=rule.again_days), rule.at)
    return {
        "kind": row.kind,
        "person_id": row.person_id,
        "conversation_id": row.conversation_id,
        "due_at": due,
        "planned_for": due,
        "text": row.text,
        "reference": row.reference,
        "dedupe_key": f"{key or row.dedupe_key}#{done + 1}",
        "about": row.about,
    }
