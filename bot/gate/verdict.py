"""What is decided about one message that nobody asked for at this moment."""

from dataclasses import dataclass
from datetime import datetime

from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.models.reminder import Reminder


@dataclass(frozen=True)
class Verdict:
    """Sent with `text`, put off `until`, or dropped; `why` says it in Chinese.

    `is_new_day` means that the day itself moved: lateness is counted from `until` on.
    """

    why: str
    text: str | None = None
    until: datetime | None = None
    is_new_day: bool = False


@dataclass(frozen=True)
class Item:
    """A due reminder with the one to whom it goes; `others` are the person's further chats."""

    row: Reminder
    person: Person | None
    talk: Conversation | None
    others: tuple[Conversation, ...] = ()

    @property
    def planned_for(self) -> datetime:
        """When it was meant to go, before anything put it off."""
        return self.row.planned_for or self.row.due_at
