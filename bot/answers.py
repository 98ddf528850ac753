"""The next words of somebody whom an officer asked something are the answer."""

from datetime import datetime

from bot.actor import Actor
from bot.handlers.dispatch import handle
from bot.hearing import words_of
from bot.topics import topic_of_record
from bot.words import render
from flows.commands import AmendRecord, DocumentRef
from flows.heard import Heard
from nlu.types import Intent
from storage.models.inquiry import Inquiry
from storage.models.message import InboxMessage
from storage.uow import UnitOfWork

_SURE = 0.8
_FOR_THE_BOT = frozenset(
    {Intent.TALK_TO_HUMAN, Intent.COMPLAIN, Intent.REPORT_EMERGENCY, Intent.HELP, Intent.CANCEL}
    | {Intent.STOP_REMINDERS, Intent.START_REMINDERS, Intent.DELETE_MY_DATA, Intent.SET_REMINDER}
    | {Intent.SWITCH_LANGUAGE, Intent.WITHDRAW_APPLICATION, Intent.CANCEL_REGISTRATION}
    | {Intent.CHECK_STATUS, Intent.ASK_POLICY, Intent.APPLY_AID, Intent.FIND_TRAINING}
)
"""Plain wishes to the bot are no answers to an officer."""


def is_answer(heard: Heard) -> bool:
    """Whether a message is meant for the officer who asked: no button, no danger, no other wish."""
    understood = heard.understood
    if heard.press is not None or heard.edit_of is not None or understood.emergency:
        return False
    if not (words_of(heard).strip() or heard.files):
        return False
    is_wish = understood.intent in _FOR_THE_BOT and understood.confidence >= _SURE
    return not is_wish


async def take(
    uow: UnitOfWork, inquiry: Inquiry, heard: Heard, by: Actor, row: InboxMessage, now: datetime
) -> None:
    """Put the words into the record and say that they arrived."""
    row.topic = topic_of_record(inquiry.reference)
    papers = tuple(DocumentRef(file.attachment, "other") for file in heard.files)
    answer = AmendRecord(inquiry.reference, note=words_of(heard), documents=papers)
    await handle(uow, answer, by, now)
    text = render("question.answered")
    talk = row.conversation_id
    await uow.outbox.add(talk, text, [], {}, now, in_reply_to=row.id, topic=row.topic)
