"""Messages accepted and not yet handled, claimed by one worker at a time in order."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from storage.columns import UtcDateTime
from storage.inserting import insert_if_new
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage
from storage.repositories.base import Repository

Moment = BindParameter[datetime]


class Inbox(Repository):
    """What came in."""

    async def accept(
        self,
        conversation_id: int,
        channel: str,
        external_id: str,
        payload: Mapping[str, Any],
        sent_at: datetime,
        received_at: datetime,
        ready_at: datetime,
        album: str | None = None,
    ) -> int | None:
        """Keep a message and return its number; None when this channel delivered it before."""
        values = {
            "conversation_id": conversation_id,
            "channel": channel,
            "external_id": external_id,
            "payload": dict(payload),
            "sent_at": sent_at,
            "received_at": received_at,
            "ready_at": ready_at,
            "album": album,
        }
        unique = ("channel", "external_id")
        return await insert_if_new(self._session, InboxMessage, values, unique)

    async def claim_next(
        self, now: datetime, lease: timedelta, conversation_id: int | None = None
    ) -> InboxMessage | None:
        """Lease the oldest message whose conversation nobody is working on."""
        query = _CLAIM if conversation_id is None else _CLAIM_IN
        about = {"now": now, "conversation_id": conversation_id}
        row = await self._session.scalar(query, about)
        if row is not None:
            row.leased_until = now + lease
            row.attempts += 1
            await self._session.flush()
        return row

    async def get(self, id: int, lock: bool = False) -> InboxMessage | None:
        """One message; locked, as the database has it now."""
        return await self._by_id(InboxMessage, id, lock)

    async def before(self, row: InboxMessage) -> InboxMessage | None:
        """The message of the same conversation that came before."""
        about = {"conversation_id": row.conversation_id, "id": row.id}
        return await self._session.scalar(_BEFORE, about)

    async def album_mates(self, row: InboxMessage) -> list[InboxMessage]:
        """The other unhandled messages of the same album, oldest first."""
        if row.album is None:
            return []
        query = select(InboxMessage).where(
            InboxMessage.conversation_id == row.conversation_id,
            InboxMessage.album == row.album,
            InboxMessage.status == "new",
            InboxMessage.id != row.id,
        )
        return await self._all(query.order_by(InboxMessage.id))

    async def by_external(self, channel: str, external_id: str) -> InboxMessage | None:
        """The message a channel knows by this id."""
        query = select(InboxMessage).filter_by(channel=channel, external_id=external_id)
        return await self._session.scalar(query)

    async def mark_handled(self, row: InboxMessage, now: datetime) -> None:
        """The turn of this message is done."""
        row.status, row.handled_at, row.leased_until = "handled", now, None
        await self._session.flush()

    async def park(self, row: InboxMessage, now: datetime, error: str) -> None:
        """Give up on a message, for a human to look at; the next one may go."""
        row.status, row.handled_at, row.leased_until, row.error = "parked", now, None, error
        await self._session.flush()

    async def release(
        self, row: InboxMessage, ready_at: datetime | None = None, error: str | None = None
    ) -> None:
        """End the lease after a failure; the message is tried again, not before `ready_at`."""
        row.leased_until = None
        row.ready_at = ready_at or row.ready_at
        row.error = error or row.error
        await self._session.flush()

    async def let_go(self, now: datetime, furthest: datetime) -> None:
        """After the clock was turned back: end leases and waits beyond `furthest`."""
        held = update(InboxMessage).where(InboxMessage.status == "new")
        for late, values in (
            (InboxMessage.leased_until > furthest, {"leased_until": None}),
            (InboxMessage.ready_at > furthest, {"ready_at": now}),
        ):
            change = held.where(late).values(**values)
            await self._session.execute(change.execution_options(synchronize_session=False))

    async def parked(self, limit: int = 50) -> list[InboxMessage]:
        """Messages that could not be handled, latest first."""
        query = select(InboxMessage).where(InboxMessage.status == "parked")
        return await self._all(query.order_by(InboxMessage.id.desc()).limit(limit))


def _is_ready(now: Moment) -> ColumnElement[bool]:
    free = or_(InboxMessage.leased_until.is_(None), InboxMessage.leased_until <= now)
    return (InboxMessage.status == "new") & (InboxMessage.ready_at <= now) & free


def _conversation_is_busy(now: Moment) -> ColumnElement[bool]:
    """An earlier message waits (even for a retry: order is kept), or another is being handled."""
    other = aliased(InboxMessage)
    blocks = or_(other.id < InboxMessage.id, other.leased_until > now)
    return exists().where(
        other.conversation_id == InboxMessage.conversation_id,
        other.id != InboxMessage.id,
        other.status == "new",
        blocks,
    )


# Built once, because to build a statement costs more than to run it; `now` and the others are
# given each time.
_NOW = bindparam("now", type_=UtcDateTime)
_IN = InboxMessage.conversation_id == bindparam("conversation_id")
_CLAIM = (
    select(InboxMessage)
    .join(Conversation, Conversation.id == InboxMessage.conversation_id)
    .where(_is_ready(_NOW), ~_conversation_is_busy(_NOW))
    .order_by(InboxMessage.id)
    .limit(1)
    .with_for_update(of=[InboxMessage, Conversation], skip_locked=True, key_share=True)
    .execution_options(populate_existing=True)
)
_CLAIM_IN = _CLAIM.where(_IN)
_BEFORE = (
    select(InboxMessage)
    .where(_IN, InboxMessage.id < bindparam("id"))
    .order_by(InboxMessage.id.desc())
    .limit(1)
)
