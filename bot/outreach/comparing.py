"""Holds rows of lists against applications, school rolls and the dropout ledger, some at a time.

四查三比对 in small. What was found is kept with its reasons; what officers said of it stays.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.clock import at_local, local_day
from bot.outreach.candidates import of_record, of_row
from bot.outreach.matching import Likeness, Match, Someone, Strength, match, settle_rivals
from nlu.names import name_key
from storage.models.outreach import OutreachMatch, OutreachRow
from storage.uow import UnitOfWork

AT_ONCE = 150
LEDGERS: Mapping[str, str] = {
    "applications": "applied",
    "enrolment": "enrolled",
    "dropout": "dropped",
}
"""The ledgers, and the column of a row that sums up what was found there."""

SAME, OTHER = "same", "other"
_SCHOOL_YEAR = (8, 1)


def school_year_start(now: datetime) -> datetime:
    """Since when applications count: families are recognised anew every school year."""
    today = local_day(now)
    month, day = _SCHOOL_YEAR
    year = today.year if (today.month, today.day) >= _SCHOOL_YEAR else today.year - 1
    return at_local(date(year, month, day), time.min)


async def compare_some(
    uow: UnitOfWork, now: datetime, list_id: int | None = None, limit: int = AT_ONCE
) -> int:
    """Compare the next rows that were not compared yet; how many there were, 0 when none is left.

    Rows of the list that sound the same go along, because they may claim the same record.
    """
    waiting = await uow.outreach.not_compared(list_id, limit)
    for one_list in sorted({row.list_id for row in waiting}):
        if not await uow.outreach.hold(one_list):
            continue  # another process is at it, and would find and keep the same matches
        names = {row.name_key for row in waiting if row.list_id == one_list}
        await compare(uow, await uow.outreach.named(one_list, names), now)
    return len(waiting)


async def compare(uow: UnitOfWork, rows: Sequence[OutreachRow], now: datetime) -> None:
    """Find what the rows match in each ledger, keep it, and sum it up on the row."""
    found = await _found(uow, rows, tuple(LEDGERS), now)
    kept: dict[int, list[OutreachMatch]] = {row.id: [] for row in rows}
    for known in await uow.outreach.matches(list(kept)):
        kept[known.row_id].append(known)
    gone: list[OutreachMatch] = []
    new: list[OutreachMatch] = []
    for row in rows:
        matches = {name: matched[row.id] for name, matched in found.items()}
        _keep(row, kept[row.id], matches, gone, new)
        row.compared_at = now
    await uow.outreach.keep_matches(gone, new)  # all at once: a statement a row would take long


async def stands_now(
    uow: UnitOfWork, rows: Sequence[OutreachRow], ledger: str, now: datetime
) -> dict[int, Strength]:
    """How the rows stand in one ledger at this moment; nothing is kept of it."""
    found = (await _found(uow, rows, (ledger,), now))[ledger]
    said = {(one.row_id, one.target): one.verdict for one in await uow.outreach.matches(found)}
    best: dict[int, Strength] = {}
    for id, one in found.items():
        all_ = {_weighed(like.strength, said.get((id, like.key))) for like in one.found}
        best[id] = next((s for s in (Strength.SURE, Strength.POSSIBLE) if s in all_), Strength.NONE)
    return best


async def _found(
    uow: UnitOfWork, rows: Sequence[OutreachRow], ledgers: Sequence[str], now: datetime
) -> dict[str, dict[int, Match]]:
    mine = {row.id: of_row(row) for row in rows}
    found = {}
    for ledger in ledgers:
        near = _near(await _candidates(uow, rows, ledger, now))
        found[ledger] = settle_rivals({id: match(one, near(one)) for id, one in mine.items()})
    return found


def sum_up(row: OutreachRow, matches: Sequence[OutreachMatch]) -> None:
    """What the row's matches come to, with what officers said of them."""
    for ledger, column in LEDGERS.items():
        mine = [one for one in matches if one.ledger == ledger]
        standing = {_weighed(Strength(one.strength), one.verdict) for one in mine}
        best = next((s for s in (Strength.SURE, Strength.POSSIBLE) if s in standing), Strength.NONE)
        setattr(row, column, best.value)


def _weighed(strength: Strength, verdict: str | None) -> Strength:
    """What was found, or an officer's word on it."""
    if verdict is None:
        return strength
    return Strength.SURE if verdict == SAME else Strength.NONE


def _keep(
    row: OutreachRow,
    known: Sequence[OutreachMatch],
    matches: Mapping[str, Match],
    gone: list[OutreachMatch],
    new: list[OutreachMatch],
) -> None:
    """Take over what was found now; officers' words on what is still found stay."""
    likely = {like.key: (name, like) for name, one in matches.items() for like in one.found}
    gone += [one for one in known if one.target not in likely]
    stay = {one.target: one for one in known if one.target in likely}
    added = [_new(row, name, like) for key, (name, like) in likely.items() if key not in stay]
    new += added
    for key, one in stay.items():
        _, like = likely[key]
        one.strength, one.reasons = like.strength.value, list(like.reasons)
        one.against = list(like.against)
    sum_up(row, [*stay.values(), *added])


def _new(row: OutreachRow, ledger: str, like: Likeness) -> OutreachMatch:
    return OutreachMatch(
        row_id=row.id,
        ledger=ledger,
        target=like.key,
        strength=like.strength.value,
        reasons=list(like.reasons),
        against=list(like.against),
    )


async def _candidates(
    uow: UnitOfWork, rows: Sequence[OutreachRow], ledger: str, now: datetime
) -> list[Someone]:
    """Whom of a ledger to look at: those with a name of like sound, or the same phone."""
    names = {row.name_key for row in rows}
    phones = {row.phone_hash for row in rows if row.phone_hash}
    if ledger == "enrolment":
        return [of_row(row) for row in await uow.outreach.enrolled(names, phones)]
    if ledger == "dropout":
        return [of_record(one) for one in await uow.outreach.dropout_cases(names, phones)]
    since = school_year_start(now)
    return [of_record(one) for one in await uow.outreach.applications(names, phones, since)]


def _near(candidates: Sequence[Someone]) -> Callable[[Someone], list[Someone]]:
    shelf: dict[Any, dict[str, Someone]] = {}
    for one in candidates:
        for mark in _marks(one):
            shelf.setdefault(mark, {})[one.key] = one

    def near(row: Someone) -> list[Someone]:
        found: dict[str, Someone] = {}
        for mark in _marks(row):
            found.update(shelf.get(mark, {}))
        return list(found.values())

    return near


def _marks(one: Someone) -> list[tuple[str, str]]:
    marks = [("name", name_key(one.name)), ("phone", one.phone)]
    return [(kind, mark) for kind, mark in marks if mark]
