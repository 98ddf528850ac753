"""Receipts: whose they are and which record they stand for."""

from datetime import datetime

from sqlalchemy import select, update

from storage.models.base import reference_key
from storage.models.receipt import Receipt
from storage.repositories.base import Repository


class Receipts(Repository):
    """Numbers for those who added to somebody else's record."""

    async def add(
        self, reference: str, record: str, kind: str, person_id: int, name: str, at: datetime
    ) -> Receipt:
        """Give a person a number of their own."""
        row = Receipt(
            reference=reference, record=record, kind=kind, person_id=person_id, name=name, at=at
        )
        return await self._added(row)

    async def get(self, reference: str) -> Receipt | None:
        """The receipt with this number, however it was written."""
        query = select(Receipt).where(Receipt.reference_key == reference_key(reference))
        return await self._session.scalar(query)

    async def of_person(self, person_id: int) -> list[Receipt]:
        """A person's receipts, newest first."""
        query = select(Receipt).where(Receipt.person_id == person_id)
        return await self._all(query.order_by(Receipt.id.desc()))

    async def of_record(self, record: str) -> list[Receipt]:
        """All receipts for a record, oldest first."""
        return await self._all(select(Receipt).filter_by(record=record).order_by(Receipt.id))

    async def for_record(self, person_id: int, record: str) -> Receipt | None:
        """The receipt a person has for a record."""
        query = select(Receipt).filter_by(person_id=person_id, record=record)
        return await self._session.scalar(query.order_by(Receipt.id).limit(1))

    async def forget(self, person_id: int) -> None:
        """The numbers stay with the record; whose they were is no longer known."""
        mine = Receipt.person_id == person_id
        await self._session.execute(update(Receipt).where(mine).values(person_id=None, name=""))
