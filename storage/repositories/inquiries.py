"""Questions of officers to families: which are open, and where."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.models.inquiry import Inquiry
from storage.repositories.base import Repository


class Inquiries(Repository):
    """What was asked and not yet answered."""

    async def add(
        self,
        *,
        reference: str,
        conversation_id: int,
        asked_by_id: int,
        asked_at: datetime,
        until: datetime,
        seconds_left: int | None,
    ) -> Inquiry:
        """Keep that something was asked."""
        return await self._added(
            Inquiry(
                reference=reference,
                conversation_id=conversation_id,
                asked_by_id=asked_by_id,
                asked_at=asked_at,
                until=until,
                seconds_left=seconds_left,
            )
        )

    async def open_in(self, conversation_id: int) -> Inquiry | None:
        """The question that waits in a conversation."""
        return await self._session.scalar(_OPEN_IN, {"conversation_id": conversation_id})

    async def open_for(self, reference: str) -> Inquiry | None:
        """The question that waits about a record."""
        query = select(Inquiry).where(Inquiry.reference == reference, Inquiry.status == "open")
        return await self._session.scalar(query.limit(1))

    async def open_for_each(self, references: Collection[str]) -> dict[str, Inquiry]:
        """The questions that wait about many records, by reference."""
        if not references:
            return {}
        query = select(Inquiry).where(Inquiry.reference.in_(references))
        rows = await self._all(query.where(Inquiry.status == "open").order_by(Inquiry.id))
        return {row.reference: row for row in rows}

    async def last_of(self, reference: str) -> Inquiry | None:
        """The newest question about a record, waiting or not."""
        query = select(Inquiry).where(Inquiry.reference == reference)
        return await self._session.scalar(query.order_by(Inquiry.id.desc()).limit(1))

    async def over(self, now: datetime, limit: int) -> list[Inquiry]:
        """Open questions whose time is up, the oldest first."""
        query = select(Inquiry).where(Inquiry.status == "open", Inquiry.until <= now)
        return await self._all(query.order_by(Inquiry.until, Inquiry.id).limit(limit))

    async def next_end(self, after: datetime) -> datetime | None:
        """When the next question has waited long enough."""
        query = select(func.min(Inquiry.until))
        moment: datetime | None = await self._session.scalar(
            query.where(Inquiry.status == "open", Inquiry.until > after)
        )
        return moment


_OPEN_IN = (  # built once: it is asked for each message
    select(Inquiry)
    .where(Inquiry.conversation_id == bindparam("conversation_id"), Inquiry.status == "open")
    .order_by(Inquiry.id)
    .limit(1)
)
