"""Publication of a result, objections to it, and what stands in the way of its being final."""

from datetime import time, timedelta

from bot.cases.deadlines import deadline, set_clock
from bot.cases.notices import tell_person
from bot.cases.records import Record
from bot.clock import at_local, day_words, local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import move
from bot.handlers.planning import plan_reminder
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c
from flows.aid.eligibility import stage_of
from flows.aid.publication import is_over, last_day
from flows.policy.recognition import recognition
from flows.workdays import calendar_for
from storage.kinds import ApplicationStatus, ReminderKind
from storage.models.application import Application

_MOST_DAYS = 60


async def publish_application(turn: Acting, command: c.PublishApplication) -> Outcome:
    """Put the result up; the family hears the level, until when, and what is shown of them."""
    record = await access_for_change(turn, command)
    move(turn, record, c.PublishApplication)
    application = _application(record)
    if application.level is None:
        raise Refused(render("refused.no_level"))
    today = local_day(turn.now)
    until = last_day(calendar_for(record.region_code), today, _days(record, command.days))
    application.published_on, application.published_until = today, until
    over = at_local(until + timedelta(days=1), time.min)
    set_clock(record, over, deadline(record, over))
    await plan_reminder(turn, record, ReminderKind.PUBLICATION, until)
    await turn.audit(
        "publish", record, until=until.isoformat(), place=command.place, level=application.level
    )
    await tell_person(
        turn,
        record,
        "application.published",
        level=render(f"level.{application.level}"),
        until=day_words(until),
        shown=shown_words(),
    )
    return outcome(record, published_on=today.isoformat(), published_until=until.isoformat())


def _days(record: Record, asked: int | None) -> int:
    fewest = recognition().days_in(record.region_code)
    if asked is not None and not fewest <= asked <= _MOST_DAYS:
        raise Refused(render("refused.too_few_days", days=fewest, most=_MOST_DAYS))
    return asked or fewest


def shown_words() -> str:
    """What stands on a published list, in words."""
    rule = recognition()
    masked = "masked_name" if rule.mask_name else "child_name"
    slots = [masked if slot == "child_name" else slot for slot in rule.shows]
    return "、".join(render(f"published.{slot}") for slot in slots)


async def record_objection(turn: Acting, command: c.RecordObjection) -> Outcome:
    """Keep what somebody says against a published result; who said it is not asked."""
    record = await access_for_change(turn, command)
    text = _words(command.text, "refused.text_missing")
    move(turn, record, c.RecordObjection)
    row = await turn.uow.recognition.add_objection(record.reference, text, turn.now, turn.by.id)
    await turn.audit("record_objection", record, text=text)
    return outcome(record, objection=row.id)


async def settle_objection(turn: Acting, command: c.SettleObjection) -> Outcome:
    """What checking again found."""
    record = await access_for_change(turn, command)
    finding = _words(command.finding, "refused.text_missing")
    move(turn, record, c.SettleObjection)
    rows = await turn.uow.recognition.objections(record.reference)
    waiting = [row for row in rows if row.settled_at is None]
    meant = [row for row in waiting if command.objection in (None, row.id)]
    if not meant:
        raise Refused(render("refused.no_objection"))
    for row in meant:
        row.finding, row.settled_at = finding, turn.now
    await turn.audit("settle_objection", record, finding=finding)
    return outcome(record)


async def require_published(turn: Acting, record: Record) -> str:
    """A result becomes final only after its publication, with no objection left open.

    What was never published here counts as published on the school's own board, because a program
    of the office may know only the final result: the trace then says so in the words returned.
    """
    application = _application(record)
    if record.status != ApplicationStatus.PUBLISHED:
        return render("publication.elsewhere") if needs_publication(record) else ""
    until = application.published_until
    if until is not None and not is_over(until, local_day(turn.now)):
        raise Refused(render("refused.still_published", until=day_words(until)))
    rows = await turn.uow.recognition.objections(record.reference)
    if any(row.settled_at is None for row in rows):
        raise Refused(render("refused.objection_open"))
    return ""


def needs_publication(record: Record) -> bool:
    """Whether policy data wants this result published before it is final."""
    grade = record.slots.get("grade")
    stage = stage_of(grade) if isinstance(grade, str) else None
    return recognition().is_required(stage, record.region_code)


def _application(record: Record) -> Application:
    if not isinstance(record, Application):
        raise TypeError("transitions allow this for applications only")
    return record


def _words(text: str, missing: str) -> str:
    if not text.strip():
        raise Refused(render(missing))
    return text.strip()
