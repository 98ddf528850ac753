"""The documents of the JSON API, as its OpenAPI description names them (contract section 6)."""

import re
from datetime import date
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from litestar.openapi.datastructures import ResponseSpec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.web.api.child_file import ChildFile
from bot.web.api.recognition import RecognitionDocument
from bot.web.problems import MEDIA_TYPE, Problem
from storage.kinds import HardshipLevel

LONG = 4000
SHORT = 200
WORDS = r"\S"
"""Anything but nothing and blanks."""


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    """Only a day as ISO writes it: pydantic would also take a number of seconds for one."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("a day is written like 2026-11-23")


def _yes_or_no(value: object) -> object:
    """Neither 1 nor "yes": what the description says is all that is taken."""
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


def _whole(value: object) -> object:
    """A number that is written as one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("a whole number")


Day = Annotated[date, BeforeValidator(_written)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=2**31 - 1)]
Version = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=2**31 - 1)]


class Region(TypedDict):
    """A place by its official names."""

    code: str
    name: str
    path: list[str]


class Event(TypedDict):
    """One step in the life of a record."""

    at: str
    actor: str
    action: str
    detail: dict[str, Any]


class OfferDocument(TypedDict):
    """To whom a record is offered: an officer, or those who answer for a place."""

    officer: str | None
    region: str | None


class RecordDocument(TypedDict):
    """One record with all that happened to it; `type` only on escalations.

    `child_file` only on a dropout case, `recognition` only on an application, that is asked for
    by itself.
    """

    reference: str
    kind: str
    type: NotRequired[str]
    status: str
    version: int
    region: Region | None
    opened_at: str
    updated_at: str
    due_at: str | None
    assigned_to: str | None
    fields: dict[str, Any]
    offered_to: OfferDocument | None
    linked_to: str | None
    closing_code: str | None
    events: list[Event]
    child_file: NotRequired[ChildFile]
    recognition: NotRequired[RecognitionDocument]


class ReporterDocument(TypedDict):
    """Who reported a child, as far as they said."""

    name: str | None
    phone: str | None


class RevealedDocument(TypedDict):
    """One answer uncovered; null for somebody who reported without a name."""

    reference: str
    field: str
    value: str | list[str] | ReporterDocument | None


class RecordPage(TypedDict):
    """One page of records; `next` is the cursor of the page after it."""

    items: list[RecordDocument]
    next: str | None


class SessionDocument(TypedDict):
    """A training session."""

    reference: str
    title: str
    organiser: str
    audience: str
    level: str
    mode: str
    region: Region | None
    venue: str
    starts_on: str
    ends_on: str | None
    schedule: str
    seats: int | None
    booked: int
    fee: str
    contact: str
    phone: str
    apply_by: str | None


class SessionPage(TypedDict):
    """One page of training sessions."""

    items: list[SessionDocument]
    next: str | None


class ReminderDocument(TypedDict):
    """A message planned for later."""

    id: int
    kind: str
    status: str
    person: int
    reference: str | None
    due_at: str
    text: str


class ReminderPage(TypedDict):
    """One page of reminders."""

    items: list[ReminderDocument]
    next: str | None


class PersonDocument(TypedDict):
    """Somebody who writes to the service; of the phone only the ends are shown."""

    id: int
    name: str | None
    phone: str | None
    role: str | None
    region: Region | None
    language: str
    reminders_on: bool
    created_at: str


class PersonPage(TypedDict):
    """One page of people."""

    items: list[PersonDocument]
    next: str | None


class AuditDocument(TypedDict):
    """One line of the audit log."""

    id: int
    at: str
    actor_kind: str
    actor_id: int | None
    action: str
    reference: str | None
    detail: dict[str, Any]


class AuditPage(TypedDict):
    """One page of the audit log."""

    items: list[AuditDocument]
    next: str | None


class Body(BaseModel):
    """How every body is read: no field that is not described, no blanks around words."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Change(Body):
    """What every command takes: the version the caller looked at."""

    expected_version: Version | None = None


class AssignChange(Change):
    """Whose record it is from now on, by id or name; without an officer, the caller's."""

    officer: (
        Annotated[int, Field(ge=1, le=2**31 - 1)]
        | Annotated[str, Field(pattern=WORDS, max_length=64)]
        | None
    ) = None


class RevealChange(Change):
    """Which covered answer to show, and what for."""

    field: Literal["id_number", "reason", "hardship", "reporter"]
    purpose: str = Field(pattern=WORDS, max_length=SHORT)


class NoteChange(Change):
    """An internal note."""

    text: str = Field(pattern=WORDS, max_length=LONG)


class VisitChange(Change):
    """One attempt to bring a child back; `corrects` is the id of an entry it puts right."""

    method: str = Field(default="", max_length=SHORT)
    met: str = Field(default="", max_length=SHORT)
    result: str = Field(default="", max_length=LONG)
    on: Day | None = None
    next_on: Day | None = None
    who: str = Field(default="", max_length=SHORT)
    corrects: Count | None = None


class ReplyChange(Change):
    """A message to the person; `hand_back` lets the bot answer again at once."""

    text: str = Field(pattern=WORDS, max_length=LONG)
    hand_back: YesNo = False


class ReasonChange(Change):
    """A change with an optional reason."""

    reason: str = Field(default="", max_length=LONG)


class RequiredReasonChange(Change):
    """A change whose reason the family is told."""

    reason: str = Field(pattern=WORDS, max_length=LONG)


class ReturnChange(Change):
    """Where the child is in school again, or until when it is let off school."""

    placement: str = Field(default="", max_length=SHORT)
    school: str = Field(default="", max_length=SHORT)
    on: Day | None = None
    until: Day | None = None


class CloseChange(Change):
    """Why the record should be closed."""

    code: str = Field(pattern=WORDS, max_length=60)
    note: str = Field(default="", max_length=LONG)


class OptionalNoteChange(Change):
    """A change with an optional note."""

    note: str = Field(default="", max_length=LONG)


class CorrectionChange(Change):
    """Which paper or answer goes back, and why."""

    document: str = Field(default="", max_length=SHORT)
    reason: str = Field(pattern=WORDS, max_length=LONG)


class LevelChange(Change):
    """The hardship level the school decided."""

    level: HardshipLevel
    reason: str = Field(default="", max_length=LONG)


def _spec(description: str) -> ResponseSpec:
    return ResponseSpec(
        Problem, generate_examples=False, description=description, media_type=MEDIA_TYPE
    )


LIST_ERRORS = {
    400: _spec("A parameter cannot be read"),
    401: _spec("No valid bearer token"),
    403: _spec("The officer's role does not permit it"),
    404: _spec("No such page of the list, or nothing that the officer may see"),
    422: _spec("A parameter has a value that is not allowed"),
    429: _spec("Too many attempts with wrong tokens"),
    500: _spec("Something broke on our side; it is in the log"),
    503: _spec("The database does not answer in time"),
}
ITEM_ERRORS = {**LIST_ERRORS, 404: _spec("No such record in the officer's region")}
CHANGE_ERRORS = {
    **ITEM_ERRORS,
    409: _spec("Somebody else changed the record first"),
    413: _spec("The body is too large"),
}
