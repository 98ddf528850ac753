"""What is done once: the first to open a round does it, all others learn that it is taken."""

from datetime import datetime

from sqlalchemy import select

from storage.inserting import insert_if_new
from storage.models.round import Round
from storage.repositories.base import Repository


class Rounds(Repository):
    """Occurrences of rules, by their key."""

    async def is_done(self, key: str) -> bool:
        """Whether this occurrence was finished."""
        query = select(Round.id).where(Round.key == key, Round.done_at.is_not(None))
        return await self._session.scalar(query) is not None

    async def begin(self, key: str, now: datetime) -> Round | None:
        """The occurrence, locked; None when somebody else is at it or finished it."""
        await insert_if_new(self._session, Round, {"key": key, "at": now}, ("key",))
        query = select(Round).where(Round.key == key, Round.done_at.is_(None))
        query = query.with_for_update(skip_locked=True)
        found = await self._session.scalars(query.execution_options(populate_existing=True))
        return found.one_or_none()
