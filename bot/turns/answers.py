"""The next words of somebody whom an officer asked something are the answer, unless they are not.

Whoever asked last is answered: the officer, or the form under way. Words that went to the officer
by mistake are taken back by one button, and heard again as if said to the bot.
"""

from datetime import datetime, timedelta

from bot.cases.records import Record, subject_name
from bot.channels.base import Inbound
from bot.handlers.asking import ASKED
from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from bot.turns.hearing import nothing, words_of
from bot.turns.lookup import TurnLookup
from bot.turns.topics import topic_of_record
from bot.words import render
from flows.all import FLOWS
from flows.commands import AmendRecord, DocumentRef
from flows.engine import Turn, take_turn
from flows.heard import Heard
from flows.state import Offer, State
from flows.values import UNKNOWN
from nlu.types import Intent
from storage.kinds import RecordKind
from storage.models.inquiry import Inquiry
from storage.models.message import InboxMessage
from storage.uow import UnitOfWork

PRESS_NOT_MEANT = "!question=not_meant_"

_SURE = 0.8
_COURTESY = 6  # characters: 老师您好, 谢谢您; whoever says more, says something
_LOOKED_AT = 20  # messages
_SECOND = timedelta(seconds=1)  # channels tell no more exactly when something was said
POLITE = frozenset({Intent.GREET, Intent.THANK, Intent.GOODBYE})
_FOR_THE_BOT = frozenset(
    {Intent.TALK_TO_HUMAN, Intent.COMPLAIN, Intent.REPORT_EMERGENCY, Intent.HELP, Intent.CANCEL}
    | {Intent.STOP_REMINDERS, Intent.START_REMINDERS, Intent.DELETE_MY_DATA, Intent.SET_REMINDER}
    | {Intent.SWITCH_LANGUAGE, Intent.WITHDRAW_APPLICATION, Intent.CANCEL_REGISTRATION}
    | {Intent.CHECK_STATUS, Intent.ASK_POLICY}
)
"""Plain wishes to the bot are no answers to an officer."""
_NEW_TASK = {
    Intent.APPLY_AID: RecordKind.AID_APPLICATION,
    Intent.FIND_TRAINING: RecordKind.TRAINING_REGISTRATION,
}
"""About a record of that very kind such words tell more of it; else they begin something."""


async def is_meant(
    uow: UnitOfWork, inquiry: Inquiry, state: State, heard: Heard, now: datetime
) -> bool:
    """Whether a message is meant for the officer who asked, not for the bot."""
    record = await uow.records.get(inquiry.reference)
    if record is None or not is_answer(heard) or _begins_another(record, heard):
        return False
    if state.frame is None:
        return not payload_of(state, None, heard.text, heard.understood.choice)
    if state.frame.flow == "emergency":
        return state.emergency is not None and state.emergency.reference == record.reference
    return await _officer_asked_last(uow, inquiry, heard, now)


def is_answer(heard: Heard) -> bool:
    """Whether a message can be an answer: no button, no danger, no plain wish to the bot."""
    understood, words = heard.understood, words_of(heard).strip()
    if heard.press is not None or heard.edit_of is not None or understood.emergency:
        return False
    if not (words or heard.files):
        return False
    if understood.intent in POLITE and len(words) <= _COURTESY and not heard.files:
        return False
    return not (understood.intent in _FOR_THE_BOT and understood.confidence >= _SURE)


def _begins_another(record: Record, heard: Heard) -> bool:
    """Another child's story, or a wish that the record is not about."""
    understood = heard.understood
    if understood.confidence < _SURE:
        return False
    kind = _NEW_TASK.get(understood.intent)
    if kind is not None and kind != record.kind:
        return True
    is_task = kind is not None or understood.intent is Intent.REPORT_DROPOUT
    return is_task and _names_another(record, heard)


def _names_another(record: Record, heard: Heard) -> bool:
    known = subject_name(record)
    if not known or known == UNKNOWN:
        return False
    entities = heard.understood.entities
    named = [str(e.value) for e in entities if e.entity == "child_name" and not e.weak]
    return bool(named) and not any(name in known or known in name for name in named)


async def _officer_asked_last(
    uow: UnitOfWork, inquiry: Inquiry, heard: Heard, now: datetime
) -> bool:
    """Whether the officer's question is what the person saw last, below the form's own."""
    for row in await uow.outbox.latest(inquiry.conversation_id, now, _LOOKED_AT):
        if row.created_at < inquiry.asked_at:
            break
        if ASKED in row.custom:
            return heard.at + _SECOND >= row.created_at
        if "asks" in row.custom:
            return False
    return True


async def take(
    uow: UnitOfWork,
    reference: str,
    heard: Heard,
    by: Actor,
    row: InboxMessage,
    now: datetime,
    key: str = "question.answered",
) -> None:
    """Put the words into the record and say that they went to the officer."""
    row.topic = topic_of_record(reference)
    papers = tuple(DocumentRef(file.attachment, "other") for file in heard.files)
    answer = AmendRecord(reference, note=words_of(heard), documents=papers)
    await handle(uow, answer, by, now)
    offer = _not_meant(row)
    buttons = [{"title": offer.title, "payload": offer.payload}]
    talk, text = row.conversation_id, render(key)
    await uow.outbox.add(talk, text, buttons, {}, now, in_reply_to=row.id, topic=row.topic)


async def go_on(state: State, row: InboxMessage, lookup: TurnLookup, now: datetime) -> Turn:
    """After an answer to the officer the form under way asks its own question again."""
    if state.frame is None:
        turn = Turn(state.model_copy(update={"offered": []}), (), ())
    else:
        heard = Heard(nothing(""), now, press="!cmd=again")
        turn = await take_turn(FLOWS, state, heard, lookup, now)
    turn.state.offered = [*turn.state.offered, _not_meant(row)]
    return turn


def _not_meant(row: InboxMessage) -> Offer:
    return Offer(payload=f"{PRESS_NOT_MEANT}{row.id}", title=render("question.not_meant"))


def payload_of(state: State, press: str | None, text: str, choice: int | None = None) -> str:
    """The button that was pressed, or whose title or number was typed; else nothing."""
    if press is not None:
        return press.strip()
    said = text.strip("。.!！ ")
    titled = (offer.payload for offer in state.offered if said and offer.title == said)
    found = next(titled, "")
    if found or choice is None or _wants_number(state) or not 1 <= choice <= len(state.offered):
        return found
    return state.offered[choice - 1].payload


def _wants_number(state: State) -> bool:
    frame = state.frame
    step = FLOWS.by_name[frame.flow].step(frame.asked.slot) if frame and frame.asked else None
    return step is not None and step.counts


async def not_meant(
    uow: UnitOfWork, conversation_id: int, state: State, inbound: Inbound
) -> InboxMessage | None:
    """The message that the person takes back as an answer; None for anything else said."""
    text = inbound.text
    payload = text if text.startswith(PRESS_NOT_MEANT) else payload_of(state, inbound.value, text)
    number = payload.removeprefix(PRESS_NOT_MEANT)
    if number == payload or not (number.isascii() and number.isdecimal()):
        return None
    row = await uow.inbox.get(int(number))
    if row is None or row.conversation_id != conversation_id:
        return None
    is_answer_to_officer = (row.topic or "").startswith(topic_of_record(""))
    return row if is_answer_to_officer else None
