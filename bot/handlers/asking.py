"""Asking the family something: the clock of the record waits, and goes on with the answer.

The bot keeps answering meanwhile; the next words in that chat, or an addition to the record,
are the answer. Danger is never made to wait.
"""

from datetime import timedelta

from bot.access import access_for_change
from bot.actor import ActorKind
from bot.deadlines import is_urgent, set_clock
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.officers import hold_talk, reachable, surname
from bot.handlers.transitions import next_status
from bot.notices import kind_name, tell_assignee, tell_person
from bot.records import Record
from bot.words import render
from flows import commands as c
from flows.policy.loader import load
from flows.workdays import calendar_for
from storage.models.conversation import Conversation
from storage.models.inquiry import Inquiry


async def ask_family(turn: Acting, command: c.AskFamily) -> Outcome:
    """Send the question with the number of the matter and a hint how to answer."""
    if turn.by.kind is not ActorKind.OFFICER or turn.by.id is None:
        raise NotAllowed
    text = command.text.strip()
    if not text:
        raise Refused(render("refused.text_missing"))
    await hold_talk(turn, command.reference)
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.AskFamily)
    talk = await reachable(turn, record)
    await _is_free(turn, record, talk)
    touch(turn, record)
    calendar = calendar_for(record.region_code)
    left = None
    if record.due_at is not None and not is_urgent(record):
        left = round(calendar.worked_between(turn.now, record.due_at).total_seconds())
    await turn.uow.inquiries.add(
        reference=record.reference,
        conversation_id=talk.id,
        asked_by_id=turn.by.id,
        asked_at=turn.now,
        until=calendar.add_working_days(turn.now, load().sla.asking.days),
        seconds_left=left,
    )
    if left is not None:
        record.due_at = None
    await turn.audit("ask", record, text=text)
    name = {"surname": surname(turn.by.name), "kind": kind_name(record)}
    await tell_person(turn, record, "question.asked", text=text, **name)
    return outcome(record)


async def _is_free(turn: Acting, record: Record, talk: Conversation) -> None:
    """Two questions at once, or another officer's talk, and nobody knows what an answer means."""
    if await turn.uow.inquiries.open_in(talk.id) is not None:
        raise Refused(render("refused.asked"))
    if talk.officer_reference not in (None, record.reference):
        other = await turn.uow.officers.get(talk.officer_id or 0)
        raise Refused(render("refused.taken", name=other.name if other else ""))


async def take_answer(turn: Acting, record: Record) -> bool:
    """The one who filed the record said something about it: an open question is answered."""
    if turn.by.kind is not ActorKind.PERSON or record.person_id != turn.by.id:
        return False
    question = await turn.uow.inquiries.open_for(record.reference)
    if question is None:
        return False
    _end(turn, record, question, "answered")
    await turn.audit("answer", record)
    return True


async def give_up(turn: Acting, record: Record, question: Inquiry) -> None:
    """Nobody answered in time: the clock goes on and the officer hears so."""
    _end(turn, record, question, "lapsed")
    if record.is_open:
        await turn.audit("no_answer", record)
        await tell_assignee(turn, record, "officer.no_answer")


def _end(turn: Acting, record: Record, question: Inquiry, status: str) -> None:
    question.status, question.ended_at = status, turn.now
    is_waiting = question.seconds_left is not None and record.due_at is None and record.is_open
    if not is_waiting:
        return
    left = timedelta(seconds=question.seconds_left or 0)
    least = timedelta(hours=load().sla.asking.least_hours)
    calendar = calendar_for(record.region_code)
    set_clock(record, turn.now, calendar.add_worked(turn.now, max(left, least)))
