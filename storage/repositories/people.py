"""People, found by what they told us."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.keys import Keyring
from storage.models.attachment import Attachment
from storage.models.conversation import Conversation
from storage.models.person import Consent, Person
from storage.models.receipt import Receipt
from storage.models.reminder import Reminder
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository
from storage.repositories.record_query import TABLES


class People(Repository):
    """The people who write to us."""

    def __init__(self, session: AsyncSession, keyring: Keyring) -> None:
        super().__init__(session)
        self._keyring = keyring

    async def get(self, id: int, lock: bool = False) -> Person | None:
        """One person."""
        return await self._by_id(Person, id, lock)

    async def by_phone(self, phone: str) -> Person | None:
        """The latest person who gave this phone number (11 digits)."""
        query = select(Person).where(Person.phone_hash == self._keyring.blind(phone))
        return await self._session.scalar(query.order_by(Person.id.desc()).limit(1))

    async def by_join_code(self, code: str, now: datetime) -> Person | None:
        """The person who was given this one-time code, while it is good."""
        query = select(Person).where(
            Person.join_code_hash == self._keyring.blind(code), Person.join_code_until > now
        )
        return await self._session.scalar(query.with_for_update(key_share=True))

    def set_join_code(self, person: Person, code: str | None, until: datetime | None) -> None:
        """Keep a code as a keyed hash, because codes are short."""
        person.join_code_hash = self._keyring.blind(code) if code else None
        person.join_code_until = until

    async def give_everything(self, person_id: int, to: int) -> None:
        """All that belongs to one person belongs to the other."""
        for model in (Conversation, Consent, Receipt, Reminder, Attachment, *TABLES):
            mine = model.person_id == person_id
            await self._session.execute(update(model).where(mine).values(person_id=to))

    def set_phone(self, person: Person, phone: str | None) -> None:
        """Keep the phone number and the hash it is found by together."""
        person.phone = phone
        person.phone_hash = self._keyring.blind(phone) if phone else None

    async def all_of(self, ids: Collection[int]) -> list[Person]:
        """The people with these ids."""
        return await self._all(select(Person).where(Person.id.in_(ids)).order_by(Person.id))

    async def page(
        self,
        *,
        scope: str | None = None,
        role: str | None = None,
        reminders_on: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Person], str | None]:
        """People whose home lies in the scope, newest first, and the cursor of the next page."""
        query = select(Person).order_by(Person.id.desc())
        if scope is not None:
            query = query.where(within(Person.home_region, scope))
        if role is not None:
            query = query.where(Person.role == role)
        if reminders_on is not None:
            query = query.where(Person.reminders_on == reminders_on)
        if cursor is not None:
            query = query.where(Person.id < id_of(cursor))
        size = clamp(limit)
        rows = await self._all(query.limit(size + 1))
        return rows[:size], to_cursor(rows[size - 1].id) if len(rows) > size else None
