"""A conversation as people read it: what came in and what went out, in the order it was said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from bot.channels.base import Button
from storage.models.message import InboxMessage, OutboxMessage
from storage.uow import UnitOfWork

FAILED = "failed"


LATELY = timedelta(minutes=10)
"""For how long a message meant for later is offered to pages that may have missed it."""

_AFTER_ALL = 2**63


@dataclass(frozen=True)
class Said:
    """One message. `mine` is the person's; `id` is the row in its own table.

    `anchor` puts an answer behind its question when both have the same time.
    """

    id: int
    at: datetime
    mine: bool
    text: str
    anchor: int = _AFTER_ALL
    buttons: tuple[Button, ...] = ()
    files: tuple[int, ...] = ()
    failed: bool = False
    unsupported: str = ""
    topic: str = ""


async def conversation_so_far(
    uow: UnitOfWork, conversation_id: int, limit: int, now: datetime
) -> list[Said]:
    """The newest `limit` messages each way, oldest first; only the open question has buttons."""
    came_in = InboxMessage.conversation_id == conversation_id
    went_out = OutboxMessage.conversation_id == conversation_id
    return await _newest(uow, came_in, went_out, limit, now)


async def said_under(
    uow: UnitOfWork, topics: Collection[str], limit: int, now: datetime
) -> list[Said]:
    """The newest `limit` messages each way that belong to these topics, oldest first."""
    came_in = InboxMessage.topic.in_(topics)
    went_out = OutboxMessage.topic.in_(topics)
    return await _newest(uow, came_in, went_out, limit, now)


async def _newest(
    uow: UnitOfWork,
    came_in: ColumnElement[bool],
    went_out: ColumnElement[bool],
    limit: int,
    now: datetime,
) -> list[Said]:
    heard_rows = await uow.session.scalars(
        select(InboxMessage).where(came_in).order_by(InboxMessage.id.desc()).limit(limit)
    )
    told_rows = await uow.session.scalars(
        select(OutboxMessage)
        .where(went_out, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    lines = [heard(row) for row in heard_rows] + [told(row) for row in told_rows]
    lines = [line for line in lines if line.text or line.files or line.unsupported]
    return _open_question_only(sorted(lines, key=_order))


async def told_after(
    uow: UnitOfWork, conversation_id: int, outbox_id: int, now: datetime
) -> list[Said]:
    """What was said to the person after a row, and what was kept back and became due lately."""
    kept_back = and_(
        OutboxMessage.due_at > OutboxMessage.created_at, OutboxMessage.due_at > now - LATELY
    )
    rows = await uow.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.conversation_id == conversation_id,
            OutboxMessage.due_at <= now,
            OutboxMessage.status != FAILED,
            or_(OutboxMessage.id > outbox_id, kept_back),
        )
        .order_by(OutboxMessage.id)
    )
    return [told(row) for row in rows]


def heard(row: InboxMessage) -> Said:
    """A person's message as a line."""
    payload: dict[str, Any] = row.payload or {}
    return Said(
        row.id,
        row.received_at,
        mine=True,
        text=_words(payload),
        anchor=row.id,
        files=tuple(int(file["attachment"]) for file in payload.get("files") or ()),
        unsupported=payload.get("unsupported") or "",
        topic=row.topic or "",
    )


def told(row: OutboxMessage) -> Said:
    """A message to a person as a line."""
    return Said(
        row.id,
        row.due_at,
        mine=False,
        text=row.text or "",
        anchor=row.in_reply_to or _AFTER_ALL,
        buttons=buttons_of(row),
        failed=row.status == FAILED,
        topic=row.topic or "",
    )


def buttons_of(row: OutboxMessage) -> tuple[Button, ...]:
    """The choices under a message."""
    return tuple(Button(b["title"], b["payload"]) for b in row.buttons or ())


def title_of(lines: Iterable[Said], payload: str) -> str:
    """What the button with this payload says, or nothing."""
    pressed = (b.title for line in lines for b in line.buttons if b.payload == payload)
    return next(pressed, "")


def _words(payload: dict[str, Any]) -> str:
    text = payload.get("text") or ""
    if text or not (payload.get("phone") or payload.get("location")):
        return text
    return "（发来了电话号码）" if payload.get("phone") else "（发来了位置）"


def _open_question_only(lines: list[Said]) -> list[Said]:
    """Choices that were already answered are not shown again."""
    last = max((i for i, line in enumerate(lines) if line.mine), default=-1)
    return [line if i > last else replace(line, buttons=()) for i, line in enumerate(lines)]


def _order(line: Said) -> tuple[datetime, int, bool, int]:
    return line.at, line.anchor, not line.mine, line.id
