"""An officer works from the chat: a short line becomes the same command as a form at the desk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.channels.base import Inbound
from bot.errors import Conflict, ServiceError
from bot.handlers.dispatch import handle
from bot.officers.buttons import ABOUT, buttons, numbered, pressed_line
from bot.officers.commands import Unclear, command_of, done
from bot.officers.lines import Line, Verb, read_line
from bot.officers.photos import with_photos
from bot.officers.views import look, mine
from bot.rights.actor import Actor
from bot.words import render
from flows.state import State
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_LOOKED_BACK = 30
_AT_ONCE = timedelta(minutes=2)
"""Of notices as close as this nobody knows which one is answered."""
_REMEMBERED = timedelta(days=3)
_EXAMPLE = "D26-4830-215"


class LineRefused(ServiceError):
    """A change that an officer's line asked for was refused; no form of theirs is to blame."""

    def __init__(self, reason: str, reference: str | None) -> None:
        super().__init__(reason)
        self.custom: dict[str, Any] = {ABOUT: reference} if reference else {}


@dataclass(frozen=True)
class Answer:
    """What the officer is told."""

    text: str
    buttons: list[dict[str, Any]] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)


async def line_of(
    uow: UnitOfWork, conversation: Conversation, inbound: Inbound, now: datetime
) -> Line | None:
    """The officer's line that a message is, or None: then it belongs to the dialogue."""
    if inbound.value or inbound.text.startswith("!"):
        return pressed_line(inbound.value or inbound.text)
    in_dialogue = State.model_validate(conversation.state).frame is not None
    line = read_line(inbound.text, in_dialogue)
    if line is not None or in_dialogue or not inbound.text.strip().isdigit():
        return line
    last = await uow.outbox.latest(conversation.id, now, 1)
    return numbered(inbound.text, last[0].buttons) if last else None


async def answer_line(
    uow: UnitOfWork, officer: Officer, line: Line, inbound: Inbound, now: datetime
) -> Answer:
    """Do what the line says. Raises LineRefused with the words of the rule, or Conflict."""
    told = await _without_record(uow, officer, line, inbound, now)
    if told is not None:
        return told
    about = {line.reference} if line.reference else await _left_out(uow, officer, now)
    if len(about) != 1:
        return Answer(_which("line.several" if about else "line.which", line))
    reference = about.pop()
    try:
        return await _about_record(uow, officer, line, reference, inbound, now)
    except Conflict:  # the same message again, on what is there now
        raise
    except ServiceError as error:
        reason = render("line.refused", reference=reference, reason=error.reason)
        raise LineRefused(reason, reference) from error


async def _without_record(
    uow: UnitOfWork, officer: Officer, line: Line, inbound: Inbound, now: datetime
) -> Answer | None:
    """The answer to a line that needs no record, or names none that can be."""
    if line.verb is Verb.HELP:
        return Answer(render("line.help"))
    if line.verb is Verb.MINE:
        return Answer(await mine(uow, officer, now))
    if inbound.edit_of is not None:
        return Answer(render("line.edited"))
    return Answer(_which("line.broken", line)) if line.is_broken else None


def _which(key: str, line: Line) -> str:
    return render(key, example=render(f"line.example.{line.verb}", reference=_EXAMPLE))


async def _left_out(uow: UnitOfWork, officer: Officer, now: datetime) -> set[str]:
    """The record that was told of last; several when nobody knows which one is meant."""
    assert officer.conversation_id is not None  # noqa: S101 - the line came from there
    return _spoken_of(await uow.outbox.latest(officer.conversation_id, now, _LOOKED_BACK), now)


def _spoken_of(said: list[OutboxMessage], now: datetime) -> set[str]:
    """The record told of last; several when notices of different ones came at the same time."""
    told = [row for row in said if ABOUT in row.custom and now - row.due_at <= _REMEMBERED]
    if not told:
        return set()
    newest = told[0]
    if newest.in_reply_to is not None:  # an answer about one record, which the officer has read
        return {str(newest.custom[ABOUT])}
    close = [row for row in told if newest.due_at - row.due_at <= _AT_ONCE]
    return {str(row.custom[ABOUT]) for row in close}


async def _about_record(
    uow: UnitOfWork, officer: Officer, line: Line, reference: str, inbound: Inbound, now: datetime
) -> Answer:
    if line.verb is Verb.LOOK:
        text, record = await look(uow, officer, reference, now)
        return Answer(text, buttons(record, officer), {ABOUT: record.reference})
    try:
        command = await command_of(uow, officer, line, reference)
    except Unclear as unclear:
        return Answer(unclear.reason, custom={ABOUT: reference})
    command, keeps_all = await with_photos(uow, command, inbound.files)
    outcome = await handle(uow, command, Actor.officer(officer), now)
    changed = await uow.records.get(reference)
    assert changed is not None  # noqa: S101 - it was changed just now
    text = await done(uow, command, changed, outcome.changed)
    if not keeps_all:
        text = f"{text}\n{render('line.no_photo')}"
    return Answer(text, custom={ABOUT: changed.reference})
