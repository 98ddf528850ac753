"""The read-only questions flows may ask of the world, and the small views they get back.

`bot.turns.lookup` answers them from the database inside the turn's transaction; tests answer by
hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from storage.kinds import EscalationType, PersonRole, RecordKind, ReminderKind


@dataclass(frozen=True)
class Place:
    """A unit of the official division list: 6, 9 or 12 digits, all units from the region down."""

    code: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class RecordView:
    """What a person may hear about a record they filed, or added to (`is_mine` is False).

    `missing_documents` begins with those that were sent back, which `sent_back` names.
    """

    reference: str
    kind: RecordKind
    status: str
    child_name: str | None
    title: str
    updated_at: datetime
    missing_documents: tuple[str, ...] = ()
    sent_back: tuple[str, ...] = ()
    is_open: bool = True
    is_mine: bool = True
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownChild:
    """A record of the same child; `known_as` is the number that the speaker may hear, if any."""

    reference: str
    known_as: str | None


@dataclass(frozen=True)
class SessionView:
    """A training session one could join."""

    reference: str
    title: str
    place: str
    venue: str
    starts_on: date
    ends_on: date | None
    schedule: str
    mode: str
    level: str
    fee: str
    seats_left: int | None
    distance: str  # same_town | same_banner | neighbour | online | elsewhere
    apply_by: date | None = None
    phone: str = ""


@dataclass(frozen=True)
class PersonView:
    """What the speaker told us about themselves before."""

    name: str | None = None
    phone: str | None = None
    role: PersonRole = PersonRole.PARENT
    reminders_on: bool = True
    language: str = "zh"
    muted: tuple[str, ...] = ()
    paused_until: datetime | None = None
    push_hour: int | None = None
    is_phone_shared: bool = False


@dataclass(frozen=True)
class ReminderView:
    """Something the speaker is or was told without asking; `title` says of what."""

    id: int
    kind: ReminderKind
    due_at: datetime
    title: str
    reference: str | None = None
    about: str | None = None
    status: str = "waiting"
    answer: str | None = None


@dataclass(frozen=True)
class PushView:
    """The message that was sent last without being asked for, and its buttons.

    `offers` are payloads with their titles; `is_latest` when nothing was said after it, `is_alone`
    when nothing else was offered after it.
    """

    items: tuple[ReminderView, ...]
    offers: tuple[tuple[str, str], ...] = ()
    is_latest: bool = True
    is_alone: bool = True


@dataclass(frozen=True)
class RegistrationView:
    """The speaker's place in a class, or in its waiting list."""

    reference: str
    status: str
    session: str
    title: str
    starts_on: date
    region: str | None = None
    purpose: str | None = None
    level: str | None = None
    is_kept: bool = False
    has_free_seat: bool = False
    has_begun: bool = False


@dataclass(frozen=True)
class SessionWish:
    """What kind of training is sought."""

    region: str | None
    purpose: str | None
    level: str | None
    available_time: str | None
    on_or_after: date


@dataclass(frozen=True)
class ConsentView:
    """One answer to a notice: when, to which version, and whether it was taken back."""

    purpose: str
    version: str
    granted: bool
    at: datetime
    withdrawn_at: datetime | None = None


class Lookup(Protocol):
    """Answers for flows; nothing here changes anything."""

    def new_reference(self, kind: RecordKind, type: EscalationType | None = None) -> str: ...

    def new_code(self) -> str: ...

    def place(self, code: str) -> Place | None: ...

    async def me(self) -> PersonView: ...

    async def my_records(self, kinds: tuple[RecordKind, ...] = ()) -> list[RecordView]: ...

    async def my_kept(self) -> list[RecordView]: ...

    async def my_consents(self) -> list[ConsentView]: ...

    async def my_record(self, reference: str) -> RecordView | None: ...

    async def same_child(
        self, kind: RecordKind, name: str, region: str | None, school: str | None
    ) -> KnownChild | None: ...

    async def dropout_case_exists(self, reference: str) -> bool: ...

    async def sessions(self, wish: SessionWish) -> list[SessionView]: ...

    async def my_reminders(self) -> list[ReminderView]: ...

    async def my_reminder(self, id: int) -> ReminderView | None: ...

    async def last_push(self) -> PushView | None: ...

    async def registration(self, reference: str) -> RegistrationView | None: ...

    async def session(self, reference: str, region: str | None = None) -> SessionView | None: ...
