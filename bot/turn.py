"""The life of one message, top to bottom: claim, understand, one transaction for all it causes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import answers
from bot.actor import Actor
from bot.channels.base import Inbound
from bot.clock import local_day
from bot.codes import note_miss
from bot.errors import Conflict, ServiceError, WrongCode
from bot.handlers.acting import Outcome
from bot.handlers.dispatch import handle
from bot.hearing import STORED, context_of, hear, merge, to_keep, words_of
from bot.learning.keeping import before_this, keep_misheard
from bot.learning.noticing import Turned
from bot.learning.questions import count_questions
from bot.lookup import TurnLookup
from bot.officer_chat import LineRefused, answer_line, line_of
from bot.topics import topic_of_record, topic_of_turn
from flows.all import FLOWS
from flows.commands import AmendRecord, Command, DeleteMyData, DocumentRef
from flows.engine import Turn, take_turn
from flows.heard import Heard
from flows.moves import keep_draft
from flows.say import Say
from flows.state import State
from flows.words import render, render_choice
from nlu.types import Context, Engine
from storage.db import Database
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage
from storage.models.person import Person
from storage.uow import UnitOfWork

Step = Callable[[str], None]


@dataclass(frozen=True)
class Claim:
    """A message leased to this worker, with all that is needed to understand it."""

    inbox_id: int
    mates: tuple[int, ...]
    conversation_id: int
    inbound: Inbound
    context: Context
    attempts: int


async def claim(
    db: Database, now: datetime, lease: timedelta, conversation_id: int | None = None
) -> Claim | None:
    """Lease the oldest unhandled message of a conversation nobody is busy with."""
    async with db.write() as uow:
        row = await uow.inbox.claim_next(now, lease, conversation_id)
        if row is None:
            return None
        mates = await uow.inbox.album_mates(row)
        try:
            inbound = merge([STORED.validate_python(r.payload) for r in (row, *mates)])
        except ValueError:  # raised from here it would come back for ever and stop everybody
            await uow.inbox.park(row, now, "the stored message cannot be read")
            return None
        conversation = await uow.conversations.get(row.conversation_id)
        state, home = State(), None
        if conversation is not None:
            state = State.model_validate(conversation.state)
            person = await uow.people.get(conversation.person_id)
            home = person.home_region if person else None
        context = context_of(state, inbound, home)
        ids = tuple(mate.id for mate in mates)
        return Claim(row.id, ids, row.conversation_id, inbound, context, row.attempts)


async def take(db: Database, engine: Engine, claimed: Claim, now: datetime, step: Step) -> None:
    """Understand and answer a claimed message. Raises whatever went wrong; nothing is half done."""
    step("understand")
    heard = await asyncio.to_thread(hear, engine, claimed.inbound, claimed.context)
    step("turn")
    try:
        async with db.write() as uow:
            await _turn(uow, claimed, heard, now, step)
            step("before_commit")
    except Conflict:  # somebody was faster: the same message again, on what is there now
        raise
    except ServiceError as error:
        async with db.write() as uow:
            await _say_refusal(uow, claimed, heard, error, now)
    step("after_commit")


async def _turn(uow: UnitOfWork, claimed: Claim, heard: Heard, now: datetime, step: Step) -> None:
    conversation = await uow.conversations.lock(claimed.conversation_id)
    row = await uow.inbox.get(claimed.inbox_id, lock=True)
    if row is None or row.status != "new":
        return
    person = await uow.people.get(conversation.person_id)
    assert person is not None  # noqa: S101 - a conversation always has its person
    officer = await uow.officers.of_conversation(conversation.id)
    line = await line_of(uow, conversation, claimed.inbound, now) if officer else None
    if officer is not None and line is not None:
        said = await answer_line(uow, officer, line, claimed.inbound, now)
        step("commands")
        about = conversation.id, said.text, said.buttons, said.custom, now
        await uow.outbox.add(*about, in_reply_to=row.id)
        await _handled(uow, row, claimed, heard, now)
        return
    by = Actor.person(person.id, conversation.id, person.name or "")
    if conversation.officer_id is not None and not _is_danger(conversation, heard):
        if conversation.officer_reference is not None:
            row.topic = topic_of_record(conversation.officer_reference)
        await _note_for_officer(uow, conversation, heard, by, now)
        await _handled(uow, row, claimed, heard, now)
        return
    inquiry = await uow.inquiries.open_in(conversation.id)
    if inquiry is not None and answers.is_answer(heard):
        await answers.take(uow, inquiry, heard, by, row, now)
        await _handled(uow, row, claimed, heard, now)
        return
    _keep_role(person, claimed.inbound)
    before = State.model_validate(conversation.state)
    turn = await take_turn(FLOWS, before, heard, TurnLookup(uow, person, now), now)
    step("flow")
    row.topic = topic_of_turn(conversation.id, turn.topic)
    renamed = await _do(uow, turn.commands, by, now, row.topic)
    step("commands")
    turned = Turned(conversation.id, before, heard, turn, await before_this(uow, row))
    await keep_misheard(uow, turned, person.home_region, person.name or "")
    conversation.state = _remembered(turn).model_dump(mode="json")
    conversation.updated_at = now
    await count_questions(uow, before, turn, local_day(now))
    for say in turn.replies:
        await _queue(uow, conversation, person.language, say, row, now, renamed)
    await _handled(uow, row, claimed, heard, now)


def _is_danger(conversation: Conversation, heard: Heard) -> bool:
    """Danger is answered also while an officer talks, and so is what the bot asked about it."""
    frame = State.model_validate(conversation.state).frame
    return heard.understood.emergency or (frame is not None and frame.flow == "emergency")


def _remembered(turn: Turn) -> State:
    """After a deletion nothing is: the next message is the first."""
    is_deleted = any(isinstance(command, DeleteMyData) for command in turn.commands)
    return State() if is_deleted else turn.state


async def _do(
    uow: UnitOfWork,
    commands: tuple[Command, ...],
    by: Actor,
    now: datetime,
    topic: str | None,
) -> dict[str, str]:
    """Make all changes; returns references that turned out to be those of an existing record."""
    renamed: dict[str, str] = {}
    for command in commands:
        outcome = await handle(uow, command, by, now)
        await _tie(uow, outcome, by, topic)
        wanted = getattr(command, "reference", None)
        if wanted and outcome.reference and outcome.reference != wanted and not outcome.changed:
            renamed[wanted] = outcome.reference
    return renamed


async def _tie(uow: UnitOfWork, outcome: Outcome, by: Actor, topic: str | None) -> None:
    """What the person said in this form belongs to their record."""
    record = await uow.records.get(outcome.reference) if outcome.reference and topic else None
    if record is not None and topic is not None and record.person_id == by.id:
        await uow.topics.tie(record.reference, topic)


async def _queue(
    uow: UnitOfWork,
    conversation: Conversation,
    language: str,
    say: Say,
    row: InboxMessage,
    now: datetime,
    renamed: dict[str, str],
) -> None:
    text, custom = render(say, language), dict(say.custom)
    for old, new in renamed.items():
        text, custom = text.replace(old, new), _replaced(custom, old, new)
    buttons = [
        {"title": render_choice(choice, language), "payload": choice.payload}
        for choice in say.choices
    ]
    await uow.outbox.add(
        conversation.id, text, buttons, custom, now, in_reply_to=row.id, topic=row.topic
    )


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {k: _replaced(v, old, new) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, old, new) for v in value]
    return new if value == old else value


async def _handled(
    uow: UnitOfWork, row: InboxMessage, claimed: Claim, heard: Heard, now: datetime
) -> None:
    understood = heard.understood
    row.heard = {"intent": understood.intent, "confidence": round(understood.confidence, 3)}
    if len(understood.ranking) > 1:
        row.heard["next"] = understood.ranking[1][0]
    mates = [await uow.inbox.get(mate, lock=True) for mate in claimed.mates]
    for each in (row, *mates):
        if each is not None:
            each.payload = to_keep(each.payload)
            each.topic = row.topic
            await uow.inbox.mark_handled(each, now)


def _keep_role(person: Person, inbound: Inbound) -> None:
    if inbound.role and person.role != inbound.role:
        person.role = inbound.role


async def _note_for_officer(
    uow: UnitOfWork, conversation: Conversation, heard: Heard, by: Actor, now: datetime
) -> None:
    """While an officer talks the bot is silent; the words reach the officer."""
    reference = conversation.officer_reference
    if reference is not None:
        papers = tuple(DocumentRef(file.attachment, "other") for file in heard.files)
        await handle(uow, AmendRecord(reference, note=words_of(heard), documents=papers), by, now)


async def _say_refusal(
    uow: UnitOfWork, claimed: Claim, heard: Heard, error: ServiceError, now: datetime
) -> None:
    """A change that the rules refuse: say why, put the form aside, change nothing else."""
    conversation = await uow.conversations.lock(claimed.conversation_id)
    row = await uow.inbox.get(claimed.inbox_id, lock=True)
    if row is None or row.status != "new":
        return
    if isinstance(error, WrongCode):
        note_miss(conversation, now)
    custom = error.custom if isinstance(error, LineRefused) else {}
    state = State.model_validate(conversation.state)
    if state.stack and not isinstance(error, LineRefused):
        keep_draft(FLOWS, state, state.stack.pop(), now)
    conversation.state = state.model_dump(mode="json")
    await uow.outbox.add(conversation.id, error.reason, [], custom, now, in_reply_to=row.id)
    await _handled(uow, row, claimed, heard, now)
