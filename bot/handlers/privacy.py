"""Erasing what may be erased on request; what the law makes us keep is frozen and unlinked (PIPL 47)."""

from sqlalchemy import delete, select, update

from bot.handlers.acting import Acting, Outcome
from bot.handlers.training import cancel_registration
from bot.records import Record, is_open
from flows.commands import DeleteMyData
from storage.kinds import ApplicationStatus, RecordKind
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.record import Application, Registration

_UNDECIDED = frozenset(
    {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.RETURNED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.REJECTED,
    }
)
"""Applications that led to nothing: no public money to account for, so they may go."""
ERASED = "（已删除）"
