"""The root of all tables: names of constraints are fixed so that migrations can speak of them."""

import re
from typing import Annotated, Any

from sqlalchemy import MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from storage.columns import Id

NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""SQLite would give a deleted row's id to the next one, and a client's cursor would lie."""

Key = Annotated[int, mapped_column(Id, primary_key=True)]
Code = Annotated[str, mapped_column(String(12))]
Word = Annotated[str, mapped_column(String(100))]
Hash = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __table_args__: tuple[Any, ...] = (NEVER_REUSE_IDS,)


class Referenced:
    """A row with a reference number that people write in many ways."""

    reference: Mapped[Word]
    reference_key: Mapped[Word] = mapped_column(unique=True)

    @validates("reference")
    def _keep_key(self, _: str, value: str) -> str:
        self.reference_key = reference_key(value)
        return value


def reference_key(text: str) -> str:
    """The reference without dashes, spaces and case, as it is looked up."""
    return re.sub(r"[\s\-]", "", text).upper()
