"""Sends what is due: a handful of people at a time, each with one message, each exactly once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.gate.batch import Batch, load_batch
from bot.gate.chain import Passing, budget, hindrance
from bot.gate.message import compose
from bot.gate.post import Post
from bot.gate.repeating import is_promised
from bot.gate.truth import Asking, truth
from bot.gate.verdict import Item, Verdict
from bot.handlers.acting import Acting
from bot.handlers.places import ask_by_phone
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event, Rules
from flows.policy.reminders import ReminderRules, reminder_rules
from storage.models.reminder import Reminder
from storage.models.training import Registration
from storage.uow import UnitOfWork

log = structlog.get_logger()

_AGAIN = timedelta(minutes=5)
PEOPLE = 100
"""So many make a full handful."""


@dataclass(frozen=True)
class Round:
    """One handful at one moment."""

    uow: UnitOfWork
    now: datetime
    service: Rules
    rules: ReminderRules
    batch: Batch
    post: Post

    def passing(self, item: Item) -> Passing:
        """The item as the gate sees it."""
        quiet = self.service.quiet_from, self.service.quiet_until
        return Passing(item, self.rules.of(item.row.kind), self.rules.gate, self.now, quiet)


async def fire_some(uow: UnitOfWork, now: datetime, service: Rules) -> list[Event] | None:
    """Settle what is due for some people; None when nothing more can be done now.

    The people are locked until the caller commits: two processes never write to one person at the
    same time, and one that dies leaves everything as it was.
    """
    people = await uow.reminders.claim_people(now, PEOPLE)
    if not people:
        return None
    rules = reminder_rules()
    batch = await load_batch(uow, people, now, rules)
    round_ = Round(uow, now, service, rules, batch, Post(rules, now))
    theirs: dict[int, list[Item]] = defaultdict(list)
    for item in batch.due:
        theirs[item.row.person_id].append(item)
    events: list[Event] = []
    for person, items in theirs.items():
        events += await _settle(round_, person, items)
    await round_.post.write(uow)
    await uow.session.flush()
    return events


async def _settle(round_: Round, person: int, items: Sequence[Item]) -> list[Event]:
    """All that is due for one person: some put off, some dropped, the rest in one message."""
    uow, events, going = round_.uow, [], []
    for item in items:
        verdict = await _judge_safely(round_, item)
        if verdict is None:
            uow.reminders.set_aside(item.row, round_.now + _AGAIN)
        elif verdict.text is None:
            events.append(await _hold(round_, item, verdict))
        else:
            going.append((item, verdict))
    if not going:
        return events
    going += await _along(round_, person)
    kinds = [round_.rules.of(item.row.kind) for item, _ in going if not _is_asked_for(item.row)]
    again = None
    if kinds:
        again = budget(kinds, round_.batch.sent.get(person, ()), round_.rules.gate)
    if again is None:
        return events + _send(round_, going)
    own = [(item, verdict) for item, verdict in going if _is_asked_for(item.row)]
    others = [item for item, _ in going if not _is_asked_for(item.row) and item in items]
    for item in others:
        events.append(await _hold(round_, item, _later(round_, item, again)))
    return events + (_send(round_, own) if own else [])


def _is_asked_for(row: Reminder) -> bool:
    """Own reminders, and what was put off to a day that the person named: that was promised."""
    return row.kind == "own" or is_promised(row)


async def _judge_safely(round_: Round, item: Item) -> Verdict | None:
    """None for one that cannot be judged: it must not hold up the others."""
    try:
        return await _judge(round_, item)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("reminder.broke", id=item.row.id, exc_info=error)
        return None


async def _judge(round_: Round, item: Item) -> Verdict:
    """What stands in the way, else the words; the gate is asked first, it costs nothing."""
    hindered = hindrance(round_.passing(item))
    if hindered is not None and hindered.until is None:
        return hindered
    asking = Asking(round_.uow, round_.batch, item, round_.rules, round_.now)
    told = await truth(asking)
    return told if told.text is None or hindered is None else hindered


async def _along(round_: Round, person: int) -> list[tuple[Item, Verdict]]:
    """What would fall due for the person in the next hours goes with the same message."""
    found = []
    for item in round_.batch.soon:
        is_theirs = item.row.person_id == person
        if not is_theirs or item.row.kind in ("own", "session_soon", "place"):
            continue
        verdict = await _judge(round_, item)
        if verdict.text is not None:
            found.append((item, verdict))
    return found


def _later(round_: Round, item: Item, again: datetime) -> Verdict:
    rule = round_.rules.of(item.row.kind)
    if again - item.planned_for > timedelta(hours=rule.stale_hours):
        return Verdict(render("gate.too_many"))
    return Verdict(render("gate.enough"), until=again)


async def _hold(round_: Round, item: Item, verdict: Verdict) -> Event:
    """Put a reminder off or drop it, and say why."""
    row, uow, now = item.row, round_.uow, round_.now
    if verdict.until is not None:
        uow.reminders.put_off(row, verdict.until, verdict.is_new_day)
    else:
        uow.reminders.drop(row, verdict.why, now)
        _note(round_, row, "reminder_dropped", verdict.why)
        await _ask_otherwise(round_, row)
    return _event(round_, item, row.text, verdict.why, is_sent=False)


async def _ask_otherwise(round_: Round, row: Reminder) -> None:
    """A place is kept for somebody who is not written to: the office asks them by telephone."""
    record = round_.batch.records.get(row.reference or "")
    if row.kind != "place" or not isinstance(record, Registration):
        return
    session = round_.batch.sessions.get(record.session_id or 0)
    if session is not None and record.held_until is not None and record.held_until > round_.now:
        await ask_by_phone(Acting(round_.uow, SYSTEM, round_.now), record, session)


def _send(round_: Round, going: Sequence[tuple[Item, Verdict]]) -> list[Event]:
    """One message for all of it."""
    told = [(item.row, verdict.text or "") for item, verdict in going]
    person = going[0][0].person
    text = compose(told, person, round_.rules)
    is_shared = person is not None and person.is_phone_shared
    round_.post.put([row for row, _ in told], text, is_shared)
    for item, verdict in going:
        _note(round_, item.row, "reminder_sent", verdict.why)
    return [_event(round_, item, text, verdict.why) for item, verdict in going]


def _note(round_: Round, row: Reminder, action: str, why: str) -> None:
    record = round_.batch.records.get(row.reference) if row.reference else None
    round_.post.note(action, row, why, record)


def _event(round_: Round, item: Item, text: str, why: str, is_sent: bool = True) -> Event:
    row, talk = item.row, item.talk
    to = f"{talk.channel}:{talk.address}" if talk else ""
    return Event(round_.now, row.kind, to, row.reference, text, why, is_sent)
