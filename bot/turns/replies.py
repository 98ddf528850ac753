"""What flows say, put into the outbox in the person's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.say import Say
from flows.words import render, render_choice
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage
from storage.uow import UnitOfWork


async def queue(
    uow: UnitOfWork,
    conversation: Conversation,
    language: str,
    say: Say,
    row: InboxMessage,
    now: datetime,
    topic: str | None,
    renamed: Mapping[str, str] | None = None,
) -> None:
    """Queue one reply; `renamed` references turned out to be those of existing records."""
    text, custom = render(say, language), dict(say.custom)
    for old, new in (renamed or {}).items():
        text, custom = text.replace(old, new), _replaced(custom, old, new)
    buttons = [
        {"title": render_choice(choice, language), "payload": choice.payload}
        for choice in say.choices
    ]
    about = conversation.id, text, buttons, custom, now
    await uow.outbox.add(*about, in_reply_to=row.id, topic=topic)


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {k: _replaced(v, old, new) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, old, new) for v in value]
    return new if value == old else value
