"""Answers the read-only questions of flows inside the turn's transaction."""

from datetime import datetime

from rapidfuzz import fuzz

from bot.cases import references
from bot.cases.papers import missing_papers, open_reviews
from bot.cases.records import Record, subject_name
from bot.cases.titles import TITLES, title_of
from bot.clock import local_day
from bot.handlers.privacy import stays
from bot.login.codes import new_code
from bot.pushes.looking import last_push, registration_of
from bot.pushes.views import view_of_reminder
from bot.training.sessions import find_sessions, is_joinable, view_of
from flows.ports import (
    ConsentView,
    KnownChild,
    PersonView,
    Place,
    PushView,
    RecordView,
    RegistrationView,
    ReminderView,
    SessionView,
    SessionWish,
)
from nlu import regions
from nlu.names import name_key
from storage.kinds import EscalationType, PersonRole, RecordKind
from storage.models.person import Person
from storage.models.receipt import Receipt
from storage.uow import UnitOfWork

BANNER = 6  # digits
ALIKE = 60  # of 100: 二中 and 科右中旗第二中学 are alike, 二中 and 三小 are not
JOINED = "joined"
LARGEST_ID = (1 << 63) - 1  # what a button names may be any number


class TurnLookup:
    """What one person may know, within one transaction (implements `flows.ports.Lookup`)."""

    def __init__(
        self, uow: UnitOfWork, person: Person, now: datetime, conversation_id: int | None = None
    ) -> None:
        self._uow = uow
        self._conversation_id = conversation_id
        self._person = person
        self._now = now

    def new_reference(self, kind: RecordKind, type: EscalationType | None = None) -> str:
        """A fresh reference number."""
        return references.new_reference(kind, type, now=self._now)

    async def my_kept(self) -> list[RecordView]:
        """The speaker's own records that stay when all else is erased."""
        every = await self._uow.records.of_person(self._person.id)
        kept = {record.reference for record in every if stays(record)}
        return [view for view in await self.my_records() if view.reference in kept]

    async def my_consents(self) -> list[ConsentView]:
        """What the speaker answered to notices, oldest first."""
        every = await self._uow.consents.of_person(self._person.id)
        return [
            ConsentView(one.purpose, one.version, one.granted, one.at, one.withdrawn_at)
            for one in every
        ]

    def new_code(self) -> str:
        """A fresh one-time code."""
        return new_code()

    def place(self, code: str) -> Place | None:
        """The unit with a division code."""
        found = regions.lookup(code)
        return Place(found.code, found.name, tuple(found.path)) if found else None

    async def me(self) -> PersonView:
        """What the speaker told about themselves before."""
        person = self._person
        role = PersonRole(person.role) if person.role else PersonRole.PARENT
        return PersonView(
            name=person.name,
            phone=person.phone,
            role=role,
            reminders_on=person.reminders_on,
            language=person.language,
            muted=tuple(person.muted or ()),
            paused_until=person.paused_until,
            push_hour=person.push_hour,
            is_phone_shared=person.is_phone_shared,
        )

    async def my_reminders(self) -> list[ReminderView]:
        """What the speaker is to be told, the next first."""
        rows = await self._uow.reminders.of_person(self._person.id, waiting_only=True)
        return [await view_of_reminder(self._uow, row) for row in rows]

    async def my_reminder(self, id: int) -> ReminderView | None:
        """One of the speaker's reminders, whatever became of it."""
        row = await self._uow.reminders.get(id) if 0 < id <= LARGEST_ID else None
        if row is None or row.person_id != self._person.id:
            return None
        return await view_of_reminder(self._uow, row)

    async def last_push(self) -> PushView | None:
        """What was told last in this conversation, if it may still be answered."""
        if self._conversation_id is None:
            return None
        return await last_push(self._uow, self._conversation_id, self._now)

    async def registration(self, reference: str) -> RegistrationView | None:
        """The speaker's place in a class, locked until the turn is done."""
        return await registration_of(self._uow, self._person.id, reference, self._now)

    async def my_records(self, kinds: tuple[RecordKind, ...] = ()) -> list[RecordView]:
        """The speaker's own records, newest first, then those they added to."""
        rows = await self._uow.records.of_person(self._person.id, kinds=kinds or None)
        receipts = await self._uow.receipts.of_person(self._person.id)
        mine = [await self._view(row) for row in rows]
        joined = [await self._joined(row) for row in receipts if not kinds or row.kind in kinds]
        return mine + [view for view in joined if view is not None]

    async def my_record(self, reference: str) -> RecordView | None:
        """One record, if the speaker filed it or has this receipt for it."""
        receipt = await self._uow.receipts.get(reference)
        if receipt is not None:
            return await self._joined(receipt)
        row = await self._uow.records.get(reference)
        is_mine = row is not None and row.person_id == self._person.id
        return await self._view(row) if row is not None and is_mine else None

    async def same_child(
        self, kind: RecordKind, name: str, region: str | None, school: str | None
    ) -> KnownChild | None:
        """An open record of the same child: same name however spelt, same banner, like school."""
        key = name_key(name)
        if not key or region is None:
            return None
        for row in await self._uow.records.same_child(kind, key, region[:BANNER]):
            if _alike(school, row.slots.get("school")):
                return KnownChild(row.reference, await self._known_as(row))
        return None

    async def _known_as(self, row: Record) -> str | None:
        if row.person_id == self._person.id:
            return row.reference
        receipt = await self._uow.receipts.for_record(self._person.id, row.reference)
        return receipt.reference if receipt else None

    async def dropout_case_exists(self, reference: str) -> bool:
        """Whether a dropout case has this number; nothing else of it is told."""
        row = await self._uow.records.get(reference)
        return row is not None and row.kind == RecordKind.DROPOUT_CASE

    async def sessions(self, wish: SessionWish) -> list[SessionView]:
        """Sessions that fit, nearest first."""
        return await find_sessions(self._uow, wish)

    async def session(self, reference: str, region: str | None = None) -> SessionView | None:
        """One session as seen from a place, locked until the turn is done: its seats stay true.

        None once it can no longer be joined, as when a form waited for weeks.
        """
        row = await self._uow.trainings.get(reference, lock=True) if reference else None
        if row is None or not is_joinable(row, local_day(self._now)):
            return None
        return await view_of(self._uow, row, region)

    async def _view(self, row: Record) -> RecordView:
        missing: tuple[str, ...] = ()
        back: tuple[str, ...] = ()
        if row.kind == RecordKind.AID_APPLICATION and row.is_open:
            missing = tuple(paper.key for paper in await missing_papers(self._uow, row))
            back = tuple(review.document for review in await open_reviews(self._uow, row))
        return RecordView(
            reference=row.reference,
            kind=RecordKind(row.kind),
            status=str(row.status),
            child_name=subject_name(row),
            title=await title_of(self._uow, row),
            updated_at=row.updated_at,
            missing_documents=missing,
            sent_back=back,
            is_open=row.is_open,
            answers=dict(row.slots or {}),
        )

    async def _joined(self, receipt: Receipt) -> RecordView | None:
        """What somebody hears of a record they only added to: that it was passed on."""
        row = await self._uow.records.get(receipt.record)
        if row is None or receipt.person_id != self._person.id:
            return None
        kind = RecordKind(receipt.kind)
        return RecordView(
            reference=receipt.reference,
            kind=kind,
            status=JOINED,
            child_name=receipt.name,
            title=TITLES[kind],
            updated_at=receipt.at,
            is_open=row.is_open,
            is_mine=False,
        )


def _alike(school: str | None, other: object) -> bool:
    if not school or not other:
        return True
    return fuzz.partial_ratio(school, str(other)) >= ALIKE
