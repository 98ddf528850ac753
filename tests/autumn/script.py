"""What happens in the simulated autumn: who lives where, who does what at which moment.

Everything follows from the seed, so that a run that was killed finds the same world again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

import chinese_calendar

from tests.autumn.mailings import Mailing, make_mailings

LOCAL = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
BANNERS = ("152222", "152221", "152223", "150422", "150525", "150781", "152523", "152921")
SCHOOLS = ("中心小学", "一中", "民族中学", "职教中心")
GRADES = ("小学二年级", "小学五年级", "初中一年级", "高中一年级", "高中三年级", "中职三年级")
HARDSHIPS = ("dibao", "single_parent", "disaster", "orphan", "poverty_household")
PAPERS = {
    "recognition_form": "家庭经济困难学生认定申请表",
    "household_register": "户口簿（孩子和家长的页）",
}
SCHEDULES = ("周六 9:00-11:00", "每晚七点", "下午2:30-4:30", "另行通知")
MUTABLE = ("window", "documents", "session", "attendance")
PUBLISHED_DAYS = 5
_LAST_KNOWN_YEAR = max(day.year for day in chinese_calendar.holidays)


@dataclass(frozen=True)
class Act:
    """Somebody does something at a moment; `what` names a method of the player and the oracle."""

    at: datetime
    family: int
    what: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Session:
    """A class as it was first announced."""

    id: int
    banner: str
    starts_on: date
    schedule: str
    seats: int | None
    days: int

    @property
    def reference(self) -> str:
        """Its number."""
        return f"S26-{self.id:04d}"

    @property
    def title(self) -> str:
        """Its name, of its own."""
        return f"普通话班{self.id}"


@dataclass(frozen=True)
class World:
    """Families 1 to n by their banner, the classes, and all that happens, in order."""

    start: datetime
    until: datetime
    banners: dict[int, str]
    cadres: frozenset[int]
    sessions: dict[int, Session]
    acts: tuple[Act, ...]
    mailings: dict[int, Mailing] = field(default_factory=dict)


def local_at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock of the offices."""
    return datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC)


def make_world(families: int, seed: int, first: date, last: date) -> World:
    """The world of a seed between two days, both included."""
    rng = Random(seed)
    banners = {family: rng.choice(BANNERS) for family in range(1, families + 1)}
    sessions = _sessions(rng, families, first, last)
    days = (last - first).days
    acts = [act for session in sessions.values() for act in _moves(rng, session)]
    cadres = set()
    for family, banner in banners.items():
        near = [session for session in sessions.values() if session.banner == banner]
        own = Random(seed * 1_000_003 + family)
        if own.random() < 0.03:
            cadres.add(family)
        acts += _Life(own, family, first, days, near).acts()
    mailings = make_mailings(banners, seed, first, last)
    acts += [act for mailing in mailings.values() for act in _mails(mailing)]
    start, until = local_at(first, 0), local_at(last, 23, 50)
    kept = sorted((a for a in acts if start < a.at < until), key=lambda a: (a.at, a.family, a.what))
    return World(start, until, banners, frozenset(cadres), sessions, tuple(kept), mailings)


def _mails(mailing: Mailing) -> list[Act]:
    """An officer writes it, a second person approves it, and perhaps somebody stops it."""
    about = {"mailing": mailing.id}
    acts = [Act(local_at(mailing.begins, 8), 0, "campaign", about)]
    if mailing.stops is not None:
        acts.append(Act(local_at(mailing.stops, 10, 10), 0, "stop_campaign", about))
    return acts


