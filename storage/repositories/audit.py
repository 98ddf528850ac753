"""The audit log: added to and read, never changed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, func, insert, or_, select

from storage.models.audit import AuditEntry
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository


class Audit(Repository):
    """Who did and read what."""

    async def add(
        self,
        at: datetime,
        actor_kind: Literal["person", "officer", "system"],
        actor_id: int | None,
        action: str,
        reference: str | None = None,
        detail: Mapping[str, Any] | None = None,
        region_code: str | None = None,
    ) -> AuditEntry:
        """Write down one change or one read; the region is that of the record."""
        entry = AuditEntry(
            at=at,
            actor_kind=actor_kind,
            actor_id=actor_id,
            action=action,
            reference=reference,
            region_code=region_code,
            detail=None if detail is None else dict(detail),
        )
        return await self._added(entry)

    async def note_each(self, at: datetime, notes: Iterable[Mapping[str, Any]]) -> None:
        """Write down what the service did by itself; each note has action, reference,
        region_code and detail."""
        common = {"at": at, "actor_kind": "system", "actor_id": None}
        rows = [{**common, **note} for note in notes]
        if rows:
            await self._session.execute(insert(AuditEntry), rows)

    async def add_each(
        self,
        at: datetime,
        actor_kind: Literal["person", "officer", "system"],
        actor_id: int | None,
        action: str,
        records: Iterable[tuple[str, str | None]],
    ) -> None:
        """The same entry for many records at once, each by reference and region."""
        common = {"at": at, "actor_kind": actor_kind, "actor_id": actor_id, "action": action}
        rows = [{**common, "reference": ref, "region_code": region} for ref, region in records]
        if rows:
            await self._session.execute(insert(AuditEntry), rows)

    async def of(self, reference: str) -> list[AuditEntry]:
        """The story of one record, oldest first."""
        query = select(AuditEntry).where(AuditEntry.reference == reference)
        return await self._all(query.order_by(AuditEntry.id))

    async def last_by_officers(self, references: Collection[str]) -> dict[str, datetime]:
        """When an officer last opened or changed each of these records; a list shows too little."""
        theirs = AuditEntry.reference.in_(references), AuditEntry.actor_kind == "officer"
        query = select(AuditEntry.reference, func.max(AuditEntry.at))
        query = query.where(*theirs, AuditEntry.action != "list")
        rows = await self._session.execute(query.group_by(AuditEntry.reference))
        return {str(reference): at for reference, at in rows}

    async def newest(self) -> int:
        """The id of the last entry, 0 when there is none."""
        return await self._session.scalar(select(func.max(AuditEntry.id))) or 0

    async def changed_since(
        self, id: int, reads: Collection[str], scope: str, reference: str | None = None
    ) -> int | None:
        """The newest change after an entry, in the unit or of one record; None when none."""
        query = select(func.max(AuditEntry.id)).where(
            AuditEntry.id > id,
            AuditEntry.action.not_in(reads),
            AuditEntry.reference.is_not(None),
            within(AuditEntry.region_code, scope),
        )
        if reference is not None:
            query = query.where(AuditEntry.reference == reference)
        return await self._session.scalar(query)

    async def of_each(
        self, references: Collection[str], actions: Collection[str] = ()
    ) -> dict[str, list[AuditEntry]]:
        """The stories of several records, oldest first; only these actions when some are named."""
        stories: dict[str, list[AuditEntry]] = {reference: [] for reference in references}
        query = select(AuditEntry).where(AuditEntry.reference.in_(stories))
        if actions:
            query = query.where(AuditEntry.action.in_(actions))
        for entry in await self._all(query.order_by(AuditEntry.id)):
            stories[entry.reference or ""].append(entry)
        return stories

    async def page(
        self,
        *,
        reference: str | None = None,
        actor_kind: str | None = None,
        actor_id: int | None = None,
        action: str | None = None,
        scope: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        own: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[AuditEntry], str | None]:
        """Entries newest first and the cursor of the next page.

        `own` is an officer whose entries count although they lie outside the scope.
        """
        query = select(AuditEntry).order_by(AuditEntry.id.desc())
        for column, value in (
            (AuditEntry.reference, reference),
            (AuditEntry.actor_kind, actor_kind),
            (AuditEntry.actor_id, actor_id),
            (AuditEntry.action, action),
        ):
            if value is not None:
                query = query.where(column == value)
        if scope is not None:
            inside = within(AuditEntry.region_code, scope)
            mine = and_(AuditEntry.actor_kind == "officer", AuditEntry.actor_id == own)
            query = query.where(inside if own is None else or_(inside, mine))
        if until is not None:
            query = query.where(AuditEntry.at < until)
        if since is not None:
            query = query.where(AuditEntry.at >= since)
        if cursor is not None:
            query = query.where(AuditEntry.id < id_of(cursor))
        size = clamp(limit)
        rows = await self._all(query.limit(size + 1))
        return rows[:size], to_cursor(rows[size - 1].id) if len(rows) > size else None
