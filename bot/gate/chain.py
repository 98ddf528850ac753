"""The outbound gate: every reason not to write to somebody at this moment, one after the other.

Each check is given a reminder that is still true and says when it may go, that it may not, or
nothing. The order matters: what is pointless is dropped before anything is put off.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import after_quiet_hours, at_local, local, local_day
from bot.gate.batch import WEEK
from bot.gate.verdict import Item, Verdict
from bot.words import render
from flows.policy.reminders import GateRules, Rule
from flows.reminders.plan import next_morning, same_minute
from flows.workdays import calendar_for
from storage.kinds import ReminderKind
from storage.models.conversation import Conversation

_DAY = timedelta(days=1)
_BY_THE_HOUR = frozenset({ReminderKind.SESSION_SOON, ReminderKind.PLACE})
"""What runs out within hours does not wait for the hour that suits."""


@dataclass(frozen=True)
class Passing:
    """One reminder at the gate, at one moment."""

    item: Item
    rule: Rule
    gate: GateRules
    now: datetime
    quiet: tuple[time, time]

    @property
    def is_own(self) -> bool:
        """Whether the person asked for it: then only what cannot be done stands in the way."""
        return self.item.row.kind == ReminderKind.OWN


Check = Callable[[Passing], Verdict | None]


def unreachable(passing: Passing) -> Verdict | None:
    """There is nobody to tell, or the chat is gone."""
    item = passing.item
    if item.person is None or item.talk is None or item.talk.gone_at is not None:
        return Verdict(render("gate.gone"))
    return None


def unwanted(passing: Passing) -> Verdict | None:
    """The person does not want pushes, or none of this kind; their own reminders stay."""
    person = passing.item.person
    if passing.is_own or person is None:
        return None
    if not person.reminders_on:
        return Verdict(render("gate.unsubscribed"))
    if passing.item.row.kind in (person.muted or ()):
        return Verdict(render("gate.muted"))
    return None


def stale(passing: Passing) -> Verdict | None:
    """It comes so late that it would puzzle; an own one is still told, with a word of regret."""
    late = passing.now - passing.item.planned_for
    if passing.is_own or late <= timedelta(hours=passing.rule.stale_hours):
        return None
    return Verdict(render("gate.stale"))


def paused(passing: Passing) -> Verdict | None:
    """The person wanted peace until a day."""
    person = passing.item.person
    if passing.is_own or person is None or person.paused_until is None:
        return None
    return _put_off(passing, person.paused_until, "gate.paused")


def quiet(passing: Passing) -> Verdict | None:
    """Nobody is woken; what gathered in the night does not go out in one second."""
    morning = after_quiet_hours(passing.now, *passing.quiet)
    if passing.is_own or morning <= passing.now:
        return None
    minutes = passing.item.row.person_id * 7 % passing.gate.spread_minutes
    return _put_off(passing, morning + timedelta(minutes=minutes), "gate.quiet")


def backlog(passing: Passing) -> Verdict | None:
    """After hours without service the late ones keep their distance from each other."""
    row, gate, now = passing.item.row, passing.gate, passing.now
    if now - row.due_at <= timedelta(minutes=gate.late_minutes):
        return None
    if passing.rule.mass:
        is_workday = calendar_for(_region(passing.item)).is_workday
        return _put_off(passing, next_morning(row.due_at, now, is_workday), "gate.late")
    if passing.rule.dated:
        return None
    return _put_off(passing, same_minute(row.due_at, now), "gate.late")


def talking(passing: Passing) -> Verdict | None:
    """Somebody in the middle of a conversation, in whichever chat, is left in peace."""
    talk, gate, now = passing.item.talk, passing.gate, passing.now
    if talk is None or passing.is_own:
        return None
    if talk.officer_id is not None:
        again = now + timedelta(minutes=gate.taken_over_minutes)
        return _put_off(passing, again, "gate.taken_over")
    done = max(_done_talking(each, gate) for each in (talk, *passing.item.others))
    return _put_off(passing, done, "gate.talking")


def _done_talking(talk: Conversation, gate: GateRules) -> datetime:
    """From when on nothing more is expected to be said; a form takes longer."""
    is_in_form = bool(talk.state.get("stack"))
    minutes = gate.form_minutes if is_in_form else gate.talking_minutes
    return talk.updated_at + timedelta(minutes=minutes)


def wished_hour(passing: Passing) -> Verdict | None:
    """The person said at which hour it suits them; what has a day keeps to its day."""
    person = passing.item.person
    if passing.is_own or person is None or person.push_hour is None:
        return None
    hour = local(passing.now).hour
    if hour == person.push_hour or passing.item.row.kind in _BY_THE_HOUR:
        return None
    today = local_day(passing.now)
    if hour > person.push_hour:
        if passing.rule.dated:
            return None
        today += _DAY
    return _put_off(passing, at_local(today, time(person.push_hour)), "gate.hour")


CHECKS: tuple[Check, ...] = (unreachable, unwanted, stale, paused, quiet, backlog, talking)
"""In this order; `wished_hour` comes last, because it moves what could go now."""


def hindrance(passing: Passing) -> Verdict | None:
    """The first reason not to send now; None when it may go."""
    for check in (*CHECKS, wished_hour):
        verdict = check(passing)
        if verdict is not None:
            return verdict
    return None


def budget(kinds: Sequence[Rule], sent: Sequence[datetime], gate: GateRules) -> datetime | None:
    """From when the person may be written to again; None when one message more is within reason.

    What has a day may use the last message of the week, everything else leaves it free.
    """
    most = gate.weekly if any(rule.dated for rule in kinds) else gate.undated
    if len(sent) < most:
        return None
    return sorted(sent)[-most] + WEEK


def _put_off(passing: Passing, until: datetime, why: str) -> Verdict | None:
    """Later, unless that is now or would be too late to be of use."""
    if until <= passing.now:
        return None
    if until - passing.item.planned_for > timedelta(hours=passing.rule.stale_hours):
        return Verdict(render("gate.stale"))
    return Verdict(render(why), until=until)


def _region(item: Item) -> str | None:
    return item.person.home_region if item.person else None