def _sessions(rng: Random, families: int, first: date, last: date) -> dict[int, Session]:
    many = max(families // 200, 2 * len(BANNERS))
    return {
        id: Session(
            id=id,
            banner=BANNERS[id % len(BANNERS)],
            starts_on=first + DAY * rng.randrange(4, max((last - first).days, 5)),
            schedule=rng.choice(SCHEDULES),
            seats=12 if id % 5 == 0 else None,
            days=rng.choice((0, 0, 9)),
        )
        for id in range(1, many + 1)
    }


def _moves(rng: Random, session: Session) -> list[Act]:
    """A class in six gets another day, some days before it begins."""
    if rng.random() > 0.16:
        return []
    at = local_at(session.starts_on - DAY * rng.randrange(1, 6), rng.randrange(9, 18))
    shift = rng.choice((-1, 1, 2, 3, 7))
    return [
        Act(at, 0, "move", {"session": session.id, "starts_on": session.starts_on + DAY * shift})
    ]


def is_workday(day: date) -> bool:
    """Whether offices work; of the year after, in which nothing is sent any more, it is guessed."""
    if day.year > _LAST_KNOWN_YEAR:
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def workdays_after(day: date, days: int) -> date:
    """The day that is so many working days later."""
    for _ in range(days):
        day += DAY
        while not is_workday(day):
            day += DAY
    return day


@dataclass(frozen=True)
class _Life:
    """What one family does, told by its own random numbers."""

    rng: Random
    family: int
    first: date
    days: int
    near: list[Session]

    def acts(self) -> list[Act]:
        """Each part of a life happens to some of the families."""
        parts: list[tuple[float, Callable[[], list[Act]]]] = [
            (0.22, self._application),
            (0.18, self._registration),
            (0.10, self._own),
            (0.45, self._talks),
            (0.04, self._unsubscribes),
            (0.04, lambda: [self._act(self._moment(), "mute", kind=self.rng.choice(MUTABLE))]),
            (0.04, self._pause),
            (0.07, lambda: [self._act(self._moment(), "hour", hour=self.rng.randrange(8, 21))]),
            (0.08, lambda: [self._act(self._moment(0), "share")]),
            (0.03, self._goes),
            (0.02, self._taken_over),
        ]
        return [act for share, part in parts if self.rng.random() < share for act in part()]

    def _moment(self, earliest: int = 0, hours: tuple[int, int] = (7, 23)) -> datetime:
        day = self.rng.randrange(earliest, max(self.days, earliest + 1))
        return local_at(self.first + DAY * day, self.rng.randrange(*hours), self.rng.randrange(60))

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """Some days later at an office hour of a working day."""
        day = at.astimezone(LOCAL).date() + DAY * self.rng.randrange(least, most)
        while not is_workday(day):
            day += DAY
        return local_at(day, self.rng.randrange(9, 17), self.rng.randrange(60))

    def _act(self, at: datetime, what: str, **data: Any) -> Act:
        return Act(at, self.family, what, data)

    def _application(self) -> list[Act]:
        number = f"A26-{self.family // 1000:04d}-{self.family % 1000:03d}"
        grade, hardship = self.rng.choice(GRADES), self.rng.sample(HARDSHIPS, 2)
        filed = self._moment()
        acts = [self._act(filed, "file", reference=number, grade=grade, hardship=hardship)]
        for paper in PAPERS:
            if self.rng.random() < 0.6:
                at = filed + DAY * self.rng.randrange(1, 25)
                acts.append(self._act(at, "hand_in", reference=number, paper=paper))
        if self.rng.random() < 0.15:
            at = filed + DAY * self.rng.randrange(4, 20) + timedelta(minutes=3)
            acts.append(self._act(at, "says_handed_in", reference=number))
        if self.rng.random() < 0.15:
            at = filed + DAY * self.rng.randrange(4, 20) + timedelta(minutes=5)
            again = local_at(at.astimezone(LOCAL).date() + DAY, 10)
            acts.append(self._act(at, "says_tomorrow", reference=number, again=again))
        if self.rng.random() < 0.08:
            at = filed + DAY * self.rng.randrange(1, 30) + timedelta(minutes=7)
            return [*acts, self._act(at, "withdraw", reference=number)]
        return [*acts, *self._office(filed, number)]

    def _office(self, filed: datetime, number: str) -> list[Act]:
        """What the school does with an application, as far as it gets."""
        acts, rng = self._dispute(filed, number), self.rng
        if rng.random() < 0.2:
            at = self._later(filed, 2, 12)
            paper = rng.choice(tuple(PAPERS))
            acts.append(self._act(at, "return_paper", reference=number, paper=paper))
            if rng.random() < 0.5:
                again = at + DAY * rng.randrange(1, 12)
                acts.append(self._act(again, "hand_in", reference=number, paper=paper))
        if rng.random() < 0.3:
            return acts
        accepted = self._later(filed, 13, 30)
        acts.append(self._act(accepted, "accept", reference=number))
        end = self._later(accepted, 1, 10)
        if rng.random() < 0.15:
            return [*acts, self._act(end, "reject", reference=number)]
        until = workdays_after(end.astimezone(LOCAL).date(), PUBLISHED_DAYS)
        acts.append(self._act(end, "publish", reference=number, until=until))
        if rng.random() < 0.7:
            at = self._later(local_at(until, 9), 1, 6)
            acts.append(self._act(at, "approve", reference=number))
        return acts

    def _dispute(self, filed: datetime, number: str) -> list[Act]:
        """A family in ten says that an answer is wrong, and mostly hears of it again."""
        rng = Random(self.family * 104_729)
        if rng.random() >= 0.1:
            return []
        at = filed + DAY * rng.randrange(1, 12) + timedelta(minutes=9)
        acts = [self._act(at, "contest", reference=number)]
        if rng.random() < 0.7:
            day = at.astimezone(LOCAL).date() + DAY * rng.randrange(1, 9)
            answered = local_at(workdays_after(day, 1), 11, 1)
            acts.append(self._act(answered, "answer_dispute", reference=number))
        return acts

    def _registration(self) -> list[Act]:
        number = f"T26-{self.family // 1000:04d}-{self.family % 1000:03d}"
        if not self.near:
            return []
        session = self.rng.choice(self.near)
        booked = local_at(session.starts_on, self.rng.randrange(8, 22), self.rng.randrange(60))
        booked -= DAY * self.rng.randrange(1, 30)
        if booked < local_at(self.first, 1):
            return []
        acts = [self._act(booked, "book", reference=number, session=session.id)]
        if self.rng.random() < 0.15:
            at = booked + DAY * self.rng.randrange(1, 10)
            acts.append(self._act(at, "cancel", reference=number))
        return acts

    def _own(self) -> list[Act]:
        acts = []
        for number in range(self.rng.randrange(1, 4)):
            said = self._moment()
            due = said + timedelta(minutes=self.rng.randrange(30, 40_000))
            words = f"第{self.family}家的事{number}"
            acts.append(self._act(said, "own", text=words, due=due))
        return acts

    def _talks(self) -> list[Act]:
        """Mornings are when messages come too."""
        acts = []
        for _ in range(self.rng.randrange(1, 7)):
            said = self._moment(hours=self.rng.choice(((8, 12), (9, 11), (7, 23))))
            is_form = self.rng.random() < 0.3
            acts.append(self._act(said, "speak", form=is_form))
        return acts

    def _unsubscribes(self) -> list[Act]:
        at = self._moment()
        acts = [self._act(at, "switch", on=False)]
        if self.rng.random() < 0.3:
            acts.append(self._act(at + DAY * self.rng.randrange(3, 40), "switch", on=True))
        return acts

    def _pause(self) -> list[Act]:
        at = self._moment()
        return [self._act(at, "pause", until=at + DAY * self.rng.randrange(2, 21))]

    def _goes(self) -> list[Act]:
        at = self._moment()
        acts = [self._act(at, "gone", gone=True)]
        if self.rng.random() < 0.3:
            acts.append(self._act(at + DAY * self.rng.randrange(3, 40), "gone", gone=False))
        return acts

    def _taken_over(self) -> list[Act]:
        at = self._moment(hours=(9, 17))
        end = at + timedelta(minutes=self.rng.randrange(20, 600))
        return [self._act(at, "officer", on=True), self._act(end, "officer", on=False)]
