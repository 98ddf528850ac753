"""One-time codes typed into a chat: how long one is good, and how often one may guess."""

import secrets
from datetime import datetime, timedelta

from bot.errors import Refused
from bot.words import render
from storage.models.conversation import Conversation

CODE_LASTS = timedelta(minutes=30)
MOST_MISSES = 5
MISSES_FORGOTTEN = timedelta(hours=1)


def new_code() -> str:
    """A code short enough to be typed and too long to be guessed in a few tries."""
    return f"{secrets.randbelow(10**8):08d}"


def may_try(conversation: Conversation, now: datetime) -> None:
    """Raises Refused after too many wrong codes, whatever the next code is."""
    if _misses(conversation, now) >= MOST_MISSES:
        raise Refused(render("refused.codes"))


def note_miss(conversation: Conversation, now: datetime) -> None:
    """Count a wrong code against the conversation it came from."""
    conversation.code_misses = _misses(conversation, now) + 1
    conversation.code_missed_at = now


def _misses(conversation: Conversation, now: datetime) -> int:
    last = conversation.code_missed_at
    is_old = last is None or abs(now - last) >= MISSES_FORGOTTEN  # also when the clock was wrong
    return 0 if is_old else conversation.code_misses
