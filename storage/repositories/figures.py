"""Numbers that tell whether the service keeps up: each by an index, none reads a whole table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, func, literal_column, select, text

from storage.kinds import CLOSED_STATUSES, DropoutStatus, EscalationStatus
from storage.models.audit import AuditEntry
from storage.models.case import Case
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.reminder import Reminder
from storage.models.supervision import Supervision
from storage.repositories.base import Repository
from storage.repositories.record_query import TABLES, is_open, is_overdue

MOST_COUNTED = 10_000
"""Of a queue longer than this only so many are counted: it is too long all the same."""

_ONE, _SIX = literal_column("1", Integer), literal_column("6", Integer)
_OPEN_CASES = tuple(sorted(set(DropoutStatus) - CLOSED_STATUSES))


@dataclass(frozen=True)
class Queue:
    """What waits, and since when the longest."""

    count: int = 0
    oldest: datetime | None = None


def given_up(since: datetime) -> Select[OutboxMessage]:
    """What was due since then and tried in vain; not for people who left, nor what was called off.

    What was called off was never tried.
    """
    failed = OutboxMessage.status == "failed", OutboxMessage.due_at > since
    tried = OutboxMessage.attempts > 0, Conversation.gone_at.is_(None)
    return select(OutboxMessage).join(Conversation).where(*failed, *tried)


class Figures(Repository):
    """How much waits, how long already, and what nobody has looked at."""

    async def inbox(self, now: datetime) -> Queue:
        """Messages of people that might have been handled by now."""
        waiting = select(InboxMessage.ready_at.label("at"))
        waiting = waiting.where(InboxMessage.status == "new", InboxMessage.ready_at <= now)
        return await self._queue(waiting.order_by(InboxMessage.ready_at))

    async def parked(self) -> Queue:
        """Messages that were given up for a human to look at."""
        parked = select(InboxMessage.ready_at.label("at")).where(InboxMessage.status == "parked")
        return await self._queue(parked.order_by(InboxMessage.ready_at))

    async def outbox(self, now: datetime) -> dict[str, Queue]:
        """Messages that should have been sent by now, by channel."""
        due = OutboxMessage.status == "queued", OutboxMessage.due_at <= now
        return await self._by_channel(select(OutboxMessage).where(*due))

    async def unsent(self, since: datetime) -> dict[str, Queue]:
        """Messages due since then that were given up, by channel."""
        return await self._by_channel(given_up(since))

    async def reminders(self, now: datetime) -> Queue:
        """Reminders whose time has come and that no tick has taken."""
        due = select(Reminder.due_at.label("at"))
        due = due.where(Reminder.status == "waiting", Reminder.due_at <= now)
        return await self._queue(due.order_by(Reminder.due_at))

    async def oldest_clock(self, now: datetime) -> datetime | None:
        """Since when the clock of a record has had something to do that no tick did."""
        found: list[datetime] = []
        for table in TABLES:
            query = select(table.step_at).where(is_open(table), table.step_at <= now)
            moment = await self._session.scalar(query.order_by(table.step_at).limit(1))
            found += [moment] if moment is not None else []
        return min(found, default=None)

    async def overdue(self, now: datetime) -> dict[tuple[str, str, bool], int]:
        """Open records whose time is up: by kind, county, and whether somebody answers for them."""
        found: dict[tuple[str, str, bool], int] = {}
        for table in TABLES:
            county = func.coalesce(func.substr(table.region_code, _ONE, _SIX), literal_column("''"))
            held = table.assigned_to_id.is_not(None)
            counting = select(table.kind, county, held, func.count())
            counting = counting.where(is_overdue(table, now)).group_by(table.kind, county, held)
            for kind, place, is_held, many in (await self._session.execute(counting)).tuples():
                found[kind, place, bool(is_held)] = many
        return found

    async def unacknowledged(self) -> dict[str, Queue]:
        """Calls for a human that nobody has taken, by type."""
        asked = select(Case.type, func.count(), func.min(Case.opened_at, type_=Case.opened_at.type))
        asked = asked.where(Case.status == EscalationStatus.OPEN).group_by(Case.type)
        rows = await self._session.execute(asked)
        return {str(kind): Queue(many, oldest) for kind, many, oldest in rows.tuples()}

    async def open_cases(self) -> dict[str, int]:
        """Dropout cases on which somebody still has to act, by status."""
        counting = select(Case.status, func.count()).where(Case.status.in_(_OPEN_CASES))
        rows = (await self._session.execute(counting.group_by(Case.status))).tuples()
        return {**dict.fromkeys(map(str, _OPEN_CASES), 0), **{str(s): n for s, n in rows}}

    async def supervised_late(self, now: datetime) -> int:
        """Records under supervision whose time is up."""
        late = Supervision.lifted_at.is_(None), Supervision.due_at <= now
        return await self._session.scalar(select(func.count()).where(*late)) or 0

    async def last(self, action: str) -> datetime | None:
        """When this was last done, according to the audit."""
        done = select(AuditEntry.at).where(AuditEntry.action == action)
        return await self._session.scalar(done.order_by(AuditEntry.at.desc()).limit(1))

    async def heard_each_hour(self, until: datetime, hours: int) -> list[int]:
        """How many messages came in each of the last hours, the earliest first."""
        ends = [until - timedelta(hours=hours - 1 - number) for number in range(hours)]
        counts = [
            select(func.count())
            .where(
                InboxMessage.status.in_(("new", "handled", "parked")),
                InboxMessage.ready_at > end - timedelta(hours=1),
                InboxMessage.ready_at <= end,
            )
            .scalar_subquery()
            for end in ends
        ]
        return list((await self._session.execute(select(*counts))).one())

    async def bytes(self) -> int:
        """How large the database is."""
        if self._session.get_bind().dialect.name == "sqlite":
            size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        else:
            size = "SELECT pg_database_size(current_database())"
        return int(await self._session.scalar(text(size)) or 0)

    async def revision(self) -> str | None:
        """The schema that the database has."""
        found: Any = await self._session.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)

    async def _queue(self, waiting: Any) -> Queue:
        some = waiting.limit(MOST_COUNTED).subquery()
        count, oldest = (
            await self._session.execute(
                select(func.count(), func.min(some.c.at, type_=some.c.at.type))
            )
        ).one()
        return Queue(count, oldest)

    async def _by_channel(self, messages: Select[OutboxMessage]) -> dict[str, Queue]:
        columns = OutboxMessage.conversation_id, OutboxMessage.due_at
        some = messages.with_only_columns(*columns).order_by(OutboxMessage.due_at)
        few = some.limit(MOST_COUNTED).subquery()
        oldest = func.min(few.c.due_at, type_=few.c.due_at.type)
        counting = select(Conversation.channel, func.count(), oldest)
        counting = counting.join(few, few.c.conversation_id == Conversation.id)
        rows = await self._session.execute(counting.group_by(Conversation.channel))
        return {channel: Queue(many, at) for channel, many, at in rows.tuples()}
