"""Changes to what a person is told without asking, and what they answer to it."""

from dataclasses import dataclass
from datetime import datetime

from flows.vocabulary.base import Command
from storage.kinds import ReminderKind


@dataclass(frozen=True)
class SetReminder(Command):
    """A person's own reminder."""

    text: str
    due_at: datetime
    kind: ReminderKind = ReminderKind.OWN


@dataclass(frozen=True)
class CancelReminder(Command):
    """A person takes back a reminder of their own."""

    reminder: int


@dataclass(frozen=True)
class SwitchReminders(Command):
    """Unsubscribe from pushes, or subscribe again to all of them; own reminders stay."""

    on: bool


@dataclass(frozen=True)
class MuteReminders(Command):
    """Unsubscribe from some kinds of pushes, or subscribe to them again."""

    kinds: tuple[ReminderKind, ...]
    muted: bool = True


@dataclass(frozen=True)
class PauseReminders(Command):
    """No pushes until then."""

    until: datetime


@dataclass(frozen=True)
class SetPushHour(Command):
    """The local hour of the day at which pushes are welcome."""

    hour: int


@dataclass(frozen=True)
class SharePhone(Command):
    """Whether others read along on this phone, so that pushes name nobody."""

    shared: bool


@dataclass(frozen=True)
class AnswerReminder(Command):
    """What a person replied to a reminder; with `again_at` they want to hear of it once more."""

    reminder: int
    answer: str
    again_at: datetime | None = None


@dataclass(frozen=True)
class TakePlace(Command):
    """Somebody who waits takes the place that is kept for them, or one that is free."""

    reference: str


@dataclass(frozen=True)
class MoveRegistration(Command):
    """A person wants another session; until that one is theirs they keep the old place."""

    reference: str
    session: str
