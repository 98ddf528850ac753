"""What is to be done next on records, in words and with the reason; for a whole list in one go.

A list must not ask the database once per line: what the steps depend on is read per table.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.cases.life import step_of
from bot.cases.papers import PaperLine, PaperState, lines_from, open_of
from bot.cases.records import Record
from bot.clock import day_words, local_day
from bot.handlers.facts import as_fact, is_dropout, standing_from
from bot.handlers.papers import answer_name
from bot.handlers.publishing import needs_publication
from bot.rights.covering import tells_of_health
from bot.words import render
from flows.aid.publication import is_over
from flows.dropout.next_step import NextStep, Who
from flows.dropout.standing import Fact, Standing
from flows.escalation.sla import rule_for
from storage.kinds import ApplicationStatus as A
from storage.kinds import EscalationStatus as E
from storage.kinds import EscalationType, RecordKind
from storage.models.application import Application
from storage.models.attachment import Attachment
from storage.models.case import Case
from storage.models.inquiry import Inquiry
from storage.models.recognition import PaperReview
from storage.uow import UnitOfWork

_NAMED = 2  # papers; more are counted


@dataclass(frozen=True)
class Thing:
    """One thing to do, why, and its last day where that is not the clock of the record."""

    what: str = ""
    why: str = ""
    by: date | None = None


@dataclass(frozen=True)
class _Read:
    """What the steps of a list depend on, by reference."""

    inquiries: Mapping[str, Inquiry]
    facts: Mapping[int, Sequence[Fact]] = field(default_factory=dict)
    photos: Mapping[str, Sequence[Attachment]] = field(default_factory=dict)
    reviews: Mapping[str, Sequence[PaperReview]] = field(default_factory=dict)
    objected: Collection[str] = frozenset()


async def next_things(
    uow: UnitOfWork, records: Sequence[Record], now: datetime
) -> dict[str, Thing]:
    """The next thing of each record that is not at its end, by reference."""
    pending = [record for record in records if record.is_open or record.status == E.RESOLVED]
    read = await _read(uow, pending)
    return {record.reference: _thing(record, read, now) for record in pending}


async def next_thing(uow: UnitOfWork, record: Record, now: datetime) -> Thing:
    """The next thing of one record; empty once nobody has to act."""
    return (await next_things(uow, [record], now)).get(record.reference, Thing())


async def _read(uow: UnitOfWork, records: Sequence[Record]) -> _Read:
    cases = [record.id for record in records if is_dropout(record)]
    aid = [record.reference for record in records if isinstance(record, Application)]
    facts = await uow.case_facts.of_each(cases)
    return _Read(
        await uow.inquiries.open_for_each([record.reference for record in records]),
        {case: [as_fact(row) for row in rows] for case, rows in facts.items()},
        await uow.attachments.of_each(aid),
        await uow.recognition.reviews_of_each(aid),
        await uow.recognition.objected(aid),
    )


def _thing(record: Record, read: _Read, now: datetime) -> Thing:
    inquiry = read.inquiries.get(record.reference)
    if inquiry is not None and record.due_at is None:
        asked = day_words(local_day(inquiry.asked_at))
        why = render("thing.why.asked", day=asked)
        return Thing(render("thing.asked"), why, local_day(inquiry.until))
    if record.close_requested_by_id is not None and not is_dropout(record):
        return Thing(render("thing.approve_close"))
    if isinstance(record, Case) and is_dropout(record):
        return _of_case(record, standing_from(record, read.facts.get(record.id, ())), now)
    if isinstance(record, Application):
        return _of_application(record, read, now)
    return Thing(clock_action(record))


def clock_action(record: Record) -> str:
    """What the clock of the present status waits for, from flows/policy/sla.yaml."""
    type_ = getattr(record, "type", None)
    kind = RecordKind(record.kind)
    rule = rule_for(kind, str(record.status), EscalationType(type_) if type_ else None)
    return rule.action if rule is not None else ""


def _of_case(case: Case, standing: Standing, now: datetime) -> Thing:
    step = step_of(case, standing, now)
    if step is None:
        return Thing()
    what = render(f"next.{step.key}")
    what = f"{render('next.second')}{what}" if step.who is Who.SECOND else what
    return Thing(what, why_of(step, standing), step.by)


def why_of(step: NextStep, standing: Standing) -> str:
    """Why this is next on a dropout case."""
    last = max((visit.on for visit in standing.visits), default=None)
    back = standing.back.on if standing.back is not None else None
    plan = standing.plan.on if standing.plan is not None else None
    key = step.key if standing.times_gone == 0 or step.key != "visit" else "visit_gone"
    return render(
        f"thing.why.{key}",
        visited=day_words(last) if last else "",
        back=day_words(back) if back else render("thing.before"),
        planned=day_words(plan) if plan else "",
        days=standing.absent_days,
    )


def _of_application(record: Application, read: _Read, now: datetime) -> Thing:
    lines = lines_from(
        record, read.photos.get(record.reference, ()), read.reviews.get(record.reference, ())
    )
    if record.status == A.PUBLISHED:
        return _published(record, record.reference in read.objected, now)
    if record.status == A.RETURNED:
        back = [_name(r.document) for r in open_of(read.reviews.get(record.reference, ()))]
        return Thing(render("thing.returned"), _named("thing.why.returned", back))
    unseen = [_name(line.paper.key) for line in lines if line.state is PaperState.RECEIVED]
    if unseen:
        return Thing(_named("thing.look", unseen), render("thing.why.look", many=len(unseen)))
    if record.status == A.SUBMITTED:
        return Thing(render("thing.accept"), _lacking(lines))
    return _recognising(record)


def _published(record: Application, is_objected: bool, now: datetime) -> Thing:
    until = record.published_until
    if is_objected:
        return Thing(render("thing.objection"), render("thing.why.objection"))
    if until is not None and not is_over(until, local_day(now)):
        return Thing(render("thing.publication"), render("thing.why.publication"), until)
    return Thing(render("thing.decide"), render("thing.why.over"))


def _recognising(record: Application) -> Thing:
    if record.level is None:
        return Thing(render("thing.level"), render("thing.why.level"))
    level = render(f"level.{record.level}")
    if needs_publication(record):
        return Thing(render("thing.publish"), render("thing.why.publish", level=level))
    return Thing(render("thing.decide"), render("thing.why.publish", level=level))


def _lacking(lines: Sequence[PaperLine]) -> str:
    missing = [
        _name(line.paper.key)
        for line in lines
        if line.state is PaperState.MISSING and not line.paper.optional
    ]
    return _named("thing.why.lacking", missing) if missing else render("thing.why.complete")


def _name(key: str) -> str:
    """A paper or an answer as a list may name it: not every reader may know what ails a family."""
    return render("thing.paper") if tells_of_health(key) else answer_name(key)


def _named(key: str, names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    more = render("thing.more", many=len(names)) if len(names) > _NAMED else ""
    return render(key, papers=shown + more) if names else ""
