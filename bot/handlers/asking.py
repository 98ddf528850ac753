"""Asking the family something: the clock of the record waits, and goes on with the answer.

The bot keeps answering meanwhile; the next words in that chat, or an addition to the record,
are the answer. Danger is never made to wait.
"""

from datetime import datetime, timedelta

from bot.cases.deadlines import is_urgent, set_clock
from bot.cases.notices import kind_name, tell_assignee
from bot.cases.records import Record
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.officers import hold_talk, reachable, surname
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.rights.actor import ActorKind
from bot.turns.topics import topic_of_record
from bot.words import render
from flows import commands as c
from flows.policy.loader import load
from flows.workdays import calendar_for
from storage.models.conversation import Conversation
from storage.models.inquiry import Inquiry
from storage.uow import UnitOfWork

ASKED = "question"
"""In `custom`: this message is an officer's question about that record."""


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
    left = _left(turn, record)
    inquiry = await turn.uow.inquiries.add(
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
    await put_question(turn.uow, inquiry, record, turn.now, "question.asked")
    return outcome(record)


async def put_question(
    uow: UnitOfWork,
    inquiry: Inquiry,
    record: Record,
    now: datetime,
    key: str,
    in_reply_to: int | None = None,
) -> None:
    """Send the question; it is marked, so that whoever asked last can be told."""
    asked = [entry for entry in await uow.audit.of(record.reference) if entry.action == "ask"]
    officer = await uow.officers.get(inquiry.asked_by_id)
    told = {
        "reference": record.reference,
        "kind": kind_name(record),
        "surname": surname(officer.name if officer else ""),
        "text": (asked[-1].detail or {}).get("text", "") if asked else "",
    }
    await uow.outbox.add(
        inquiry.conversation_id,
        render(key, **told),
        [],
        {ASKED: record.reference},
        now,
        in_reply_to=in_reply_to,
        topic=topic_of_record(record.reference),
    )


async def waiting_in(uow: UnitOfWork, conversation_id: int, now: datetime) -> Inquiry | None:
    """The question that waits in a conversation; of a settled matter nothing is asked any more."""
    while (question := await uow.inquiries.open_in(conversation_id)) is not None:
        record = await uow.records.get(question.reference)
        if record is not None and record.is_open:
            return question
        question.status, question.ended_at = "lapsed", now
        await uow.session.flush()
    return None


async def _is_free(turn: Acting, record: Record, talk: Conversation) -> None:
    """Two questions at once, or another officer's talk, and nobody knows what an answer means."""
    if await waiting_in(turn.uow, talk.id, turn.now) is not None:
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


async def ask_anew(turn: Acting, record: Record) -> None:
    """What was taken for the answer was none: the clock waits again, while there is time."""
    question = await turn.uow.inquiries.last_of(record.reference)
    await turn.audit("not_answer", record)
    is_over = question is None or question.status != "answered" or question.until <= turn.now
    if question is not None and not is_over and record.is_open:
        question.status, question.ended_at = "open", None
        question.seconds_left = _left(turn, record)
        if question.seconds_left is not None:
            record.due_at = None
    touch(turn, record)
    await tell_assignee(turn, record, "officer.not_answer")


def _left(turn: Acting, record: Record) -> int | None:
    """The office time its clock has left, in seconds; none when it does not stop."""
    if record.due_at is None or is_urgent(record):
        return None
    calendar = calendar_for(record.region_code)
    return round(calendar.worked_between(turn.now, record.due_at).total_seconds())


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
    first = record.first_due_at  # a clock that had been let wait before still says so
    set_clock(record, turn.now, calendar.add_worked(turn.now, max(left, least)))
    record.first_due_at = first
