"""Records that may tell of one child, or of one family: by sound of name, phone and place."""

from typing import Any

from sqlalchemy import select

from storage.models.application import Application
from storage.models.case import Case
from storage.repositories.base import Repository
from storage.repositories.record_query import AnyRecord, tables_of

_MOST = 50
_MOST_OF_A_PLACE = 200


class Kin(Repository):
    """Candidates, the newest first; whoever shows them decides which are meant."""

    async def named(self, kind: str, name_key: str) -> list[AnyRecord]:
        """Records of a kind, open or not, whose child has a name of this sound."""
        found: list[AnyRecord] = []
        for table in tables_of((kind,)):
            query: Any = select(table).where(table.kind == kind, table.name_key == name_key)
            rows = await self._session.scalars(query.order_by(table.id.desc()).limit(_MOST))
            found += rows.all()
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
