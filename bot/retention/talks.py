"""What was said and begun: messages lose their words after a while, much later their rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from bot.clock import local_day
from bot.retention.step import Span, Step, emptied, removed
from bot.workers.events import Rules
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.misheard import Misheard
from storage.models.officer import Notice
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork


def _messages(rules: Rules) -> timedelta:
    return rules.messages


def _long(rules: Rules) -> timedelta:
    """How long a row without words stays: never shorter than its words did."""
    return max(rules.audit, rules.messages)


def _since_touched(span: Span) -> Sequence[ColumnElement[bool]]:
    """Talks that fell silent since the last night, and all that go on: their drafts age too."""
    return () if span.since is None else (Conversation.updated_at > span.since,)


async def _drop_drafts(uow: UnitOfWork, ids: Sequence[int], span: Span) -> int:
    """A talk that is in use is left to the next night."""
    query = select(Conversation).where(Conversation.id.in_(ids)).order_by(Conversation.id)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    talks = (await uow.session.scalars(locked)).all()
    return sum(drop_drafts(talk, span.until) for talk in talks)


def drop_drafts(talk: Conversation, oldest: datetime) -> int:
    """Forget forms put aside too long ago, and in a silent conversation those under way."""
    drafts: list[dict[str, Any]] = list(talk.state.get("drafts") or [])
    stack: list[Any] = list(talk.state.get("stack") or [])
    kept = [d for d in drafts if datetime.fromisoformat(d["saved_at"]) > oldest]
    idle = stack if talk.updated_at <= oldest else []
    dropped = len(drafts) - len(kept) + len(idle)
    if dropped:
        talk.state = {**talk.state, "drafts": kept, "stack": [] if idle else stack}
    if talk.updated_at <= oldest and talk.state.get("loose_files"):
        talk.state = {**talk.state, "loose_files": [], "loose_voices": []}
    return dropped


STEPS = (
    Step(
        "drafts",
        "过期草稿",
        Conversation,
        Conversation.updated_at,
        lambda rules: rules.drafts,
        _since_touched,
        _drop_drafts,
    ),
    Step(
        "inbox",
        "过期的来信",
        InboxMessage,
        InboxMessage.handled_at,
        _messages,
        lambda span: (InboxMessage.status != "new", *span.passed(InboxMessage.handled_at)),
        emptied(InboxMessage, payload={}, error=None),
    ),
    Step(
        "outbox",
        "过期的回信",
        OutboxMessage,
        OutboxMessage.due_at,
        _messages,
        lambda span: (OutboxMessage.status != "queued", *span.passed(OutboxMessage.due_at)),
        emptied(OutboxMessage, text="", buttons=[], custom={}, error=None),
    ),
    Step(
        "reminders",
        "过期的提醒",
        Reminder,
        Reminder.due_at,
        _messages,
        lambda span: (Reminder.status != "waiting", *span.passed(Reminder.due_at)),
        emptied(Reminder, text=""),
    ),
    Step(
        "notices",
        "过期的工作通知",
        Notice,
        Notice.at,
        _messages,
        lambda span: (Notice.at <= span.until,),
        removed(Notice),
    ),
    Step(
        "misheard",
        "没听懂的话",
        Misheard,
        Misheard.last_on,
        _messages,
        lambda span: (
            Misheard.status.in_(("waiting", "dropped")),
            Misheard.last_on < local_day(span.until),
        ),
        removed(Misheard),
    ),
    Step(
        "inbox_rows",
        "没有内容的来信",
        InboxMessage,
        InboxMessage.handled_at,
        _long,
        lambda span: (InboxMessage.status != "new", InboxMessage.handled_at <= span.until),
        removed(InboxMessage),
    ),
    Step(
        "outbox_rows",
        "没有内容的回信",
        OutboxMessage,
        OutboxMessage.due_at,
        _long,
        lambda span: (OutboxMessage.status != "queued", OutboxMessage.due_at <= span.until),
        removed(OutboxMessage),
    ),
    Step(
        "reminder_rows",
        "没有内容的提醒",
        Reminder,
        Reminder.due_at,
        _long,
        lambda span: (Reminder.status != "waiting", Reminder.due_at <= span.until),
        removed(Reminder),
    ),
)
