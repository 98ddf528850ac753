"""The life of one message, top to bottom: claim, understand, one transaction for all it causes."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Inbound
from bot.clock import local_day
from bot.errors import Conflict, ServiceError, WrongCode
from bot.handlers.acting import Outcome
from bot.handlers.asking import waiting_in
from bot.handlers.dispatch import handle
from bot.learning.keeping import before_this, keep_misheard
from bot.learning.noticing import Turned
from bot.learning.questions import count_questions
from bot.login.codes import note_miss
from bot.officers.chat import LineRefused, answer_line, line_of
from bot.rights.actor import Actor
from bot.turns import answers, asked_again, passing_on
from bot.turns.hearing import STORED, context_of, hear, merge, to_keep, words_of
from bot.turns.lookup import TurnLookup
from bot.turns.replies import queue
from bot.turns.steps import Step
from bot.turns.topics import topic_of_record, topic_of_turn
from flows.all import FLOWS
from flows.commands import AmendRecord, Command, DeleteMyData, DocumentRef
from flows.engine import Turn, take_turn
from flows.heard import Heard
from flows.moves import keep_draft
from flows.state import State
from nlu.types import Context, Engine
from storage.db import Database
from storage.models.conversation import Conversation
from storage.models.inquiry import Inquiry
from storage.models.message import InboxMessage
from storage.models.person import Person
from storage.uow import UnitOfWork

log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """A message leased to this worker, with all that is needed to understand it."""

    inbox_id: int
    mates: tuple[int, ...]
    conversation_id: int
    inbound: Inbound
    context: Context
    attempts: int
    not_meant: int | None = None
    """The earlier message that is heard again, because it was no answer to an officer."""
    waited: float = 0.0
    """Seconds since it might have been handled."""


async def claim(
    db: Database, now: datetime, lease: timedelta, conversation_id: int | None = None
) -> Claim | None:
    """Lease the oldest unhandled message of a conversation nobody is busy with."""
    async with db.write(brief=True) as uow:
        return await claim_in(uow, now, lease, conversation_id)


async def claim_in(
    uow: UnitOfWork, now: datetime, lease: timedelta, conversation_id: int | None
) -> Claim | None:
    """The same in a transaction that does more."""
    row = await uow.inbox.claim_next(now, lease, conversation_id)
    if row is None:
        return None
    mates = await uow.inbox.album_mates(row)
    try:
        inbound = merge([STORED.validate_python(r.payload) for r in (row, *mates)])
    except ValueError:  # raised from here it would come back for ever and stop everybody
        await uow.inbox.park(row, now, "the stored message cannot be read")
        log.error("message.unreadable", turn=row.id, conversation=row.conversation_id)
        return None
    conversation = await uow.conversations.get(row.conversation_id)
    state, home, not_meant = State(), None, None
    if conversation is not None:
        state = State.model_validate(conversation.state)
        not_meant = await answers.not_meant(uow, conversation.id, state, inbound)
        inbound = STORED.validate_python(not_meant.payload) if not_meant else inbound
        person = await uow.people.get(conversation.person_id)
        home = person.home_region if person else None
    context = context_of(state, inbound, home)
    ids = tuple(mate.id for mate in mates)
    taken_back = not_meant.id if not_meant else None
    waited = max(0.0, (now - row.ready_at).total_seconds())
    about = row.id, ids, row.conversation_id, inbound, context, row.attempts
    return Claim(*about, taken_back, waited)


async def take(db: Database, engine: Engine, claimed: Claim, now: datetime, step: Step) -> str:
    """Understand a claimed message; it is answered, or refused with a reason.

    Raises whatever went wrong; nothing is half done.
    """
    step("understand")
    heard = await asyncio.to_thread(hear, engine, claimed.inbound, claimed.context)
    step("turn")
    try:
        async with db.write(brief=True) as uow:
            await _turn(uow, claimed, heard, now, step)
            step("before_commit")
    except Conflict:  # somebody was faster: the same message again, on what is there now
        raise
    except ServiceError as error:
        async with db.write(brief=True) as uow:
            await _say_refusal(uow, claimed, heard, error, now)
        step("after_commit")
        return "refused"
    step("after_commit")
    return "answered"


@dataclass(frozen=True)
class _Sheet:
    """One message in its transaction."""

    uow: UnitOfWork
    claimed: Claim
    conversation: Conversation
    row: InboxMessage
    person: Person
    heard: Heard
    now: datetime

    @property
    def by(self) -> Actor:
        """The one who wrote, as one who acts."""
        return Actor.person(self.person.id, self.conversation.id, self.person.name or "")


async def _turn(uow: UnitOfWork, claimed: Claim, heard: Heard, now: datetime, step: Step) -> None:
    conversation = await uow.conversations.lock(claimed.conversation_id)
    row = await uow.inbox.get(claimed.inbox_id, lock=True)
    if row is None or row.status != "new":
        return
    person = await uow.people.get(conversation.person_id)
    assert person is not None  # noqa: S101 - a conversation always has its person
    sheet = _Sheet(uow, claimed, conversation, row, person, heard, now)
    if not (await _is_line(sheet, step) or await _is_talk_with_officer(sheet)):
        await _answer(sheet, step)
    await _handled(uow, row, claimed, heard, now)


async def _is_line(sheet: _Sheet, step: Step) -> bool:
    """An officer's short line is answered as such."""
    uow, talk = sheet.uow, sheet.conversation
    officer = await uow.officers.of_conversation(talk.id)
    line = await line_of(uow, talk, sheet.claimed.inbound, sheet.now) if officer else None
    if officer is None or line is None:
        return False
    said = await answer_line(uow, officer, line, sheet.claimed.inbound, sheet.now)
    step("commands")
    about = talk.id, said.text, said.buttons, said.custom, sheet.now
    await uow.outbox.add(*about, in_reply_to=sheet.row.id)
    return True


