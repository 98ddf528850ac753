"""Records that may tell of one child, or of one family: by sound of name, phone and place."""

from typing import Any

from sqlalchemy import case, false, select

from storage.models.application import Application
from storage.models.case import Case
from storage.regions import within
from storage.repositories.base import Repository
from storage.repositories.record_query import AnyRecord, tables_of

_MOST = 50
_MOST_OF_A_PLACE = 200


class Kin(Repository):
    """Candidates, newest first; whoever shows them decides which are meant."""

    async def named(self, kind: str, name_key: str, near: str | None) -> list[AnyRecord]:
        """Records of a kind, open or not, of a child with a name of this sound.

        Names repeat in a whole region: those of the unit `near` come first.
        """
        found: list[AnyRecord] = []
        for table in tables_of((kind,)):
            query: Any = select(table).where(table.kind == kind, table.name_key == name_key)
            there = within(table.region_code, near) if near else false()
            nearest = case((there, 0), else_=1)
            query = query.order_by(nearest, table.id.desc()).limit(_MOST)
            found += (await self._session.scalars(query)).all()
        return found

    async def of_phone(self, phone_hash: str) -> list[Case | Application]:
        """Dropout cases and applications of a family's phone."""
        found: list[Case | Application] = []
        for table, kind in ((Case, "dropout_case"), (Application, "aid_application")):
            query: Any = select(table).where(table.phone_hash == phone_hash, table.kind == kind)
            rows = await self._session.scalars(query.order_by(table.id.desc()).limit(_MOST))
            found += rows.all()
        return found

    async def of_place(self, region_code: str) -> list[Case]:
        """Dropout cases of exactly this place."""
        query = select(Case).where(Case.region_code == region_code, Case.kind == "dropout_case")
        return await self._all(query.order_by(Case.id.desc()).limit(_MOST_OF_A_PLACE))
