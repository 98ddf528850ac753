"""Bring a database to the newest schema; safe to call at every start and by several processes."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engine import is_sqlite, make_engine

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 20_261_123
"""Any number that nobody else takes an advisory lock on."""


async def upgrade(url: str, revision: str = "head") -> bool:
    """Run the migrations that are missing; whether there were any."""
    return await _in_transaction(url, revision, forward=True)


async def downgrade(url: str, revision: str) -> bool:
    """Undo migrations down to a revision, `base` for an empty database."""
    return await _in_transaction(url, revision, forward=False)


def newest() -> str | None:
    """The revision that this program expects."""
    return _scripts().get_current_head()


def knows(revision: str) -> bool:
    """Whether this program can bring a database to, and on from, a revision."""
    return any(script.revision == revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def revisions() -> frozenset[str]:
    """Every revision that this program has heard of."""
    return frozenset(s.revision for s in ScriptDirectory.from_config(config()).walk_revisions())


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    made.attributes["connection"] = connection
    return made


async def _in_transaction(url: str, revision: str, forward: bool) -> bool:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            if not is_sqlite(engine):  # on SQLite, BEGIN IMMEDIATE keeps the others out
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            return await connection.run_sync(_run, revision, forward)
    finally:
        await engine.dispose()


def _run(connection: Connection, revision: str, forward: bool) -> bool:
    before = MigrationContext.configure(connection).get_current_revision()
    (command.upgrade if forward else command.downgrade)(config(connection), revision)
    return MigrationContext.configure(connection).get_current_revision() != before
