"""The revisions of the schema, by the names of the files in `migrations/versions`.

Alembic says the same (a test holds it to that), but every start asks and few have to migrate.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine import make_engine, reader

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_NAME = re.compile(r"(\d{4})_\w+\.py")


@cache
def revisions() -> frozenset[str]:
    """Every revision that this program has heard of."""
    names = (_NAME.fullmatch(path.name) for path in _VERSIONS.iterdir())
    return frozenset(name[1] for name in names if name)


def newest() -> str:
    """The revision that this program expects."""
    return max(revisions())


def knows(revision: str) -> bool:
    """Whether this program can bring a database to, and on from, a revision."""
    return revision in revisions()


async def is_newest(url: str) -> bool:
    """Whether nothing has to be migrated; no for a database that is not there yet."""
    engine = make_engine(url)
    try:
        async with reader(engine).connect() as connection:
            found = await connection.scalars(text("SELECT version_num FROM alembic_version"))
            return [str(row) for row in found] == [newest()]
    except DBAPIError:  # no such table yet, or a trouble that migrating will tell of
        return False
    finally:
        await engine.dispose()
