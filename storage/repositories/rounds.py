"""What is done once: the first to open a round does it, all others learn that it is taken."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from storage.inserting import insert_if_new
from storage.models.round import Round
from storage.repositories.base import Repository


class Rounds(Repository):
    """Occurrences of rules, by their key."""

    async def done(self, keys: Collection[str]) -> set[str]:
        """Those of these occurrences that were finished."""
        query = select(Round.key).where(Round.key.in_(keys), Round.done_at.is_not(None))
        return set((await self._session.scalars(query)).all()) if keys else set()

    async def begin(self, key: str, now: datetime) -> Round | None:
        """The occurrence, locked; None when somebody else is at it or finished it."""
        await insert_if_new(self._session, Round, {"key": key, "at": now}, ("key",))
        query = select(Round).where(Round.key == key, Round.done_at.is_(None))
        query = query.with_for_update(skip_locked=True)
        found = await self._session.scalars(query.execution_options(populate_existing=True))
        return found.one_or_none()
