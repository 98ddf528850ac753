"""Whether a failure is the database's or the disk's, and not of what was being written."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, TimeoutError

_FULL_OR_BROKEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_POSTGRESQL = ("08", "40", "53", "57", "58")
"""Classes of codes: no connection, rolled back, no resources, shut down, its disk broken."""


def is_outage(error: BaseException) -> bool:
    """Whether the same change may well be made a little later."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _says_so(error.orig)
    if isinstance(error, OSError) and error.errno in _FULL_OR_BROKEN:
        return True
    return isinstance(error, ConnectionError | TimeoutError)


def _says_so(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode & 0xFF in _SQLITE
    return str(getattr(error, "sqlstate", None) or "").startswith(_POSTGRESQL)
