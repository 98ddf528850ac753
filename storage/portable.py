"""Rows as both databases hold them, made into plain lines: what a backup consists of.

Nothing is decrypted, and the models are not asked: an older schema is written down as it is.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    TableClause,
    Text,
    cast,
    column,
    table,
)
from sqlalchemy.types import TypeEngine

from storage.columns import UtcDateTime
from storage.errors import StorageError

VERSIONS = "alembic_version"
KEY = "id"
"""Every table has it, and is read and written in its order."""

_KIND_OF: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Boolean, "bool"),
    (JSON, "json"),
    (DateTime, "moment"),
    (Date, "day"),
    (Integer, "int"),
    (Float, "float"),
    (String, "text"),
)
_TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "bool": Boolean,
    "json": Text,  # as it is written: a parsed value would not be the same bytes again
    "moment": UtcDateTime,
    "day": Date,
    "int": BigInteger,
    "float": Float,
    "text": Text,
}
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "bool": bool,
    "int": int,
    "float": (int, float),
    "json": str,
    "text": str,
    "moment": str,
    "day": str,
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LARGEST = (1 << 63) - 1


class NotPortable(StorageError):
    """A table or value that the format cannot hold."""


@dataclass(frozen=True)
class Shape:
    """The name and the columns of one table, each with its kind, in order."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @cached_property
    def clause(self) -> TableClause:
        """The table in SQL."""
        return table(self.name, *(column(name, _TYPES[kind]()) for name, kind in self.columns))

    def selected(self, dialect: str) -> list[ColumnElement[Any]]:
        """The columns as they are read."""
        clause, texts = self.clause, dialect != "sqlite"
        return [
            cast(clause.c[name], Text).label(name) if kind == "json" and texts else clause.c[name]
            for name, kind in self.columns
        ]

    def line(self, row: Sequence[Any]) -> bytes:
        """One row as a line of JSON."""
        plain = [value.isoformat() if isinstance(value, date) else value for value in row]
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def row(self, line: bytes) -> dict[str, Any]:
        """The row of a line. Raises `NotPortable`."""
        try:
            values = _list_of(line)
            pairs = zip(self.columns, values, strict=True)
            return {name: _read(kind, value) for (name, kind), value in pairs}
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise NotPortable(f"{self.name}：备份里有一行看不懂") from error


def shapes(connection: Connection) -> list[Shape]:
    """All tables of a database, each after those that it points at."""
    found = MetaData()
    found.reflect(connection)
    return [_shape(each) for each in found.sorted_tables if each.name != VERSIONS]


def shape_of(name: str, columns: Sequence[Sequence[str]]) -> Shape:
    """The shape that was written down. Raises `NotPortable` for what is no table of ours."""
    if any(len(pair) != 2 or pair[1] not in _TYPES for pair in columns):
        raise NotPortable(f"{name}：备份里有不认识的栏目")
    names = [pair[0] for pair in columns]
    if not all(map(_NAME.fullmatch, (name, *names))) or len({*names}) < len(names):
        raise NotPortable(f"{name}：备份里有不像样的名字")
    if KEY not in names:
        raise NotPortable(f"{name}：备份里的这张表没有编号")
    return Shape(name, tuple((pair[0], pair[1]) for pair in columns))


def _shape(found: Table) -> Shape:
    if KEY not in found.c:
        raise NotPortable(f"{found.name}：这张表没有编号，备份不了")
    return Shape(found.name, tuple((each.name, _kind(found.name, each)) for each in found.c))


def _kind(name: str, found: ColumnElement[Any]) -> str:
    for type_, kind in _KIND_OF:
        if isinstance(found.type, type_):
            return kind
    raise NotPortable(f"{name}：备份不了 {found.type} 这种栏目")


def _list_of(line: bytes) -> list[object]:
    values = json.loads(line)
    if not isinstance(values, list):
        raise TypeError("a row is a list")
    return values


def _read(kind: str, value: object) -> object:
    """One value as it goes into the database: of its own kind, and nothing that looks like it."""
    if value is None:
        return None
    if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != "bool"):
        raise TypeError(kind)
    if isinstance(value, str):
        value.encode()  # half a character is none
    elif isinstance(value, int) and abs(value) > _LARGEST:
        raise OverflowError(kind)
    if kind == "moment":
        return _aware(datetime.fromisoformat(str(value)))
    return date.fromisoformat(str(value)) if kind == "day" else value


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)
