"""A database with rows in every table, and all its rows as lines to compare."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, Table, insert

from bot.config import Config, DatabaseSettings
from storage.columns import EncryptedJSON, UtcDateTime, use_keyring
from storage.engine import make_engine
from storage.keys import Keyring
from storage.schema import metadata
from storage.snapshot import snapshot

NOW = datetime(2026, 11, 26, 2, 0, 0, 123456, tzinfo=UTC)
PHOTO = "a photo of a paper"
Lines = dict[str, list[bytes]]


async def fill(url: str, keyring: Keyring, rows: int = 3) -> None:
    """Rows in every table: every column filled in the first, what may be empty is in the rest."""
    engine = make_engine(url)
    use_keyring(engine.dialect, keyring)
    async with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name != "key_check":
                made = [_row(table, number) for number in range(1, rows + 1)]
                for row in made:
                    await connection.execute(insert(table).values(row))
    await engine.dispose()


def _row(table: Table, number: int) -> dict[str, Any]:
    columns = [column for column in table.columns if column.name != "id"]
    return {
        column.name: _value(column, number)
        for column in columns
        if number == 1 or not column.nullable or column.name == "person_id"
    }


def _value(column: Column[Any], number: int) -> Any:
    for type_, value in (
        (UtcDateTime, NOW),
        (Date, date(2026, 11, 26)),
        (EncryptedJSON, {"名": ["小军", number]}),
        (JSON, ["b", "a", {"z": 1, "名": None}]),
        (Boolean, True),
        (Float, 0.1 * number),
        (Integer, number),
    ):
        if isinstance(column.type, type_):
            return value
    length = getattr(column.type, "length", None) or 40
    return f"字{number}-{column.name}"[:length].ljust(3, "x")


async def lines(url: str) -> Lines:
    """Every row of every table."""
    found: Lines = {}
    async with snapshot(url) as now:
        for shape in now.shapes:
            found[shape.name] = [line async for some in now.lines(shape) for line in some]
    return found


def config_of(data: Path, url: str = "") -> Config:
    """The settings of an installation with this data folder and, if given, this database."""
    return Config(data_dir=data, database=DatabaseSettings(url=url))  # type: ignore[arg-type]


def quiet(_: str) -> None:
    """Progress nobody wants to see."""
