"""What is to be done next on a dropout case, by whom and by when: one step, computed from facts.

Pure. The words are in notices.yaml under `next.`; names are put in by whoever shows the step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flows.dropout.standing import ABSENT_ALARM, OUT_OF_SCHOOL, SETTLED, Standing
from storage.kinds import ResponsibleSide

IsWorkday = Callable[[date], bool]

_DAY = timedelta(days=1)
_DAILY = timedelta(days=14)
"""So long attendance is looked at on every school day after the return, then once a week."""
_WEEK = timedelta(days=7)
_WATCHED = timedelta(days=90)
"""So long a child is watched before its case may rest."""


class Who(StrEnum):
    """Whose turn it is."""

    OWNER = "owner"
    SCHOOL = "school"
    BOTH = "both"
    SECOND = "second"


@dataclass(frozen=True)
class NextStep:
    """One thing to do; `key` names its words, `by` is the last day for it."""

    key: str
    who: Who
    by: date | None = None


def next_step(
    standing: Standing, due: date | None, close_asked: bool, is_workday: IsWorkday, today: date
) -> NextStep | None:
    """The next step; None once the case is settled. `due` is the day its clock runs out."""
    if standing.status in SETTLED:
        return None
    if close_asked:
        return NextStep("approve", Who.SECOND, due)
    if standing.status in OUT_OF_SCHOOL:
        return _bring_back(standing, due)
    return _keep_in(standing, due, is_workday, today)


def _bring_back(s: Standing, due: date | None) -> NextStep:
    if s.said_back is not None:
        return NextStep("confirm_back", Who.OWNER, due)
    if s.verified is None:
        return NextStep("verify", Who.OWNER, due)
    missing = s.missing_responsible
    if missing:
        side = missing[0] if len(missing) == 1 else "both"
        return NextStep(f"name_{side}", Who.OWNER, due)
    return _persuade(s, due)


def _persuade(s: Standing, due: date | None) -> NextStep:
    visits = [v for v in s.visits if s.gone is None or v.on >= s.gone.on]
    if not visits:
        return NextStep("visit", Who.BOTH, due)
    last = max(visits, key=lambda visit: visit.on)
    if s.plan is None:
        return NextStep("plan", Who.BOTH, last.on + _WEEK)
    agreed = last.until or last.on + _WEEK
    if s.plan.until is not None and s.plan.until < agreed:
        return NextStep("plan_again", Who.BOTH, s.plan.until)
    return NextStep("visit_again", Who.BOTH, agreed)


def _keep_in(s: Standing, due: date | None, is_workday: IsWorkday, today: date) -> NextStep:
    if s.placement is not None and s.placement.is_deferral:
        return NextStep("wait", Who.OWNER, s.back.until if s.back else None)
    if s.absent_days >= ABSENT_ALARM:
        return NextStep("absent", Who.BOTH, max(s.checks))
    if s.said_gone is not None:
        return NextStep("gone_again", Who.OWNER, due)
    is_steady = bool(s.checks) and s.absent_days == 0
    if s.back is not None and is_steady and max(s.checks) - s.back.on >= _WATCHED:
        return NextStep("close", Who.OWNER)
    return NextStep("check", Who.SCHOOL, next_check(s, is_workday, today))


def next_check(s: Standing, is_workday: IsWorkday, today: date) -> date:
    """The day on which somebody next looks whether the child is in school."""
    if s.back is None and not s.checks:
        return today
    start = s.back.on if s.back is not None else min(s.checks)
    last = max(s.checks) if s.checks else start
    day = last + (_DAY if last - start < _DAILY else _WEEK)
    while not is_workday(day):
        day += _DAY
    return day


def side_of(who: Who) -> tuple[ResponsibleSide, ...]:
    """Which of the two named people a turn belongs to."""
    sides = {Who.SCHOOL: (ResponsibleSide.SCHOOL,), Who.BOTH: tuple(ResponsibleSide)}
    return sides.get(who, ())
