"""Counters of the questions that the forms ask."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from sqlalchemy import Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.models.question import QuestionCount
from storage.repositories.base import Repository

Question = tuple[str, str]
"""A flow and one of its slots."""

_TABLE = QuestionCount.metadata.tables[QuestionCount.__tablename__]


class Questions(Repository):
    """Where people stop."""

    async def count(
        self, day: date, asked: Mapping[Question, int], answered: Mapping[Question, int]
    ) -> None:
        """Count up. Always in the same order, so that two workers never wait for each other."""
        rows = [
            {
                **{"day": day, "flow": flow, "slot": slot},
                "asked": asked.get((flow, slot), 0),
                "answered": answered.get((flow, slot), 0),
            }
            for flow, slot in sorted({*asked, *answered})
        ]
        if rows:
            connection = await self._session.connection()
            await connection.execute(_count_up(connection.dialect.name), rows)

    async def between(self, first: date, last: date) -> dict[Question, tuple[int, int]]:
        """Asked and answered, question by question, over some days, both ends included."""
        row = QuestionCount
        query = select(row.flow, row.slot, func.sum(row.asked), func.sum(row.answered))
        query = query.where(row.day >= first, row.day <= last).group_by(row.flow, row.slot)
        found = (await self._session.execute(query)).all()
        return {(flow, slot): (asked, answered) for flow, slot, asked, answered in found}

    async def days(
        self, flow: str, slot: str, first: date, last: date
    ) -> list[tuple[date, int, int]]:
        """Asked and answered of one question, day by day, the days on which it was asked."""
        row = QuestionCount
        query = select(row.day, row.asked, row.answered).filter_by(flow=flow, slot=slot)
        query = query.where(row.day >= first, row.day <= last).order_by(row.day)
        found = (await self._session.execute(query)).all()
        return [(day, asked, answered) for day, asked, answered in found]


@cache
def _count_up(dialect: str) -> Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(_TABLE)
    more = {name: _TABLE.c[name] + statement.excluded[name] for name in ("asked", "answered")}
    return statement.on_conflict_do_update(index_elements=("day", "flow", "slot"), set_=more)
