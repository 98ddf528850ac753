"""Who should have heard of something and did not: the other half of sending nothing wrong.

Only the plain cases are judged, in which nothing at all stands in the way of a message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from tests.autumn.script import DAY, LOCAL, Act, World, local_at
from tests.autumn.sent import Message

HINDERS = frozenset({"switch", "mute", "gone", "pause", "officer", "hour", "cancel"})
OPENS = local_at(date(2026, 9, 1), 0)
HEARD_BY = local_at(date(2026, 9, 19), 0)
_FULL = 3
DAYS_FOR_A_CAMPAIGN = 24
"""Ten working days, the long holiday, and a full week of other things before."""


def forgotten(world: World, messages: Iterable[Message]) -> list[str]:
    """Families that nobody told of the window that opened, or of their class the day before."""
    acts: dict[int, list[Act]] = defaultdict(list)
    for act in world.acts:
        acts[act.family].append(act)
    heard: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    pushed: dict[int, list[datetime]] = defaultdict(list)
    for message in messages:
        pushed[message.family].append(message.at)
        for told in message.told:
            heard[message.family, told.about or f"{told.kind}:{told.reference}"].append(message.at)
    found: list[str] = []
    for family in world.banners:
        if family in world.cadres or HINDERS & {act.what for act in acts[family]}:
            continue
        if world.start < OPENS and world.until > HEARD_BY:
            found += _of_the_window(family, acts[family], heard)
        found += _of_a_class(world, family, acts, heard, pushed[family])
        if all(act.what == "own" for act in acts[family]):
            found += _of_a_campaign(world, family, heard)
    return found


def _of_a_campaign(
    world: World, family: int, heard: dict[tuple[int, str], list[datetime]]
) -> Iterator[str]:
    """On a list, never applied, never said anything, and nobody stopped it."""
    for mailing in world.mailings.values():
        by = local_at(mailing.begins + DAYS_FOR_A_CAMPAIGN * DAY, 0)
        is_meant = mailing.stops is None and family in mailing.families and by < world.until
        if is_meant and not heard[family, f"campaign:{mailing.id}"]:
            yield f"{family} 群发的话{mailing.id}"


def _of_the_window(
    family: int, acts: list[Act], heard: dict[tuple[int, str], list[datetime]]
) -> Iterator[str]:
    is_applicant = any(act.what == "file" for act in acts)
    if not is_applicant and not heard[family, "event:recognition:opens:2026"]:
        yield f"{family} 申请时间开始"


def _of_a_class(
    world: World,
    family: int,
    acts: dict[int, list[Act]],
    heard: dict[tuple[int, str], list[datetime]],
    pushed: list[datetime],
) -> Iterator[str]:
    moved = {act.data["session"] for act in acts[0] if act.what == "move"}
    for act in acts[family]:
        if act.what != "book" or act.data["session"] in moved:
            continue
        session = world.sessions[act.data["session"]]
        due = local_at(session.starts_on - DAY, 10)
        is_plain = session.seats is None and act.at < due and due + DAY / 2 < world.until
        in_the_week = [at for at in pushed if due - 7 * DAY < at < due]
        if is_plain and len(in_the_week) < _FULL and not _is_told(heard, family, act, due):
            yield f"{family} 开课前一天 {due.astimezone(LOCAL):%m-%d}"


def _is_told(
    heard: dict[tuple[int, str], list[datetime]], family: int, act: Act, due: datetime
) -> bool:
    at = heard[family, f"session:{act.data['reference']}"]
    return any(due - timedelta(hours=3) <= moment <= due + timedelta(hours=24) for moment in at)
