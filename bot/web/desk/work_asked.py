"""What the work list was asked for, as a query; and the choices that its filters offer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.cases import references
from bot.clock import local_day
from bot.rights.territory import canonical, chain, covers
from flows.local_time import SHANGHAI
from nlu.divisions import lookup, table
from nlu.names import name_key
from nlu.spelling import sounds_of
from storage.kinds import RecordKind
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

MINE, NOBODY, REVIEW, ALL = "mine", "nobody", "review", "all"
VIEWS = (MINE, NOBODY, REVIEW, ALL)
_TO_CLOSE = (RecordKind.DROPOUT_CASE, RecordKind.ESCALATION)
CLOCKS = (("", "不限"), ("late", "已超时"), ("today", "今天到期"), ("week", "七天内到期"))
_DAYS_AHEAD = {"today": 0, "week": 6}
_PHONE_DIGITS = 11
_LONGEST_WORDS = 100


@dataclass(frozen=True)
class Asked:
    """The filters of the list as they were written into its address."""

    view: str
    q: str = ""
    kind: str = ""
    status: str = ""
    region: str = ""
    clock: str = ""
    closed: str = ""

    def query(self, uow: UnitOfWork, officer: Officer, now: datetime, limit: int) -> RecordQuery:
        """The same as a question to the database."""
        review = self.view == REVIEW
        wanted = [kind for kind in RecordKind if kind == self.kind]
        query = RecordQuery(
            kinds=tuple(wanted or (_TO_CLOSE if review else ())),
            statuses=(self.status,) if self.status else (),
            open_only=not (self.closed or self.status or review),
            region=self.region if self.region.isascii() and self.region.isdecimal() else None,
            assigned_to=officer.id if self.view == MINE else None,
            unassigned=self.view == NOBODY,
            awaits_approval=review,
            overdue=due_by(self.clock, now),
            soonest_first=self.view in (MINE, REVIEW) or bool(self.clock),
            limit=limit,
        )
        return _searching(uow, query, self.q[:_LONGEST_WORDS].strip())


def due_by(clock: str, now: datetime) -> datetime | None:
    """Until when the clocks run that were asked for; a day ends at midnight of the office."""
    if clock == "late":
        return now
    if clock not in _DAYS_AHEAD:
        return None
    day = local_day(now) + timedelta(days=_DAYS_AHEAD[clock])
    return datetime.combine(day, time.max, SHANGHAI)


def places(officer: Officer, asked: str) -> list[tuple[str, str]]:
    """Units to choose from: from the officer's own down to the one asked for, and its parts."""
    own = canonical(officer.region_code)
    here = canonical(asked) if asked.isascii() and asked.isdecimal() else own
    if not covers(own, here):
        here = own
    path = [code for code in chain(here) if covers(own, code)]
    parts = sorted(table().children.get(here, ()))
    inside = [(code, f"{'　' * len(path)}{_name(code)}") for code in parts]
    above = [(code, f"{'　' * depth}{_name(code)}") for depth, code in enumerate(path)]
    return [("", above[0][1]), *above[1:], *inside]


def _name(code: str) -> str:
    unit = lookup(code)
    return unit.name if unit is not None else code


def _searching(uow: UnitOfWork, query: RecordQuery, words: str) -> RecordQuery:
    """A reference number, a phone number, or a name that sounds like it, also in pinyin."""
    if not words:
        return query
    reference = references.normalize(words)
    if reference is not None:
        return replace(query, reference=reference, open_only=False)
    digits = "".join(letter for letter in words if letter.isdecimal())
    if len(digits) == _PHONE_DIGITS:
        return replace(query, phone_hash=uow.keyring.blind(digits))
    key = name_key(words)
    return replace(query, name_keys=(key,) if key else sounds_of(words) or (words,))


def view_of(wanted: str, searched: Mapping[str, str], has_own: bool) -> str:
    """The list to show: what was asked for; else one's own work; a search looks everywhere."""
    if wanted in VIEWS:
        return wanted
    return MINE if has_own and not any(searched.values()) else ALL
