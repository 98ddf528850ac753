"""Whether a reminder is still true at the moment of sending, and in which words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.cases.papers import papers_text
from bot.cases.records import Record
from bot.clock import day_words, local_day
from bot.gate.batch import Batch
from bot.gate.verdict import Item, Verdict
from bot.handlers.session_reminders import (
    attendance_due,
    attendance_text,
    session_due,
    session_text,
    soon_due,
    soon_text,
)
from bot.outreach.truth import campaign_truth
from bot.training.session_times import begins_at, start_clock
from bot.words import render
from flows.policy.loader import load
from flows.policy.reminders import ReminderRules, Window
from flows.policy.types import YearEvent
from flows.reminders.plan import row_for, span_in
from storage.kinds import ApplicationStatus, RegistrationStatus, ReminderKind
from storage.models.application import Application
from storage.models.reminder import Reminder
from storage.models.training import Registration, TrainingSession
from storage.uow import UnitOfWork

_BEFORE_WINDOW = timedelta(days=31)
"""An application made shortly before its window opens counts for it."""
_CLAIM_WAITS = timedelta(days=3)
"""So long until it is seen again whether an officer has looked for what is said to be in."""
_PAPERS_WANTED = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED})
"""Once a school has accepted an application, its papers are complete, whatever is in the chat."""
_GRADUATING = frozenset({"高中三年级", "中职三年级"})
_SCHOOL_YEAR = (8, 1)
"""The day of the year on which one begins."""


@dataclass(frozen=True)
class Asking:
    """One reminder whose truth is in question."""

    uow: UnitOfWork
    batch: Batch
    item: Item
    rules: ReminderRules
    now: datetime

    @property
    def row(self) -> Reminder:
        """The reminder."""
        return self.item.row

    @property
    def record(self) -> Record | None:
        """What it is about, when that is a record."""
        return self.batch.records.get(self.row.reference) if self.row.reference else None


Truth = Callable[[Asking], Awaitable[Verdict]]


async def truth(asking: Asking) -> Verdict:
    """Ask what the kind wants asked; what is under dispute waits until that is answered."""
    verdict = await _TRUTHS[ReminderKind(asking.row.kind)](asking)
    if verdict.text is None or not _is_contested(asking):
        return verdict
    return Verdict(render("gate.contested"), until=asking.now + _CLAIM_WAITS, is_new_day=True)


def _is_contested(asking: Asking) -> bool:
    """Whether it asks for papers, or tells a result, of answers that are said to be wrong.

    Classes and publication go on: a misspelt name is no reason to miss a day.
    """
    is_about_answers = asking.row.kind in (ReminderKind.DOCUMENTS, ReminderKind.DECISION)
    return is_about_answers and asking.row.reference in asking.batch.contested


async def _own(asking: Asking) -> Verdict:
    late = asking.now - asking.item.planned_for
    text = asking.row.text
    if late > timedelta(hours=1):
        text = render("reminder.own_late", text=text)
    return Verdict(render("gate.own"), text=text)


async def _documents(asking: Asking) -> Verdict:
    record = asking.record
    if record is None or not record.is_open:
        return Verdict(render("gate.settled"))
    missing = asking.batch.missing.get(asking.row.reference or "")
    if not missing or record.status not in _PAPERS_WANTED:
        return Verdict(render("gate.complete"))
    if record.reference in asking.batch.claimed:
        again = asking.now + _CLAIM_WAITS
        return Verdict(render("gate.claimed"), until=again, is_new_day=True)
    return Verdict(render("gate.documents"), text=papers_text(record, missing))


async def _publication(asking: Asking) -> Verdict:
    record = asking.record
    until = record.published_until if isinstance(record, Application) else None
    if record is None or record.status != ApplicationStatus.PUBLISHED or until is None:
        return Verdict(render("gate.settled"))
    if local_day(asking.now) > until:
        return Verdict(render("gate.stale"))
    text = render("reminder.publication", reference=record.reference, until=day_words(until))
    return Verdict(render("gate.publication"), text=text)


async def _decision(asking: Asking) -> Verdict:
    record = asking.record
    if record is None or record.status != ApplicationStatus.REJECTED:
        return Verdict(render("gate.settled"))
    text = render("reminder.decision", reference=record.reference)
    return Verdict(render("gate.decision"), text=text)


def _registered(asking: Asking) -> tuple[Registration, TrainingSession] | Verdict:
    record = asking.record
    if not isinstance(record, Registration) or record.status != RegistrationStatus.BOOKED:
        return Verdict(render("gate.not_listed"))
    session = asking.batch.sessions.get(record.session_id or 0)
    if session is None:
        return Verdict(render("gate.no_session"))
    return record, session


async def _session(asking: Asking) -> Verdict:
    found = _registered(asking)
    if isinstance(found, Verdict):
        return found
    record, session = found
    due, today = session_due(session), local_day(asking.now)
    if today < local_day(due):
        return Verdict(render("gate.moved"), until=due, is_new_day=True)
    is_timed = start_clock(session.schedule) is not None
    if today > session.starts_on or (is_timed and asking.now >= begins_at(session)):
        return Verdict(render("gate.begun"))
    return Verdict(render("gate.session"), text=session_text(record, session))


async def _session_soon(asking: Asking) -> Verdict:
    found = _registered(asking)
    if isinstance(found, Verdict):
        return found
    _, session = found
    due = soon_due(session)
    if due is not None and asking.now < due:
        return Verdict(render("gate.moved"), until=due, is_new_day=True)
    if due is None or asking.now >= begins_at(session):
        return Verdict(render("gate.begun"))
    return Verdict(render("gate.registered"), text=soon_text(session))


async def _attendance(asking: Asking) -> Verdict:
    found = _registered(asking)
    if isinstance(found, Verdict):
        return found
    _, session = found
    due = attendance_due(session)
    if local_day(asking.now) < local_day(due):
        return Verdict(render("gate.moved"), until=due, is_new_day=True)
    return Verdict(render("gate.registered"), text=attendance_text(session))


async def _place(asking: Asking) -> Verdict:
    record = asking.record
    held = record.held_until if isinstance(record, Registration) else None
    if record is None or held is None or held <= asking.now:
        return Verdict(render("gate.not_held"))
    return Verdict(render("gate.place"), text=asking.row.text)


async def _window(asking: Asking) -> Verdict:
    found = _event_of(asking)
    if found is None:
        return Verdict(render("gate.no_window"))
    window, event, year = found
    first, last = span_in(event, year)
    today = local_day(asking.now)
    if not first <= today <= last:
        return Verdict(render("gate.window_over"))
    applied = asking.batch.applied.get(asking.row.person_id)
    if window.event != "loans" and applied and local_day(applied) >= first - _BEFORE_WINDOW:
        return Verdict(render("gate.applied"))
    if window.who == "graduates" and not _is_graduating(asking, first):
        return Verdict(render("gate.not_theirs"))
    key = f"reminder.window_{window.edge}" + ("" if event.confidence.firm else "_usually")
    text = render(
        key,
        what=window.what,
        ask=window.ask,
        first=day_words(first),
        last=day_words(last),
    )
    return Verdict(render("gate.window"), text=text)


def _event_of(asking: Asking) -> tuple[Window, YearEvent, int] | None:
    """The window that `about` names, with the dates that hold today where the person lives."""
    _, event, edge, year = (asking.row.about or "window:::").split(":")
    rules = asking.rules.windows
    window = next((rule for rule in rules if (rule.event, rule.edge) == (event, edge)), None)
    region = asking.item.person.home_region if asking.item.person else None
    dates = row_for(load().calendar, event, region, local_day(asking.now))
    if window is None or dates is None or not year.isdigit():
        return None
    return window, dates, int(year)


def _is_graduating(asking: Asking, since: date) -> bool:
    """Whether a child of the person left school in the summer of the window.

    The grade was told for the school year that ended then: who is in the last year only now still
    has it before them.
    """
    begin, end = (date(year, *_SCHOOL_YEAR) for year in (since.year - 1, since.year))
    return any(
        record.slots.get("grade") in _GRADUATING and begin <= local_day(record.opened_at) < end
        for record in asking.batch.applications.get(asking.row.person_id, ())
    )


async def _campaign(asking: Asking) -> Verdict:
    untrue = await campaign_truth(asking.uow, asking.row, asking.now)
    if untrue:
        return Verdict(untrue)
    return Verdict(render("gate.campaign"), text=asking.row.text)


_TRUTHS: dict[ReminderKind, Truth] = {
    ReminderKind.OWN: _own,
    ReminderKind.DOCUMENTS: _documents,
    ReminderKind.WINDOW: _window,
    ReminderKind.PUBLICATION: _publication,
    ReminderKind.DECISION: _decision,
    ReminderKind.SESSION: _session,
    ReminderKind.SESSION_SOON: _session_soon,
    ReminderKind.PLACE: _place,
    ReminderKind.ATTENDANCE: _attendance,
    ReminderKind.CAMPAIGN: _campaign,
}
