"""Work groups and the topics of cases in them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from storage.models.audit import AuditEntry
from storage.models.group import CaseThread, WorkGroup
from storage.regions import within
from storage.repositories.base import Repository


class WorkGroups(Repository):
    """The groups that hear of a unit's cases."""

    async def tie(
        self, chat: int, region_code: str, officer_id: int, seen: int, now: datetime
    ) -> WorkGroup:
        """The group hears of the unit's cases from the audit entry `seen` on."""
        row = await self.of_chat(chat) or await self._added(
            WorkGroup(
                chat=chat,
                region_code=region_code,
                tied_by_id=officer_id,
                tied_at=now,
                seen_audit_id=seen,
            )
        )
        row.region_code, row.tied_by_id, row.tied_at = region_code, officer_id, now
        row.seen_audit_id, row.ended_at = seen, None
        await self._session.flush()
        return row

    async def of_chat(self, chat: int) -> WorkGroup | None:
        """The group with this number, also one that hears nothing any more."""
        return await self._session.scalar(select(WorkGroup).where(WorkGroup.chat == chat))

    async def tied(self) -> list[WorkGroup]:
        """The groups that hear of cases."""
        return await self._all(select(WorkGroup).where(WorkGroup.ended_at.is_(None)))

    async def claim(self, id: int, now: datetime, lease: timedelta) -> WorkGroup | None:
        """The group for one process; None while another tells it something."""
        free = or_(WorkGroup.leased_until.is_(None), WorkGroup.leased_until <= now)
        query = select(WorkGroup).where(WorkGroup.id == id, WorkGroup.ended_at.is_(None), free)
        row = await self._session.scalar(query.with_for_update(skip_locked=True))
        if row is not None:
            row.leased_until = now + lease
            await self._session.flush()
        return row

    async def get(self, id: int) -> WorkGroup | None:
        """One group, locked."""
        return await self._by_id(WorkGroup, id, lock=True)

    async def news(
        self, group: WorkGroup, actions: Collection[str], until: datetime, limit: int
    ) -> list[AuditEntry]:
        """What happened in the unit since the group was told last, oldest first.

        `until` lies a little back: a number is given when a change is made, not when it is
        committed, so one that came earlier may still become visible.
        """
        query = select(AuditEntry).where(
            AuditEntry.id > group.seen_audit_id,
            AuditEntry.at <= until,
            AuditEntry.action.in_(actions),
            AuditEntry.reference.is_not(None),
            within(AuditEntry.region_code, group.region_code),
        )
        return await self._all(query.order_by(AuditEntry.id).limit(limit))

    async def thread_of(self, group_id: int, reference: str) -> CaseThread | None:
        """The topic of a record in a group."""
        found = {"group_id": group_id, "reference": reference}
        return await self._session.scalar(select(CaseThread).filter_by(**found))

    async def in_thread(self, chat: int, thread: int) -> str | None:
        """The record that a topic is about."""
        query = select(CaseThread.reference).join(WorkGroup, WorkGroup.id == CaseThread.group_id)
        return await self._session.scalar(
            query.where(WorkGroup.chat == chat, CaseThread.thread == thread)
        )

    async def add_thread(
        self, group_id: int, reference: str, thread: int, now: datetime
    ) -> CaseThread:
        """A topic that was opened; nothing was told in it yet."""
        values = {"group_id": group_id, "reference": reference, "thread": thread}
        return await self._added(CaseThread(**values, told_audit_id=0, opened_at=now))

    async def lose_thread(self, group_id: int, reference: str) -> None:
        """Somebody deleted the topic: the next news opens another."""
        mine = CaseThread.group_id == group_id, CaseThread.reference == reference
        await self._session.execute(delete(CaseThread).where(*mine))