async def _is_talk_with_officer(sheet: _Sheet) -> bool:
    """While an officer talks the words are theirs, but for danger."""
    talk = sheet.conversation
    if talk.officer_id is None or _is_danger(talk, sheet.heard):
        return False
    if talk.officer_reference is not None:
        sheet.row.topic = topic_of_record(talk.officer_reference)
    await _note_for_officer(sheet.uow, talk, sheet.heard, sheet.by, sheet.now)
    return True


async def _answer(sheet: _Sheet, step: Step) -> None:
    """The answer to an officer's question, or else a turn of the dialogue."""
    uow, now = sheet.uow, sheet.now
    before = State.model_validate(sheet.conversation.state)
    earlier = await uow.inbox.get(sheet.claimed.not_meant) if sheet.claimed.not_meant else None
    if earlier is not None:
        await asked_again.take_back(uow, earlier, sheet.by, now)
    inquiry = await waiting_in(uow, sheet.conversation.id, now)
    if inquiry is not None and asked_again.wants_question(before, sheet.heard):
        await asked_again.ask_again(uow, inquiry, sheet.row, now)
    elif (
        inquiry is not None
        and earlier is None
        and await answers.is_meant(uow, inquiry, before, sheet.heard, now)
    ):
        await _pass_on(sheet, before, inquiry.reference, "question.answered")
    else:
        await _talk(sheet, before, step, inquiry, earlier)


async def _pass_on(sheet: _Sheet, before: State, reference: str, key: str) -> None:
    """The words go to the officer of a record; a form under way asks its question again."""
    uow, row, now = sheet.uow, sheet.row, sheet.now
    await answers.take(uow, reference, sheet.heard, sheet.by, row, now, key)
    lookup = TurnLookup(uow, sheet.person, now, sheet.conversation.id)
    await _say(sheet, await answers.go_on(before, row, lookup, now))


async def _talk(
    sheet: _Sheet,
    before: State,
    step: Step,
    inquiry: Inquiry | None,
    earlier: InboxMessage | None,
) -> None:
    """One step of the dialogue and all it causes; an officer's question that waits is kept."""
    uow, row, person, now = sheet.uow, sheet.row, sheet.person, sheet.now
    _keep_role(person, sheet.claimed.inbound)
    heard = asked_again.plain(sheet.heard)
    lookup = TurnLookup(uow, person, now, sheet.conversation.id)
    turn = await take_turn(FLOWS, before, heard, lookup, now)
    if inquiry is None and earlier is None and passing_on.is_lost(before, heard, turn):
        record = await passing_on.spoken_of(uow, sheet.conversation.id, person.id, now)
        if record is not None:
            await _pass_on(sheet, before, record.reference, "question.passed_on")
            return
    step("flow")
    topic = topic_of_turn(sheet.conversation.id, turn.topic)
    if earlier is not None:
        earlier.topic = topic
    renamed = await _do(uow, turn.commands, sheet.by, now, topic)
    step("commands")
    turned = Turned(sheet.conversation.id, before, heard, turn, await before_this(uow, row))
    await keep_misheard(uow, turned, person.home_region, person.name or "")
    waiting = asked_again.Waiting(inquiry, before, heard, turn, earlier is not None)
    await _say(sheet, waiting.shown, renamed)
    row.topic = topic
    # Last: all count in the same few rows, and who counts after us waits for our commit.
    await count_questions(uow, before, turn, local_day(now))
    if inquiry is not None and waiting.is_due:
        await asked_again.ask_again(uow, inquiry, row, now)


async def _say(sheet: _Sheet, turn: Turn, renamed: dict[str, str] | None = None) -> None:
    talk, row = sheet.conversation, sheet.row
    talk.state = _remembered(turn).model_dump(mode="json")
    talk.updated_at = sheet.now
    topic = topic_of_turn(talk.id, turn.topic)
    for say in turn.replies:
        await queue(sheet.uow, talk, sheet.person.language, say, row, sheet.now, topic, renamed)


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
