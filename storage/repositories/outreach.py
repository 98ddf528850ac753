"""Lists of children to look out for, their rows, and what these match in the ledgers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, inspect, or_, select, update

from storage.models.application import Application
from storage.models.base import Base
from storage.models.case import Case
from storage.models.outreach import Campaign, OutreachList, OutreachMatch, OutreachRow
from storage.repositories.base import Repository

_AT_ONCE = 400
_ENROLMENT = "enrolment"


@dataclass(frozen=True)
class RowQuery:
    """Which rows of a list: inside places (beginnings of codes), by comparison, by visit."""

    list_id: int
    places: tuple[str, ...] = ()
    applied: str | None = None
    enrolled: str | None = None
    dropped: str | None = None
    state: str | None = None  # "open" is what nobody has noted anything about
    undecided: bool = False
    after: int = 0
    limit: int = 50


class OutreachLists(Repository):
    """Lists and what is in them; who shows them decides who may see what."""

    async def add_list(self, row: OutreachList) -> OutreachList:
        """A new list."""
        return await self._added(row)

    async def list_of(self, kind: str, region_code: str, title: str) -> OutreachList | None:
        """The list that is known by these three."""
        found = {"kind": kind, "region_code": region_code, "title": title}
        return await self._session.scalar(select(OutreachList).filter_by(**found))

    async def get_list(self, id: int) -> OutreachList | None:
        """One list."""
        return await self._session.get(OutreachList, id)

    async def hold(self, id: int) -> bool:
        """Lock a list until the transaction ends; False while somebody else holds it."""
        query = select(OutreachList.id).where(OutreachList.id == id)
        query = query.with_for_update(skip_locked=True)
        return await self._session.scalar(query) is not None

    async def lists(self, limit: int = 500) -> list[OutreachList]:
        """All lists, the newest first."""
        query = select(OutreachList).order_by(OutreachList.imported_at.desc())
        return await self._all(query.order_by(OutreachList.id.desc()).limit(limit))

    async def outdated(self, today: date) -> list[OutreachList]:
        """Lists whose time is over."""
        return await self._all(select(OutreachList).where(OutreachList.until < today))

    async def row(self, id: int, lock: bool = False) -> OutreachRow | None:
        """One row."""
        return await self._by_id(OutreachRow, id, lock)

    async def known(self, list_id: int) -> dict[str, OutreachRow]:
        """The rows of a list by their identity."""
        query = select(OutreachRow).where(OutreachRow.list_id == list_id)
        return {row.identity: row for row in await self._all(query)}

    async def add_rows(self, rows: Sequence[OutreachRow]) -> None:
        """New rows, all in one statement."""
        await self._add_many(OutreachRow, rows)

    async def page(self, query: RowQuery) -> list[OutreachRow]:
        """Rows in the order of their ids, one more than asked for when there are more."""
        found = select(OutreachRow).where(*_wanted(query), OutreachRow.id > query.after)
        return await self._all(found.order_by(OutreachRow.id).limit(query.limit + 1))

    async def all_rows(self, query: RowQuery, most: int) -> list[OutreachRow]:
        """All rows that are asked for, at most so many, by place."""
        found = select(OutreachRow).where(*_wanted(query))
        return await self._all(found.order_by(OutreachRow.region_code, OutreachRow.id).limit(most))

    async def counts(self, query: RowQuery) -> list[tuple[dict[str, Any], int]]:
        """How many rows there are of every combination of comparison, visit and place."""
        columns = {
            "applied": OutreachRow.applied,
            "enrolled": OutreachRow.enrolled,
            "dropped": OutreachRow.dropped,
            "state": OutreachRow.state,
            "region_code": OutreachRow.region_code,
            "is_compared": OutreachRow.compared_at.is_not(None),
        }
        wanted = select(*columns.values(), func.count()).where(*_wanted(query))
        rows = (await self._session.execute(wanted.group_by(*columns.values()))).all()
        return [(dict(zip(columns, row, strict=False)), int(str(row[-1]))) for row in rows]

    async def not_compared(self, list_id: int | None, limit: int) -> list[OutreachRow]:
        """Rows that nobody has held against the ledgers yet."""
        query = select(OutreachRow).where(OutreachRow.compared_at.is_(None))
        if list_id is not None:
            query = query.where(OutreachRow.list_id == list_id)
        return await self._all(query.order_by(OutreachRow.id).limit(limit))

    async def named(self, list_id: int, name_keys: Collection[str]) -> list[OutreachRow]:
        """The rows of a list whose names sound like one of these."""
        found: list[OutreachRow] = []
        for some in _chunks(name_keys):
            query = select(OutreachRow).where(
                OutreachRow.list_id == list_id, OutreachRow.name_key.in_(some)
            )
            found += await self._all(query.order_by(OutreachRow.id))
        return found

    async def compare_again(self, list_id: int | None = None) -> None:
        """Let a list be compared anew, or all of them; a school's roll never is compared."""
        rolls = select(OutreachList.id).where(OutreachList.kind == _ENROLMENT)
        change = update(OutreachRow).values(compared_at=None)
        change = change.where(OutreachRow.list_id.not_in(rolls))
        if list_id is not None:
            change = change.where(OutreachRow.list_id == list_id)
        await self._session.execute(change)

    async def matches(self, row_ids: Collection[int]) -> list[OutreachMatch]:
        """What rows match, and what officers said of it."""
        found: list[OutreachMatch] = []
        for some in _chunks(row_ids):
            query = select(OutreachMatch).where(OutreachMatch.row_id.in_(some))
            found += await self._all(query.order_by(OutreachMatch.row_id, OutreachMatch.id))
        return found

    async def match(self, row_id: int, target: str) -> OutreachMatch | None:
        """One match of a row."""
        found = {"row_id": row_id, "target": target}
        return await self._session.scalar(select(OutreachMatch).filter_by(**found))

    async def keep_matches(
        self, gone: Sequence[OutreachMatch], new: Sequence[OutreachMatch]
    ) -> None:
        """Some matches are no more, others are new."""
        for match in gone:
            await self._session.delete(match)
        await self._session.flush()
        await self._add_many(OutreachMatch, new)

    async def _add_many(self, model: type[Base], rows: Sequence[Base]) -> None:
        """Insert without asking for the ids: many times quicker than one by one."""
        names = [column.key for column in inspect(model).column_attrs if column.key != "id"]
        values = [{name: getattr(row, name) for name in names} for row in rows]
        if values:
            await self._session.execute(insert(model), values)

    async def of_phones(self, list_id: int, hashes: Collection[str]) -> list[OutreachRow]:
        """The rows of a list with these phones."""
        found: list[OutreachRow] = []
        for some in _chunks(hashes):
            query = select(OutreachRow).where(
                OutreachRow.list_id == list_id, OutreachRow.phone_hash.in_(some)
            )
            found += await self._all(query.order_by(OutreachRow.id))
        return found

    async def applications(
        self, names: Collection[str], phones: Collection[str], since: datetime
    ) -> list[Application]:
        """Applications of children with such a name or phone, filed since and not withdrawn."""
        counts = Application.opened_at >= since, Application.status != "withdrawn"
        return await self._alike(Application, names, phones, *counts)

    async def dropout_cases(self, names: Collection[str], phones: Collection[str]) -> list[Case]:
        """Dropout cases of children with such a name or phone."""
        counts = (
            Case.kind == "dropout_case",
            Case.status.not_in(("withdrawn", "duplicate")),
        )
        return await self._alike(Case, names, phones, *counts)

    async def enrolled(self, names: Collection[str], phones: Collection[str]) -> list[OutreachRow]:
        """Lines of schools' rolls with such a name or phone."""
        rolls = select(OutreachList.id).where(OutreachList.kind == _ENROLMENT)
        return await self._alike(OutreachRow, names, phones, OutreachRow.list_id.in_(rolls))

    async def _alike(
        self, model: Any, names: Collection[str], phones: Collection[str], *more: Any
    ) -> list[Any]:
        found: dict[int, Any] = {}
        for column, values in ((model.name_key, names), (model.phone_hash, phones)):
            for some in _chunks(values):
                for row in await self._all(select(model).where(column.in_(some), *more)):
                    found[row.id] = row
        return [found[id] for id in sorted(found)]

    async def has_roll(self, places: Sequence[str]) -> bool:
        """Whether any school's roll of the places is there to compare with."""
        query = select(OutreachRow.id).join(OutreachList, OutreachList.id == OutreachRow.list_id)
        query = query.where(OutreachList.kind == _ENROLMENT, *_inside(places))
        return await self._session.scalar(query.limit(1)) is not None

    async def remove(self, list_id: int) -> int:
        """A list with its rows, matches and campaigns is gone; how many rows there were."""
        rows = select(OutreachRow.id).where(OutreachRow.list_id == list_id)
        many = await self._session.scalar(select(func.count()).select_from(rows.subquery()))
        await self._session.execute(delete(OutreachMatch).where(OutreachMatch.row_id.in_(rows)))
        for model in (Campaign, OutreachRow):
            await self._session.execute(delete(model).where(model.list_id == list_id))
        await self._session.execute(delete(OutreachList).where(OutreachList.id == list_id))
        self._session.expire_all()
        return many or 0


def _wanted(query: RowQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [OutreachRow.list_id == query.list_id]
    found += _inside(query.places)
    asked: Mapping[str, Any] = {"applied": query.applied, "enrolled": query.enrolled}
    asked = {**asked, "dropped": query.dropped}
    found += [getattr(OutreachRow, name) == value for name, value in asked.items() if value]
    if query.state == "open":
        found.append(OutreachRow.state.is_(None))
    elif query.state:
        found.append(OutreachRow.state == query.state)
    if query.undecided:
        columns = OutreachRow.applied, OutreachRow.enrolled, OutreachRow.dropped
        found.append(or_(*(column == "possible" for column in columns)))
    return found


def _inside(places: Sequence[str]) -> list[ColumnElement[bool]]:
    if not places:
        return []
    return [or_(*(OutreachRow.region_code.startswith(place) for place in places))]


def _chunks(values: Collection[Any]) -> Iterable[list[Any]]:
    every = sorted(values)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
