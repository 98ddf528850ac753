"""What a report is about: a place inside the officer's own, and months from first to last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import at_local, local_day
from bot.errors import Refused
from bot.rights.territory import TOP, canonical, chain, covers, level, prefixes
from nlu.divisions import lookup
from storage.kinds import RecordKind
from storage.repositories.counted import Cut
from storage.repositories.counts import By
from storage.repositories.record_query import RecordQuery

MOST_MONTHS = 36
_BANNER = 2
_NOWHERE = "地点不详"


@dataclass(frozen=True)
class Scope:
    """A place and the months."""

    region: str
    first: str
    last: str

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The place for the database."""
        return prefixes(self.region)

    @property
    def place(self) -> str:
        """The place in words."""
        unit = lookup(canonical(self.region))
        return "".join(unit.path[1:] or unit.path) if unit else self.region

    @property
    def period(self) -> str:
        """The months in words."""
        return self.first if self.first == self.last else f"{self.first} 至 {self.last}"

    @property
    def is_wide(self) -> bool:
        """Whether the place holds several banners."""
        return level(self.region) > _BANNER

    @property
    def by(self) -> By:
        """What to count by, so that the numbers can be added up to units."""
        return "banner" if self.is_wide else "place"

    def month(self, month: str) -> "Scope":
        """The same place in one month."""
        return Scope(self.region, month, month)

    def query(self, kind: RecordKind, **cut: object) -> RecordQuery:
        """The records of a kind that were filed in these months."""
        months = {"first_month": self.first, "last_month": self.last}
        return RecordQuery(kinds=(kind,), cut=Cut(**{**months, **cut}))  # type: ignore[arg-type]

    def rows(self, kind: RecordKind, **more: str) -> Mapping[str, str]:
        """The filters that open the rows behind a number."""
        place = {"region": self.region, "from": self.first, "to": self.last}
        return {"kind": kind, **place, **more}

    def rows_in(self, kind: RecordKind, unit: str, **more: str) -> Mapping[str, str] | None:
        """The same in a smaller unit; None where what lies in no such unit was counted."""
        if unit in ("", canonical(self.region)):
            return None
        return self.rows(kind, region=unit, **more)

    def unit(self, code: str | None) -> str:
        """The next smaller unit that a place lies in; the place itself when there is none."""
        codes = chain(code) if code else ()
        depth = TOP - level(self.region) + 1
        if canonical(self.region) not in codes:
            return ""
        return codes[depth] if len(codes) > depth else canonical(self.region)

    def unit_name(self, code: str) -> str:
        """The unit's name; what lies in no smaller unit is the place's own."""
        if not code:
            return _NOWHERE
        unit = lookup(code)
        name = unit.name if unit else code
        return f"{name}（本级）" if code == canonical(self.region) else name


def scope_of(own: str, region: str, first: str, last: str, now: datetime) -> Scope:
    """What was asked for, this month where nothing was. Raises Refused with a sentence."""
    this = f"{local_day(now):%Y-%m}"
    first, last = first or last or this, last or first or this
    for month in (first, last):
        if not is_month(month):
            raise Refused("月份请这样写：2026-11。")
    if first > last:
        raise Refused("开始的月份不能比结束的月份晚。")
    if len(months(first, last)) > MOST_MONTHS:
        raise Refused(f"一次最多看 {MOST_MONTHS} 个月。")
    place = region or own
    if not place.isascii() or not place.isdecimal() or lookup(canonical(place)) is None:
        raise Refused("没有这个地区代码。")
    if not covers(own, place):
        raise Refused("这个地区不归您管。")
    return Scope(canonical(place), first, last)


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a month. Raises ValueError."""
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """The first moment of a local month and of the next. Raises ValueError."""
    first, last = month_days(month)
    return at_local(first, time.min), at_local(last + timedelta(days=1), time.min)


def is_month(text: str) -> bool:
    """Whether the text is a month like 2026-11."""
    try:
        return len(text) == 7 and 2000 < date.fromisoformat(f"{text}-01").year < 2200
    except ValueError:
        return False


def months(first: str, last: str) -> tuple[str, ...]:
    """Every month from the first to the last."""
    start, end = _number(first), _number(last)
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end + 1))


def months_before(last: str, many: int) -> tuple[str, ...]:
    """The months that end with the last one."""
    number = _number(last)
    return months(f"{(number - many + 1) // 12}-{(number - many + 1) % 12 + 1:02d}", last)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
