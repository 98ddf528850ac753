"""Incidents with people's data and their logs, which are only added to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.models.incident import Incident, IncidentEntry
from storage.regions import within
from storage.repositories.base import Repository


class Incidents(Repository):
    """What went wrong."""

    async def open(
        self, *, region_code: str, found_at: datetime, by: int, now: datetime
    ) -> Incident:
        """A new incident."""
        values = {"opened_by_id": by, "opened_at": now}
        return await self._added(Incident(region_code=region_code, found_at=found_at, **values))

    async def get(self, id: int, lock: bool = False) -> Incident | None:
        """One incident."""
        return await self._by_id(Incident, id, lock)

    async def of_place(self, region: str) -> Sequence[Incident]:
        """All of a place, the newest first."""
        query = select(Incident).where(within(Incident.region_code, region))
        return await self._all(query.order_by(Incident.id.desc()))

    async def note(
        self,
        incident: Incident,
        officer_id: int,
        kind: str,
        detail: Mapping[str, Any],
        at: datetime,
    ) -> IncidentEntry:
        """One more line of the log."""
        entry = IncidentEntry(
            incident_id=incident.id, officer_id=officer_id, kind=kind, detail=dict(detail), at=at
        )
        return await self._added(entry)

    async def log(self, incident: Incident) -> Sequence[IncidentEntry]:
        """The log, oldest first."""
        query = select(IncidentEntry).where(IncidentEntry.incident_id == incident.id)
        return await self._all(query.order_by(IncidentEntry.id))
