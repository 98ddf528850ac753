"""Finding a Putonghua course and taking a place in it; voluntary, and never tied to aid."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows import checks
from flows.commands import BookTraining, UpdatePerson
from flows.escalation.alarm import plain, region_code
from flows.local_time import local_day
from flows.papers import refs_of
from flows.ports import SessionView, SessionWish
from flows.say import Choice, Outcome, Say
from flows.steps import Ask, Flow, Moment
from nlu.types import Intent
from storage.kinds import RecordKind

INTEREST = "interest"
MOST_OFFERED = 5
PURPOSES = ("teacher_certificate", "work", "daily_life", "exam", "child_education")
LEVELS = ("none", "basic", "fluent", "psc_3b", "psc_3a", "psc_2b", "psc_2a", "psc_1")
TIMES = ("weekday_day", "weekday_evening", "weekend", "slack_season", "any")


@dataclass(frozen=True)
class TrainingWish:
    """The answers of contract section 5."""

    person_name: str | None = None
    age: int | None = None
    region: dict[str, Any] | None = None
    purpose: str | None = None
    current_level: str | None = None
    available_time: str | None = None
    session: str | None = None
    phone: str | None = None


async def _begin(moment: Moment) -> Say | None:
    if moment.me.phone:
        moment.frame.items[0].slots.setdefault("phone", moment.me.phone)
    return None


async def _offer(view: TrainingWish, moment: Moment) -> tuple[Choice, ...]:
    """The sessions that fit, nearest first, and a way to wait for a better one."""
    sessions = await moment.lookup.sessions(_wish(view, local_day(moment.now)))
    offered = tuple(
        Choice(
            f"training.offer.{_seats(session)}",
            f"!training.session={session.reference}",
            values=_session_values(session),
        )
        for session in sessions[:MOST_OFFERED]
    )
    return (*offered, Choice("training.session.interest", f"!training.session={INTEREST}"))


def _wish(view: TrainingWish, today: date) -> SessionWish:
    region = view.region["code"] if view.region else None
    return SessionWish(region, view.purpose, view.current_level, view.available_time, today)


def _seats(session: SessionView) -> str:
    if session.seats_left is None:
        return "open"
    return "seats" if session.seats_left > 0 else "full"


def _session_values(session: SessionView) -> dict[str, Any]:
    where = f"{session.place}{session.venue}"
    return {
        "title": session.title,
        "where": f"，{where}" if where and session.distance != "online" else "",
        "starts": session.starts_on,
        "schedule": f"，{session.schedule}" if session.schedule else "",
        "seats": session.seats_left or 0,
        "mode": session.mode,
        "fee": session.fee,
        "distance": Say(f"training.distance.{session.distance}"),
    }


async def _heed(moment: Moment) -> Outcome:
    """When nothing fits, say so and keep the interest instead of offering an empty list."""
    item = moment.frame.items[0]
    asked_before = ("person_name", "age", "region", "purpose", "current_level", "available_time")
    if any(item.slots.get(slot) is None for slot in asked_before) or not item.is_open("session"):
        return Outcome()
    view = TRAINING.view(item)
    sessions = await moment.lookup.sessions(_wish(view, local_day(moment.now)))
    if sessions:
        lines = [
            Say(f"training.line.{_seats(s)}", _session_values(s)) for s in sessions[:MOST_OFFERED]
        ]
        moment.frame.marks["values"] = {}
        if moment.frame.asked is None or moment.frame.asked.slot != "session":
            return Outcome((Say("training.found", {"lines": lines}).marked(flow="training"),))
        return Outcome()
    item.slots["session"] = INTEREST
    return Outcome((Say("training.nothing_fits").marked(flow="training"),))


async def _summary(views: list[TrainingWish], moment: Moment) -> tuple[Say, ...]:
    region = region_code(moment.frame.items[0].slots)
    session = await moment.lookup.session(views[0].session or "", region)
    if session is None:
        return (Say("training.will_wait"),)
    return (Say(f"training.line.{_seats(session)}", _session_values(session)),)


async def _file(views: list[TrainingWish], moment: Moment) -> Outcome:
    slots, view = plain(moment.frame.items[0].slots), views[0]
    kind = RecordKind.TRAINING_REGISTRATION
    session = await moment.lookup.session(view.session or "")
    reference = moment.lookup.new_reference(kind)
    booked = session.reference if session else None
    region = region_code(moment.frame.items[0].slots)
    command = BookTraining(reference, slots, booked, region, refs_of(moment.frame))
    filed = [{"kind": kind.value, "reference": reference}]
    values = {"reference": reference, **(_session_values(session) if session else {})}
    key = (
        "interested" if session is None else "waitlisted" if _seats(session) == "full" else "booked"
    )
    say = Say(f"training.filed.{key}", values).marked(flow="training", filed=filed)
    return Outcome((say,), (command, UpdatePerson(phone=view.phone, region=region)))


TRAINING = Flow(
    name="training",
    slots=TrainingWish,
    starts_on=frozenset({Intent.FIND_TRAINING}),
    begin=_begin,
    heed=_heed,
    summary=_summary,
    steps=(
        Ask("region", takes=("region",), check=checks.in_a_banner),
        Ask("purpose", takes=("purpose",), options=PURPOSES),
        Ask("current_level", takes=("current_level",), options=LEVELS),
        Ask("available_time", takes=("available_time",), options=TIMES),
        Ask(
            "person_name",
            takes=("person_name", "child_name"),
            roles=(None, "self"),
            check=checks.a_name("person_name"),
        ),
        Ask("age", takes=("age",), counts=True, check=checks.between("training_age", 6, 90)),
        Ask("session", choices=_offer, takes=("session",), fallback=INTEREST),
        Ask("phone", takes=("phone",), roles=(None, "self")),
    ),
    finish=_file,
)
