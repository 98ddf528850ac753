"""Which stretches of a conversation belong to which record."""

from collections.abc import Collection

from sqlalchemy import select

from storage.inserting import insert_if_new
from storage.models.topic import RecordTopic
from storage.repositories.base import Repository


class Topics(Repository):
    """The ties between records and what was said."""

    async def tie(self, reference: str, topic: str) -> None:
        """What is said under this topic belongs to the record; twice is once."""
        values = {"reference": reference, "topic": topic}
        await insert_if_new(self._session, RecordTopic, values, ("reference", "topic"))

    async def of(self, reference: str) -> set[str]:
        """The topics of a record."""
        query = select(RecordTopic).where(RecordTopic.reference == reference)
        return {row.topic for row in await self._all(query)}

    async def references(self, topics: Collection[str]) -> dict[str, set[str]]:
        """For each topic all records that it belongs to."""
        found: dict[str, set[str]] = {topic: set() for topic in topics}
        query = select(RecordTopic).where(RecordTopic.topic.in_(topics))
        for row in await self._all(query):
            found[row.topic].add(row.reference)
        return found
