"""Lists of records for officers: only what lies in their region, each read of a line audited."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.cases.records import Record
from bot.rights.access import may_see, may_take
from bot.rights.territory import canonical, covers
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

MOST_ROUNDS = 20
"""How often one page asks the database when most of what it finds lies elsewhere."""

_BANNER_DIGITS = 6


async def visible_records(
    uow: UnitOfWork,
    officer: Officer,
    query: RecordQuery,
    now: datetime,
    keep: Callable[[Record], bool] = lambda row: True,
) -> tuple[list[Record], str | None]:
    """One page of records that the officer may see, and the cursor of the next; audited.

    Asked of the database by the banner and then of the division table, because the code of a
    village need not begin with its town's.
    """
    wanted = query.region
    wide = replace(query, region=_banner(query.region), scope=_banner(officer.region_code))
    found: list[Record] = []
    cursor = query.cursor
    for _ in range(MOST_ROUNDS):
        asked = replace(wide, cursor=cursor, limit=query.limit - len(found))
        rows, cursor = await uow.records.page(asked)
        found += [
            row
            for row in rows
            if may_see(officer, row)
            and (wanted is None or covers(wanted, row.region_code))
            and keep(row)
        ]
        if cursor is None or len(found) >= query.limit:
            break
    await audit_lines(uow, officer, found, now)
    return found, cursor


async def offered_records(uow: UnitOfWork, officer: Officer, now: datetime) -> list[Record]:
    """What others want to hand on to the officer, also from other regions; audited."""
    region = _banner(officer.region_code) or officer.region_code
    rows = await uow.records.offered(officer.id, region)
    found = [row for row in rows if may_take(officer, row)]
    await audit_lines(uow, officer, found, now)
    return found


async def audit_lines(
    uow: UnitOfWork, officer: Officer, records: Sequence[Record], now: datetime
) -> None:
    """A list shows names, so every line of it is a read; all are written down at once."""
    lines = [(record.reference, record.region_code) for record in records]
    await uow.audit.add_each(now, "officer", officer.id, "list", lines)


async def officer_names(uow: UnitOfWork) -> dict[int, str]:
    """The names by id, for showing who is answerable."""
    return {officer.id: officer.name for officer in await uow.officers.all()}


def _banner(code: str | None) -> str | None:
    return canonical(code)[:_BANNER_DIGITS] if code else None
