"""A conversation as people read it: what came in and what went out, in the order it was said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.channels.base import Button
from storage.models.message import InboxMessage, OutboxMessage
from storage.uow import UnitOfWork

FAILED = "failed"


@dataclass(frozen=True)
class Said:
    """One message. `mine` is the person's; `id` is the row in its own table."""

    id: int
    at: datetime
    mine: bool
    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[int, ...] = ()
    failed: bool = False
    unsupported: str = ""
    message_id: str = ""


async def conversation_so_far(uow: UnitOfWork, conversation_id: int, limit: int) -> list[Said]:
    """The newest `limit` messages each way, oldest first; only the open question has buttons."""
    came_in = await uow.session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == conversation_id)
        .order_by(InboxMessage.id.desc())
        .limit(limit)
    )
    went_out = await uow.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.conversation_id == conversation_id)
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    lines = [heard(row) for row in came_in] + [told(row) for row in went_out]
    lines = [line for line in lines if line.text or line.files or line.unsupported]
    return _open_question_only(sorted(lines, key=lambda line: (line.at, not line.mine, line.id)))


async def told_after(
    uow: UnitOfWork, conversation_id: int, outbox_id: int, now: datetime
) -> list[Said]:
    """What was said to the person after a row, up to the first message that is not due yet."""
    rows: Sequence[OutboxMessage] = await uow.outbox.after(conversation_id, outbox_id)
    due: list[Said] = []
    for row in rows:
        if row.status == "queued" and row.due_at > now:
            break
        if row.status != FAILED:
            due.append(told(row))
    return due


def heard(row: InboxMessage) -> Said:
    """A person's message as a line."""
    payload: dict[str, Any] = row.payload or {}
    files = tuple(int(file["attachment"]) for file in payload.get("files") or ())
    return Said(
        row.id,
        row.received_at,
        mine=True,
        text=_words(payload),
        files=files,
        unsupported=payload.get("unsupported") or "",
        message_id=row.external_id,
    )


def told(row: OutboxMessage) -> Said:
    """A message to a person as a line."""
    return Said(
        row.id,
        row.created_at,
        mine=False,
        text=row.text or "",
        buttons=buttons_of(row),
        failed=row.status == FAILED,
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
    return [
        line if i > last else Said(**{**line.__dict__, "buttons": ()})
        for i, line in enumerate(lines)
    ]
