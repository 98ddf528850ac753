"""One local year of the audit log, seen from one place."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, or_, select

from bot.clock import at_local
from bot.rights.territory import covers
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.regions import within
from storage.uow import UnitOfWork

_PAGE = 5000


@dataclass(frozen=True)
class Year:
    """A year, a place, everybody with an account, and those of them who answer for the place."""

    number: int
    region: str
    everybody: dict[int, Officer]
    officers: dict[int, Officer]

    @property
    def first(self) -> datetime:
        """Its first moment."""
        return at_local(date(self.number, 1, 1), time.min)

    @property
    def end(self) -> datetime:
        """The first moment beyond it."""
        return at_local(date(self.number + 1, 1, 1), time.min)

    def mine(self, query: Select[Any]) -> Select[Any]:
        """Entries of the year and the place: of its records, or by its officers.

        What people ask of all that is theirs, and what the service does, has no place: it counts.
        """
        here = within(AuditEntry.region_code, self.region)
        by = (AuditEntry.actor_kind == "officer") & AuditEntry.actor_id.in_(self.officers)
        when = AuditEntry.at >= self.first, AuditEntry.at < self.end
        placed = AuditEntry.region_code.is_not(None) & here
        nowhere = AuditEntry.region_code.is_(None) & (AuditEntry.actor_kind != "officer")
        return query.where(*when, or_(placed, by, nowhere))

    async def entries(self, uow: UnitOfWork, actions: Collection[str]) -> Sequence[AuditEntry]:
        """Some kinds of entries with what they say, in order."""
        query = self.mine(select(AuditEntry)).where(AuditEntry.action.in_(actions))
        return (await uow.session.scalars(query.order_by(AuditEntry.id))).all()

    async def acts(self, uow: UnitOfWork) -> AsyncIterator[tuple[int, str, datetime]]:
        """What officers did: who, what, when; nothing sealed is opened for it."""
        after = 0
        while True:
            columns: Any = select(
                AuditEntry.id, AuditEntry.actor_id, AuditEntry.action, AuditEntry.at
            )
            query = self.mine(columns).where(AuditEntry.id > after)
            query = query.where(AuditEntry.actor_kind == "officer")
            rows = (await uow.session.execute(query.order_by(AuditEntry.id).limit(_PAGE))).all()
            for id, officer, action, at in rows:
                after = id
                yield officer, action, at
            if len(rows) < _PAGE:
                return


async def year_of(uow: UnitOfWork, number: int, region: str) -> Year:
    """The year of a place."""
    every = await uow.officers.all()
    inside = {each.id: each for each in every if covers(region, each.region_code)}
    return Year(number, region, {each.id: each for each in every}, inside)
