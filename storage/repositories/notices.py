"""What officers still have to see at the desk."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from storage.models.officer import Notice
from storage.repositories.base import Repository


class Notices(Repository):
    """Notices at the desk."""

    async def add(self, officer_id: int, reference: str | None, text: str, at: datetime) -> Notice:
        """Tell an officer something."""
        return await self._added(
            Notice(officer_id=officer_id, reference=reference, text=text, at=at)
        )

    async def unseen(self, officer_id: int) -> list[Notice]:
        """What an officer has not seen, oldest first."""
        query = select(Notice).where(Notice.officer_id == officer_id, Notice.seen_at.is_(None))
        return await self._all(query.order_by(Notice.id))

    async def seen(self, ids: Collection[int], at: datetime) -> None:
        """The officer has seen these."""
        these = Notice.id.in_(ids), Notice.seen_at.is_(None)
        await self._session.execute(update(Notice).where(*these).values(seen_at=at))
