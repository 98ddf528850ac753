"""Messages to send, claimed by one sender at a time, each conversation in order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from storage.columns import UtcDateTime
from storage.inserting import insert_if_new, insert_new_ids
from storage.kinds import ReminderKind
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.models.reminder import Reminder
from storage.repositories.base import Repository
from storage.repositories.figures import given_up
from storage.unindexed import Unindexed

Moment = datetime | BindParameter[datetime]

_ERROR_LENGTH = 1000
_TABLE = OutboxMessage.metadata.tables[OutboxMessage.__tablename__]


class Outbox(Repository):
    """What goes out."""

    async def add(
        self,
        conversation_id: int,
        text: str,
        buttons: Sequence[dict[str, Any]],
        custom: dict[str, Any],
        now: datetime,
        due_at: datetime | None = None,
        in_reply_to: int | None = None,
        dedupe_key: str | None = None,
        topic: str | None = None,
    ) -> OutboxMessage | None:
        """Queue a message, at once or for `due_at`; None when the dedupe key is known."""
        values = {
            "conversation_id": conversation_id,
            "text": text,
            "buttons": list(buttons),
            "custom": custom,
            "created_at": now,
            "due_at": due_at or now,
            "in_reply_to": in_reply_to,
            "dedupe_key": dedupe_key,
            "topic": topic,
        }
        if dedupe_key is None:
            return await self._added(OutboxMessage(**values))
        id = await insert_if_new(self._session, OutboxMessage, values, ("dedupe_key",))
        return None if id is None else await self._session.get(OutboxMessage, id)

    async def add_each(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, int]:
        """Queue plain messages at once; the id of each by its dedupe key, of known ones none."""
        same = {"buttons": [], "custom": {}, "created_at": now, "due_at": now}
        every = [{**same, **row} for row in rows]
        return await insert_new_ids(self._session, OutboxMessage, every, "dedupe_key")

    async def claim_due(
        self,
        now: datetime,
        lease: timedelta,
        limit: int = 20,
        channels: Collection[str] | None = None,
        resting: Collection[int] = (),
    ) -> list[OutboxMessage]:
        """Lease due messages, at most one of a conversation, of `resting` none, oldest first.

        But first in the conversations in which somebody waits for a reply: many pushes take long.
        """
        about = {"now": now, "channels": channels, "resting": resting}
        shape = channels is not None, bool(resting)
        rows: list[OutboxMessage] = []
        for replies_wait in (True, False):
            if len(rows) < limit:
                query = _claim(replies_wait, *shape)
                found = await self._session.scalars(query, {**about, "limit": limit - len(rows)})
                rows += await self._leased(list(found), now + lease)
        return rows

    async def _leased(self, rows: list[OutboxMessage], until: datetime) -> list[OutboxMessage]:
        for row in rows:
            if row.leased_until is None:  # else its sender died, of which it is not to blame
                row.attempts += 1
            row.leased_until = until
        await self._session.flush()
        return rows

    async def waiting_pushes(self, now: datetime) -> bool:
        """Whether something that nobody asked for should be out by now and is not."""
        query = select(OutboxMessage.id).where(_is_due(now), _is_push()).limit(1)
        return await self._session.scalar(query) is not None

    async def hold_pushes(self, now: datetime, until: datetime) -> int:
        """Let what nobody asked for wait; how many. What a sender holds is left alone."""
        held = update(OutboxMessage).where(_is_due(now), _is_push()).values(due_at=until)
        return len((await self._session.scalars(held.returning(OutboxMessage.id))).all())

    async def given_up(self, since: datetime, limit: int) -> list[OutboxMessage]:
        """Answers due since then that were tried in vain, the latest first.

        No pushes: whether one is still true is asked when it is sent, never afterwards.
        """
        query = given_up(since).where(~_is_push())
        return await self._all(query.order_by(OutboxMessage.due_at.desc()).limit(limit))

    async def try_again(self, row_id: int, now: datetime) -> bool:
        """Queue an answer that was given up once more; False when there is none such."""
        mine = OutboxMessage.id == row_id, OutboxMessage.status == "failed", ~_is_push()
        again = {"status": "queued", "attempts": 0, "next_try_at": None, "due_at": now}
        queued = update(OutboxMessage).where(*mine, OutboxMessage.attempts > 0).values(**again)
        return bool((await self._session.scalars(queued.returning(OutboxMessage.id))).all())

    async def get(self, id: int) -> OutboxMessage | None:
        """One message."""
        return await self._session.get(OutboxMessage, id)

    async def mark_sent(self, row_id: int, external_id: str | None, now: datetime) -> None:
        """The channel took it, under this id of its own."""
        sent = {"status": "sent", "external_id": external_id, "sent_at": now, "error": None}
        await self._settle(row_id, sent)

    async def mark_each_sent(self, sent: Mapping[int, tuple[str, datetime]]) -> None:
        """The channel took these rows, each under an id of its own; one statement for all."""
        connection = await self._session.connection()
        mine = _TABLE.c.id == bindparam("row"), _TABLE.c.status == "queued"
        changes: dict[str, Any] = {"status": "sent", "error": None, "leased_until": None}
        changes |= {"external_id": bindparam("theirs"), "sent_at": bindparam("at")}
        await connection.execute(
            update(_TABLE).where(*mine).values(**changes),
            [{"row": row, "theirs": theirs, "at": at} for row, (theirs, at) in sent.items()],
        )

    async def retry_at(
        self, row_id: int, when: datetime, error: str, *, counted: bool = True
    ) -> None:
        """Sending failed; try again then. Later messages of the conversation wait.

        Not `counted`: the failure was none of this message, its claim is no attempt.
        """
        values: dict[str, Any] = {"next_try_at": when, "error": error[:_ERROR_LENGTH]}
        if not counted:
            values["attempts"] = OutboxMessage.attempts - 1
        await self._settle(row_id, values)

    async def rest(self, conversations: Collection[int], until: datetime) -> None:
        """Let what waits in these conversations wait until then; other senders see it too."""
        earlier = or_(OutboxMessage.next_try_at.is_(None), OutboxMessage.next_try_at < until)
        waiting = OutboxMessage.conversation_id.in_(conversations)
        await self._session.execute(
            update(OutboxMessage)
            .where(waiting, OutboxMessage.status == "queued", earlier)
            .values(next_try_at=until)
            .execution_options(synchronize_session=False)
        )

    async def let_go(self, now: datetime, furthest: datetime) -> None:
        """After the clock was turned back: end leases and waits beyond `furthest`.

        What was to go at once when it was queued goes at once; what is meant for later stays so.
        """
        queued = update(OutboxMessage).where(OutboxMessage.status == "queued")
        at_once = OutboxMessage.due_at <= OutboxMessage.created_at
        for late, values in (
            (OutboxMessage.leased_until > furthest, {"leased_until": None}),
            (OutboxMessage.next_try_at > furthest, {"next_try_at": None}),
            ((OutboxMessage.due_at > now) & at_once, {"due_at": now}),
        ):
            change = queued.where(late).values(**values)
            await self._session.execute(change.execution_options(synchronize_session=False))

    async def fail(self, row_id: int, error: str) -> None:
        """Give up, so that later messages may go."""
        await self._settle(row_id, {"status": "failed", "error": error[:_ERROR_LENGTH]})

    async def for_inbox(self, inbox_id: int) -> list[OutboxMessage]:
        """The answers to one message, in order."""
        query = select(OutboxMessage).where(OutboxMessage.in_reply_to == inbox_id)
        return await self._all(query.order_by(OutboxMessage.id))

    async def after(
        self, conversation_id: int, outbox_id: int, now: datetime | None = None
    ) -> list[OutboxMessage]:
        """What was said after a message, in order; with `now`, nothing meant for later."""
        query = select(OutboxMessage).where(
            OutboxMessage.conversation_id == conversation_id, OutboxMessage.id > outbox_id
        )
        if now is not None:
            query = query.where(OutboxMessage.due_at <= now)
        return await self._all(query.order_by(OutboxMessage.id))

    async def latest(self, conversation_id: int, now: datetime, limit: int) -> list[OutboxMessage]:
        """What was said last, the newest first; nothing meant for later."""
        query = select(OutboxMessage).where(
            OutboxMessage.conversation_id == conversation_id, OutboxMessage.due_at <= now
        )
        return await self._all(query.order_by(OutboxMessage.id.desc()).limit(limit))

    async def unsent(self, conversation_id: int) -> list[OutboxMessage]:
        """What still waits to be sent, in order."""
        query = select(OutboxMessage).where(
            OutboxMessage.conversation_id == conversation_id, OutboxMessage.status == "queued"
        )
        return await self._all(query.order_by(OutboxMessage.id))

    async def _settle(self, row_id: int, values: dict[str, Any]) -> None:
        # Only while it waits: a sender that lost its lease must not queue a sent message again.
        mine = OutboxMessage.id == row_id, OutboxMessage.status == "queued"
        await self._session.execute(
            update(OutboxMessage).where(*mine).values(leased_until=None, **values)
        )


def _is_push() -> ColumnElement[bool]:
    """Whether a message tells reminders, and none that the person set."""
    told = select(Reminder.kind).where(Reminder.outbox_id == OutboxMessage.id)
    own = told.where(Reminder.kind == ReminderKind.OWN)
    return told.exists() & ~own.exists()


def _is_due(now: Moment, due_at: ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    due = (OutboxMessage.due_at if due_at is None else due_at) <= now
    free = or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)
    again = or_(OutboxMessage.next_try_at.is_(None), OutboxMessage.next_try_at <= now)
    return (OutboxMessage.status == "queued") & due & free & again


def _has_earlier(now: Moment) -> ColumnElement[bool]:
    """An earlier message should be out by now; one meant for tomorrow holds nothing up.

    What was meant to go at once holds the rest up also while a clock turned back hides it.
    """
    other = aliased(OutboxMessage)
    is_meant_now = or_(other.due_at <= now, other.due_at <= other.created_at)
    return exists().where(
        other.conversation_id == OutboxMessage.conversation_id,
        other.id < OutboxMessage.id,
        other.status == "queued",
        is_meant_now,
    )


def _is_waited_for(now: Moment) -> ColumnElement[bool]:
    """Due, and so is a reply in the same conversation, which may have to let it go first.

    Looked up by the index of the waiting replies, not by what is due: that may be many pushes.
    """
    reply = aliased(OutboxMessage)
    talks = select(reply.conversation_id).where(
        reply.status == literal_column("'queued'"),
        reply.in_reply_to.is_not(None),
        reply.due_at <= now,
    )
    in_them = OutboxMessage.conversation_id.in_(talks)
    return in_them & _is_due(now, Unindexed(OutboxMessage.due_at))


@cache
def _claim(replies_wait: bool, some_channels: bool, some_rest: bool) -> Select[OutboxMessage]:
    """Built once: it is asked again and again."""
    now = bindparam("now", type_=UtcDateTime)
    query = (
        select(OutboxMessage)
        .where(_is_waited_for(now) if replies_wait else _is_due(now), ~_has_earlier(now))
        .order_by(OutboxMessage.id)
        .limit(bindparam("limit"))
        .with_for_update(of=OutboxMessage, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if some_channels:
        of_them = Unindexed(Conversation.channel).in_(bindparam("channels", expanding=True))
        query = query.join(Conversation).where(of_them)
    if some_rest:
        resting = OutboxMessage.conversation_id.in_(bindparam("resting", expanding=True))
        query = query.where(~resting)
    return query
