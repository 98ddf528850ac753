"""Sentences that were not understood: told apart by their words, each place for itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserting import insert_if_new
from storage.keys import Keyring
from storage.models.misheard import Misheard
from storage.regions import within
from storage.repositories.base import Repository

NOWHERE = "150000"
"""The place of a sentence whose speaker lives we do not know where."""


@dataclass(frozen=True)
class Heard:
    """What was not understood, and what the engine took it for."""

    text: str
    reason: str
    guess: str
    confidence: float
    runner_up: str | None = None
    chosen: str | None = None


class MisheardSentences(Repository):
    """The list that officers work through."""

    def __init__(self, session: AsyncSession, keyring: Keyring) -> None:
        super().__init__(session)
        self._keyring = keyring

    async def note(self, heard: Heard, region_code: str, on: date) -> None:
        """Put a sentence on the list; one that waits already counts, a judged one stays judged."""
        values = {**vars(heard), "text_key": self._keyring.blind(heard.text)}
        values |= {"region_code": region_code, "first_on": on, "last_on": on}
        values |= {"times": 1, "status": "waiting"}
        unique = ("text_key", "region_code")
        if await insert_if_new(self._session, Misheard, values, unique) is not None:
            return
        row = await self._same(heard.text, region_code)
        if row is not None and row.status == "waiting":
            row.times += 1
            row.last_on = on
            row.chosen = heard.chosen or row.chosen

    async def hint(self, text: str, region_code: str, chosen: str) -> None:
        """The person picked this afterwards; only for a sentence that waits already."""
        row = await self._same(text, region_code)
        if row is not None and row.status == "waiting":
            row.chosen = chosen

    async def get(self, id: int, lock: bool = False) -> Misheard | None:
        """One sentence."""
        return await self._by_id(Misheard, id, lock)

    async def page(
        self, status: str, scope: str, with_nowhere: bool, limit: int = 20
    ) -> Sequence[Misheard]:
        """Sentences of a place: waiting ones the most frequent first, others the latest first."""
        query = select(Misheard).where(*_of(status, scope, with_nowhere)).limit(limit)
        if status == "waiting":
            return await self._all(query.order_by(Misheard.times.desc(), Misheard.id))
        return await self._all(query.order_by(Misheard.decided_at.desc(), Misheard.id))

    async def count(self, status: str, scope: str, with_nowhere: bool) -> int:
        """How many there are."""
        query = select(func.count(Misheard.id)).where(*_of(status, scope, with_nowhere))
        return await self._session.scalar(query) or 0

    async def labelled(self) -> Sequence[Misheard]:
        """All sentences with their right intent, in the order in which they came."""
        query = select(Misheard).where(Misheard.status == "labelled")
        return await self._all(query.order_by(Misheard.id))

    async def forget(self, statuses: Collection[str], before: date) -> int:
        """Remove what nobody has judged in time; how many."""
        old = Misheard.status.in_(statuses), Misheard.last_on < before
        gone = await self._session.scalars(delete(Misheard).where(*old).returning(Misheard.id))
        return len(gone.all())

    async def _same(self, text: str, region_code: str) -> Misheard | None:
        key = self._keyring.blind(text)
        query = select(Misheard).filter_by(text_key=key, region_code=region_code)
        return await self._session.scalar(query)


def _of(status: str, scope: str, with_nowhere: bool) -> tuple[ColumnElement[bool], ...]:
    here = within(Misheard.region_code, scope)
    if with_nowhere:
        here = or_(here, Misheard.region_code == NOWHERE)
    return Misheard.status == status, here
