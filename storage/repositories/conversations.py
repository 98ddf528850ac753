"""Conversations, and the person behind a new one."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.inserting import insert_if_new
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.repositories.base import Repository


class Conversations(Repository):
    """Who talks to us on which channel."""

    async def get(self, id: int) -> Conversation | None:
        """One conversation."""
        return await self._session.get(Conversation, id)

    async def all_of(self, ids: Collection[int]) -> list[Conversation]:
        """The conversations with these ids."""
        return await self._all(select(Conversation).where(Conversation.id.in_(ids)))

    async def of_people(self, ids: Collection[int]) -> list[Conversation]:
        """All conversations of these people."""
        return await self._all(select(Conversation).where(Conversation.person_id.in_(ids)))

    async def find(self, channel: str, address: str) -> Conversation | None:
        """The conversation with this address of a channel."""
        about = {"channel": channel, "address": address}
        return await self._session.scalar(_FIND, about)

    async def get_or_create(self, channel: str, address: str, now: datetime) -> Conversation:
        """The conversation, with a new person when it is new; safe when two ask at once."""
        known = await self.find(channel, address)
        if known is not None:
            return known
        person = await self._added(Person(created_at=now))
        values = {
            "person_id": person.id,
            "channel": channel,
            "address": address,
            "state": {},
            "updated_at": now,
        }
        id = await insert_if_new(self._session, Conversation, values, ("channel", "address"))
        if id is None:  # another process was faster
            await self._session.delete(person)
            await self._session.flush()
        query = select(Conversation).filter_by(channel=channel, address=address)
        return (await self._session.scalars(query)).one()

    async def lock(self, id: int) -> Conversation:
        """The conversation, held until the transaction ends. Raises LookupError when unknown."""
        row = await self._by_id(Conversation, id, lock=True)
        if row is None:
            raise LookupError(f"no conversation {id}")
        return row

    async def of_person(self, person_id: int) -> list[Conversation]:
        """All conversations of a person, the one used last first."""
        query = select(Conversation).where(Conversation.person_id == person_id)
        return await self._all(query.order_by(Conversation.updated_at.desc()))


_FIND = select(Conversation).where(  # built once: it is asked for each message
    Conversation.channel == bindparam("channel"), Conversation.address == bindparam("address")
)
