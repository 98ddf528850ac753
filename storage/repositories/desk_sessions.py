"""The browsers that are signed in to the desk."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.kinds import Proof
from storage.models.guard import DeskSession
from storage.models.officer import Officer
from storage.repositories.base import Repository


class DeskSessions(Repository):
    """Sessions, found by the secret of their cookie; ending one removes it."""

    async def begin(
        self, officer_id: int, stamp: str, proof: Proof, device: str, address: str, now: datetime
    ) -> str:
        """A new session; returns the secret for its cookie, which nobody can ask for again."""
        token = secrets.token_urlsafe(32)
        row = DeskSession(
            token_hash=_hash(token),
            officer_id=officer_id,
            stamp=stamp,
            proof=proof,
            device=device[:100],
            address=address,
            created_at=now,
            seen_at=now,
        )
        await self._added(row)
        return token

    async def by_token(self, token: str) -> tuple[DeskSession, Officer] | None:
        """The session of a cookie and whose it is."""
        found = await self._session.execute(
            select(DeskSession, Officer)
            .join(Officer, Officer.id == DeskSession.officer_id)
            .where(DeskSession.token_hash == _hash(token))
        )
        row = found.one_or_none()
        return row.tuple() if row is not None else None

    async def get(self, id: int) -> DeskSession | None:
        """One session."""
        return await self._by_id(DeskSession, id, lock=False)

    async def of_officer(self, officer_id: int) -> list[DeskSession]:
        """Where an officer is signed in, the latest seen first."""
        query = select(DeskSession).where(DeskSession.officer_id == officer_id)
        return await self._all(query.order_by(DeskSession.seen_at.desc(), DeskSession.id.desc()))

    async def all(self) -> list[tuple[DeskSession, Officer]]:
        """Everybody who is signed in, the latest seen first."""
        found = await self._session.execute(
            select(DeskSession, Officer)
            .join(Officer, Officer.id == DeskSession.officer_id)
            .order_by(DeskSession.seen_at.desc(), DeskSession.id.desc())
        )
        return [row.tuple() for row in found]

    async def touch(self, id: int, now: datetime) -> None:
        """Seen just now."""
        await self._session.execute(
            update(DeskSession).where(DeskSession.id == id).values(seen_at=now)
        )

    async def restamp(self, officer_id: int, stamp: str) -> None:
        """The same password is kept in another form: nobody is signed out."""
        await self._session.execute(
            update(DeskSession).where(DeskSession.officer_id == officer_id).values(stamp=stamp)
        )

    async def end(self, id: int) -> None:
        """Sign one browser out."""
        await self._session.execute(delete(DeskSession).where(DeskSession.id == id))

    async def end_all(self, officer_id: int, but: int | None = None) -> int:
        """Sign an officer out everywhere, or everywhere else; how many browsers that were."""
        these = delete(DeskSession).where(DeskSession.officer_id == officer_id)
        if but is not None:
            these = these.where(DeskSession.id != but)
        ended = await self._session.scalars(these.returning(DeskSession.id))
        return len(ended.all())

    async def forget_old(self, begun_before: datetime, seen_before: datetime) -> None:
        """Remove what no cookie opens any more."""
        await self._session.execute(
            delete(DeskSession).where(
                (DeskSession.created_at < begun_before) | (DeskSession.seen_at < seen_before)
            )
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
