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
    key, done = of_key(row.dedupe_key)
    if done >= rule.times:
        return None
    if is_promised(row):  # only the day that the person named was promised, not what follows it
        key = f"after:{key}"
    due = at_local(local_day(now) + timedelta(days=rule.again_days), rule.at)
    return {
        "kind": row.kind,
        "person_id": row.person_id,
        "conversation_id": row.conversation_id,
        "due_at": due,
        "planned_for": due,
        "text": row.text,
        "reference": row.reference,
        "dedupe_key": f"{key}#{done + 1}",
        "about": row.about,
    }


def of_key(dedupe_key: str) -> tuple[str, int]:
    """What all of a row of repeated reminders have in common, and the how many-th this is."""
    key, _, number = dedupe_key.rpartition("#")
    return (key, int(number)) if key and number.isdigit() else (dedupe_key, 1)


def is_promised(row: Reminder) -> bool:
    """Whether it was put off to a day that the person named, and told so."""
    return row.dedupe_key.startswith("again:")
