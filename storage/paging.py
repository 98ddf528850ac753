"""Opaque cursors: where the next page begins, whatever was added meanwhile."""

import base64
import binascii
import json
from datetime import datetime

from storage.errors import BadCursor

MOST = 200
"""Rows on one page, at most."""


def clamp(limit: int) -> int:
    """A page size between 1 and `MOST`."""
    return max(1, min(limit, MOST))


def to_cursor(*parts: str | int) -> str:
    """Opaque text that says where a page ended."""
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def id_of(cursor: str) -> int:
    """The id of a cursor of one part. Raises `BadCursor`."""
    match _parts(cursor):
        case [int(id)]:
            return id
    raise BadCursor("翻页参数不对 / bad cursor")


def moment_of(cursor: str) -> tuple[datetime, int, int]:
    """Moment, table number and id of a cursor over records. Raises `BadCursor`."""
    match _parts(cursor):
        case [str(moment), int(table), int(id)]:
            try:
                at = datetime.fromisoformat(moment)
            except ValueError as error:
                raise BadCursor("翻页参数不对 / bad cursor") from error
            if at.tzinfo is not None:
                return at, table, id
    raise BadCursor("翻页参数不对 / bad cursor")


def _parts(cursor: str) -> list[object]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError) as error:
        raise BadCursor("翻页参数不对 / bad cursor") from error
    return parts if isinstance(parts, list) else []
