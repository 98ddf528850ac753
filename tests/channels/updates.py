"""Updates as Telegram sends them, for the tests of the Telegram channel."""

from datetime import UTC, datetime
from typing import Any

from aiogram.types import Update

SENT = 1795255200  # 2026-11-21 10:00 UTC
SENT_AT = datetime.fromtimestamp(SENT, UTC)
CHAT = 700123
PERSON = {"id": CHAT, "is_bot": False, "first_name": "乌兰", "last_name": "图雅"}


def update(kind: str, body: dict[str, Any], update_id: int = 1) -> Update:
    """One update of a kind."""
    return Update.model_validate({"update_id": update_id, kind: body})


def message_body(chat_type: str = "private", **content: Any) -> dict[str, Any]:
    """The body of a message in the private chat (or another one), with the given content."""
    return {
        "message_id": 41,
        "date": SENT,
        "chat": {"id": CHAT, "type": chat_type},
        "from": PERSON,
        **content,
    }


def message(update_id: int = 1, **content: Any) -> Update:
    """A new message."""
    return update("message", message_body(**content), update_id)


def photo_size(name: str, width: int, height: int, size: int = 1000) -> dict[str, Any]:
    """One of the sizes in which Telegram keeps a photo."""
    return {
        "file_id": name,
        "file_unique_id": f"u{name}",
        "width": width,
        "height": height,
        "file_size": size,
    }


def callback(data: str = "yes", identity: str = "99") -> Update:
    """A pressed button."""
    return update(
        "callback_query",
        {
            "id": identity,
            "from": PERSON,
            "chat_instance": "1",
            "data": data,
            "message": message_body(text="?"),
        },
    )


def membership(status: str, chat_type: str = "private") -> Update:
    """The bot was blocked, unblocked, or added to a group."""
    bot = {"id": 1, "is_bot": True, "first_name": "b"}
    new: dict[str, Any] = {"status": status, "user": bot}
    if status == "kicked":
        new["until_date"] = 0
    body = {
        "chat": {"id": CHAT, "type": chat_type},
        "from": PERSON,
        "date": SENT,
        "old_chat_member": {"status": "left", "user": bot},
        "new_chat_member": new,
    }
    return update("my_chat_member", body)
