"""When each family of a campaign is written to: in mornings, so that answers find a human."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.clock import local, local_day
from bot.rights.territory import covers
from flows.policy.reminders import reminder_rules
from flows.reminders.plan import mornings_needed, next_morning, slot
from flows.workdays import calendar_for
from storage.kinds import Role
from storage.models.officer import Officer


def moments(
    people: Iterable[int], officers: Iterable[Officer], region_code: str, now: datetime
) -> dict[int, datetime]:
    """A moment for each person, from now on, on working days of the place."""
    ids = list(people)
    gate = reminder_rules().gate
    is_workday = calendar_for(region_code).is_workday
    answering = sum(_answers_for(officer, region_code) for officer in officers)
    many = mornings_needed(len(ids), answering, gate)
    first = local_day(now)
    if local(now).time() >= gate.mornings[1]:
        first += timedelta(days=1)
    planned = {id: slot(id, first, many, gate, is_workday) for id in ids}
    return {id: at if at > now else next_morning(at, now, is_workday) for id, at in planned.items()}


def _answers_for(officer: Officer, region_code: str) -> bool:
    """Whether somebody of the place may turn to this officer."""
    is_near = covers(officer.region_code, region_code) or covers(region_code, officer.region_code)
    return officer.active and officer.role != Role.ADMIN and is_near
