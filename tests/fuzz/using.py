"""Policy data in use: what passed the check may break nothing, whatever it says."""

from datetime import UTC, date, datetime, timedelta

from flows.aid.eligibility import Family, programmes_for, suggest_level
from flows.escalation import sla
from flows.policy.offices import Purpose, hotlines
from flows.policy.reminders import ReminderRules
from flows.policy.render import answer_text
from flows.policy.traits import Wordings
from flows.policy.types import Policy
from flows.reminders import plan
from flows.workdays import calendar_for
from storage.kinds import EscalationType

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
DAY = date(2026, 11, 26)
PLACES = (None, "152222", "150000", "152222105")


def policy(data: Policy) -> None:
    """Everything that the service does with it."""
    for place in PLACES:
        for purpose in Purpose:
            assert hotlines(purpose, place, data.offices) or data.offices.hotlines
        for entry in data.entries[:6]:
            assert answer_text(entry, data, DAY, place, doubted=True)
        _calendar(data, place)
    for event in data.calendar.events:
        for year in (2026, 2027, 2028):
            first, last = plan.span_in(event, year)
            assert first <= last
        plan.row_for(data.calendar, event.id, "152222", DAY)
    Wordings(data.concepts).named("低保户怎么申请助学金")
    for grade in ("小学一年级", "大学一年级", "x"):
        programmes_for(Family(grade=grade), DAY, data)
    suggest_level(["dibao"], 4, 9000, data.aid.suggestion)


def _calendar(data: Policy, place: str | None) -> None:
    calendar = calendar_for(place, data.workdays)
    assert calendar.is_open(calendar.next_open(NOW))
    for rule in data.sla.rules:
        due = sla.due_at(rule, NOW, calendar)
        assert due >= NOW
        assert sla.remind_at(NOW, due, calendar, data.sla.remind) <= max(due, NOW)
    for type_ in (None, *EscalationType):
        sla.due_at(sla.ladder_rule(type_, data.sla), NOW, calendar)
    for span in (data.sla.transfer, data.sla.data_request):
        sla.due_at(span, NOW, calendar)
    calendar.add_working_days(NOW, data.sla.asking.days)
    NOW + timedelta(hours=data.sla.asking.least_hours, days=data.sla.snooze_days)


def reminders(data: ReminderRules) -> None:
    """Every rule falls on some moment."""
    for rule in data.rules:
        moment = plan.day_moment(rule, DAY)
        moment + timedelta(hours=rule.hours + rule.stale_hours)
        moment + timedelta(days=(rule.again_days or 0) * rule.times)
        assert data.of(rule.kind) is rule
    for people in (1, 30_000):
        mornings = plan.mornings_needed(people, 2, data.gate)
        assert 1 <= mornings <= data.gate.days_at_most
        plan.slot(7, DAY, mornings, data.gate, lambda day: day.weekday() < 5)
    for days in (*(one.days for one in data.windows), *(one.days for one in data.calls)):
        DAY + timedelta(days=days)
