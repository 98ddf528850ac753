"""The facts of dropout cases: added to and read, never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.kinds import CaseFactKind, DropoutStatus, RecordKind
from storage.models.case import Case
from storage.models.fact import CaseFact
from storage.regions import WHOLE_REGION, within
from storage.repositories.base import Repository

_ENDS_A_PLACEMENT = (CaseFactKind.RETURN, CaseFactKind.REOPEN, CaseFactKind.DEFERRAL_OVER)

_OUT_OF_SCHOOL = (DropoutStatus.REPORTED, DropoutStatus.VERIFIED, DropoutStatus.PERSUADING)
_BACK = (DropoutStatus.RETURNED, DropoutStatus.PLACED, DropoutStatus.MONITORING)


class CaseFacts(Repository):
    """What happened in each case, in the order in which it was told."""

    async def add(
        self,
        case: Case,
        kind: CaseFactKind,
        on: date,
        at: datetime,
        detail: Mapping[str, Any],
        *,
        until: date | None = None,
        officer_id: int | None = None,
        corrects_id: int | None = None,
    ) -> CaseFact:
        """Keep one fact."""
        row = CaseFact(
            case_id=case.id,
            kind=kind,
            on=on,
            at=at,
            until=until,
            officer_id=officer_id,
            corrects_id=corrects_id,
            detail=dict(detail),
        )
        return await self._added(row)

    async def of(self, case: Case) -> list[CaseFact]:
        """All facts of a case, oldest first."""
        query = select(CaseFact).where(CaseFact.case_id == case.id)
        return await self._all(query.order_by(CaseFact.id))

    async def of_each(self, case_ids: Collection[int]) -> dict[int, list[CaseFact]]:
        """The facts of many cases at once, each oldest first."""
        found: dict[int, list[CaseFact]] = {}
        if case_ids:
            query = select(CaseFact).where(CaseFact.case_id.in_(case_ids))
            for row in await self._all(query.order_by(CaseFact.id)):
                found.setdefault(row.case_id, []).append(row)
        return found

    async def counted(
        self, kinds: Sequence[CaseFactKind], first: date, last: date, prefixes: Sequence[str]
    ) -> dict[CaseFactKind, int]:
        """How many facts of each kind are about these days, in a place told by its prefixes."""
        query = select(CaseFact.kind, func.count()).where(
            CaseFact.kind.in_(kinds),
            CaseFact.corrects_id.is_(None),
            CaseFact.on >= first,
            CaseFact.on <= last,
        )
        if WHOLE_REGION not in prefixes:
            inside = or_(*(within(Case.region_code, code) for code in prefixes))
            query = query.join(Case, Case.id == CaseFact.case_id).where(inside)
        rows = (await self._session.execute(query.group_by(CaseFact.kind))).all()
        return {CaseFactKind(kind): many for kind, many in rows}

    async def deferred_until(self, day: date) -> list[Case]:
        """Cases whose child was let off school until this day or an earlier one."""
        query = select(Case).join(CaseFact, CaseFact.case_id == Case.id)
        query = query.where(*_is_deferred(), CaseFact.until <= day)
        return list((await self._session.scalars(query.order_by(Case.id))).all())

    async def next_deferral_end(self, after: date) -> date | None:
        """The first day after this one on which a child let off school is to be back."""
        query = select(func.min(CaseFact.until)).where(*_is_deferred(), CaseFact.until > after)
        return await self._session.scalar(query)

    async def checks_due(self, day: date) -> list[tuple[int, str]]:
        """Whose attendance is to be looked at by this day: the officer and the case, in order."""
        checked = _last(CaseFactKind.ATTENDANCE, CaseFact.until)
        returned = _last(CaseFactKind.RETURN, CaseFact.on)
        query = (
            select(Case.assigned_to_id, Case.reference)
            .outerjoin(checked, checked.c.case_id == Case.id)
            .outerjoin(returned, returned.c.case_id == Case.id)
            .where(*_is_watched(), Case.assigned_to_id.is_not(None))
            .where(or_(checked.c.day.is_(None), checked.c.day <= day))
            .where(or_(returned.c.day.is_(None), returned.c.day < day))
            .order_by(Case.due_at, Case.id)
        )
        rows = (await self._session.execute(query)).all()
        return [(officer_id, reference) for officer_id, reference in rows if officer_id is not None]

    async def visits_due(self, after: date, day: date) -> list[Case]:
        """Open cases whose next visit was promised for a day after the first, up to the second."""
        last = _last(CaseFactKind.VISIT, CaseFact.id)
        query = (
            select(Case)
            .join(last, last.c.case_id == Case.id)
            .join(CaseFact, CaseFact.id == last.c.day)
            .where(CaseFact.until > after, CaseFact.until <= day)
            .where(Case.status.in_(_OUT_OF_SCHOOL))
            .order_by(CaseFact.until, Case.id)
        )
        return list((await self._session.scalars(query)).all())

    async def next_visit(self, after: date) -> date | None:
        """The first day after this one for which a visit was promised."""
        query = select(func.min(CaseFact.until)).where(
            CaseFact.kind == CaseFactKind.VISIT, CaseFact.until > after
        )
        return await self._session.scalar(query)

    async def is_anybody_watched(self) -> bool:
        """Whether any child that came back is looked after."""
        return (
            await self._session.scalar(select(Case.id).where(*_is_watched()).limit(1)) is not None
        )

    async def forget(self, case: Case) -> None:
        """Remove the facts of a case that is itself removed."""
        mine = CaseFact.case_id == case.id
        await self._session.execute(delete(CaseFact).where(mine))


def _last(kind: CaseFactKind, day: InstrumentedAttribute[Any]) -> Subquery:
    """The latest such day of each case."""
    query = select(CaseFact.case_id, func.max(day).label("day")).where(CaseFact.kind == kind)
    return query.group_by(CaseFact.case_id).subquery()


def _is_watched() -> tuple[ColumnElement[bool], ...]:
    is_deferred = exists().where(CaseFact.case_id == Case.id, *_is_deferred())
    return Case.kind == RecordKind.DROPOUT_CASE, Case.status.in_(_BACK), ~is_deferred


def _is_deferred() -> tuple[ColumnElement[bool], ...]:
    later = aliased(CaseFact)
    ended = exists().where(
        later.case_id == CaseFact.case_id,
        later.id > CaseFact.id,
        later.kind.in_(_ENDS_A_PLACEMENT),
    )
    return CaseFact.kind == CaseFactKind.RETURN, CaseFact.until.is_not(None), ~ended
