"""Column types: moments that stay aware UTC, and values that are encrypted on their way to disk."""

import json
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from storage.errors import KeyProblem
from storage.keys import Keyring

Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite only counts up by itself on a plain INTEGER primary key."""

# A column type is declared once per process but needs the keys of one database. SQLAlchemy hands
# every bind and result call the dialect, and each engine has a dialect object of its own, so the
# ring is kept beside it: no global "current key", and two databases with different keys can be
# open at once (key rotation, tests). Weak, so that a closed engine does not keep its keys alive.
_rings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def use_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Let the encrypted columns of the engine with this dialect use the ring."""
    _rings[dialect] = keyring


def _ring(dialect: Dialect) -> Keyring:
    ring = _rings.get(dialect)
    if ring is None:
        raise KeyProblem("这个数据库没有配密钥 / no keyring was bound to this engine")
    return ring


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; naive ones are refused (SQLite forgets time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime refused: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """A text nobody reads without the key; `column` (table.column) ties it to its place."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt with the newest key."""
        return None if value is None else _ring(dialect).encrypt(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt with the key named in the value."""
        return None if value is None else _ring(dialect).decrypt(value, self.column)


class EncryptedJSON(TypeDecorator[Any]):
    """A JSON value, encrypted as a whole."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encrypt with the newest key. Raises TypeError when JSON cannot hold the value."""
        if value is None:
            return None
        return _ring(dialect).encrypt(json.dumps(value, ensure_ascii=False), self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decrypt with the key named in the value."""
        return None if value is None else json.loads(_ring(dialect).decrypt(value, self.column))
