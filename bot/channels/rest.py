"""Chat for other programs over HTTP, in the shape of Rasa's REST channel (contract section 4).

Nothing is pushed here: what was queued for a sender since the last call is put before the answer.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from bot.channels.base import Inbound
from bot.days import moment_of
from storage.columns import UtcDateTime
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.uow import UnitOfWork

NAME = "rest"
LONGEST_SENDER = 120
LONGEST_TEXT = 20_000
LONGEST_NAME = 200
ROLES = ("parent", "cadre")

_PAYLOAD = re.compile(r"![a-z][\w.\-]*=\S*", re.ASCII)
_LONGEST_PAYLOAD = 60


class BadMessage(ValueError):
    """A request that is no message; says which field is wrong."""


@dataclass(frozen=True)
class Call:
    """One request, checked."""

    sender: str
    message_id: str
    inbound: Inbound


def read(body: Any, now: datetime) -> Call:
    """The message of a request body. Raises BadMessage."""
    if not isinstance(body, dict):
        raise BadMessage("the body must be a JSON object")
    sender = _text(body, "sender", LONGEST_SENDER)
    text = _text(body, "message", LONGEST_TEXT, empty=True)
    metadata = body.get("metadata")
    metadata = {} if metadata is None else metadata
    if not isinstance(metadata, dict):
        raise BadMessage("metadata must be an object")
    message_id = _text(metadata, "message_id", 200, empty=True) or secrets.token_hex(16)
    role = metadata.get("role")
    if role is not None and role not in ROLES:
        raise BadMessage("metadata.role must be parent or cadre")
    pressed = is_payload(text)
    inbound = Inbound(
        NAME,
        sender,
        external_id(sender, message_id),
        sent_at=_moment(metadata.get("sent_at"), now),
        text="" if pressed else text,
        value=text.strip() if pressed else None,
        role=role,
    )
    return Call(sender, message_id, inbound)


def is_payload(text: str) -> bool:
    """Whether a text is the payload of a button sent back."""
    plain = text.strip()
    return len(plain) <= _LONGEST_PAYLOAD and _PAYLOAD.fullmatch(plain) is not None


def external_id(sender: str, message_id: str) -> str:
    """Unique within the channel, although senders number their messages each for itself."""
    return _short(f"{len(sender)}:{sender}:{message_id}")


async def collect(uow: UnitOfWork, call: Call, now: datetime) -> list[dict[str, Any]]:
    """The answer to a call: what waited for the sender, then the replies; the same for a repeat.

    Each message is stamped with the call that carried it, so a repeated call finds it again.
    """
    stamp = _short(f"call:{call.message_id}")
    about = {"address": call.sender, "stamp": stamp, "now": now}
    found = list(await uow.session.scalars(_CARRIED_OR_WAITING, about))
    carried = [row for row in found if row.external_id == stamp]
    if not carried and found:
        carried = found
        await uow.outbox.mark_each_sent({row.id: (stamp, now) for row in found})
    return [_answer(call.sender, row) for row in carried]


_CARRIED_OR_WAITING = (
    select(OutboxMessage)
    .join(Conversation, Conversation.id == OutboxMessage.conversation_id)
    .where(
        Conversation.channel == NAME,
        Conversation.address == bindparam("address"),
        or_(
            OutboxMessage.external_id == bindparam("stamp"),
            and_(
                OutboxMessage.status == "queued",
                or_(  # what was to go at once, also when the clock was turned back since
                    OutboxMessage.due_at <= bindparam("now", type_=UtcDateTime),
                    OutboxMessage.due_at <= OutboxMessage.created_at,
                ),
            ),
        ),
    )
    .order_by(OutboxMessage.id)
)


def _answer(sender: str, row: OutboxMessage) -> dict[str, Any]:
    return {
        "recipient_id": sender,
        "text": row.text,
        "buttons": [{"title": b["title"], "payload": b["payload"]} for b in row.buttons or ()],
        "custom": dict(row.custom or {}),
    }


def _text(body: dict[str, Any], key: str, longest: int, *, empty: bool = False) -> str:
    value = body.get(key, "" if empty else None)
    if value is None and empty:
        return ""
    if not isinstance(value, str):
        raise BadMessage(f"{key} must be a string")
    if not (value.strip() or empty):
        raise BadMessage(f"{key} must not be empty")
    if len(value) > longest:
        raise BadMessage(f"{key} must have at most {longest} characters")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadMessage(f"{key} must not contain NUL or half of a character")
    return value


def _short(name: str) -> str:
    """A name that fits its column: as it is, or its hash."""
    if len(name) <= LONGEST_NAME:
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def _moment(value: Any, now: datetime) -> datetime:
    """When the message was written; a time without a zone is meant as local."""
    if value is None:
        return now
    try:
        return moment_of(value)
    except (TypeError, ValueError):
        raise BadMessage("metadata.sent_at must be an ISO 8601 time") from None
