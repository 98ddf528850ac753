"""One message out of all that is to be told to one person, neutral where others read along."""

from collections.abc import Sequence

from bot.words import render
from flows.policy.reminders import ReminderRules
from storage.kinds import ReminderKind
from storage.models.person import Person
from storage.models.reminder import Reminder


def compose(
    told: Sequence[tuple[Reminder, str]], person: Person | None, rules: ReminderRules
) -> str:
    """The words: one thing as it is, several numbered, and how to stop pushes, said once."""
    is_shared = person is not None and person.is_phone_shared
    texts: list[str] = []
    for row, text in told:
        words = render("reminder.neutral") if is_shared and rules.of(row.kind).neutral else text
        if words not in texts:
            texts.append(words)
    lines = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    body = texts[0] if len(texts) == 1 else "\n".join([render("reminder.several"), *lines])
    is_push = any(row.kind != ReminderKind.OWN for row, _ in told)
    return f"{body}\n{render('reminder.footer')}" if is_push else body
