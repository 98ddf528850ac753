"""People, found by what they told us."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.keys import Keyring
from storage.models.person import Person
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository


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
