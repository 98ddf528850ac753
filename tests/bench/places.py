"""Where the services of a comparison keep their records: one database for each number of people."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.keys import Keyring
from tests.bench.baselines import postgres_commits, sqlite_commits
from tests.bench.people import fill
from tests.bench.weighing import postgres_bytes, sqlite_bytes
from tests.storage.postgres import PostgresServer, prepare, running_server

Say = Callable[[str], None]


@dataclass(frozen=True)
class Place:
    """One database with so many people in it; `url` is empty for the embedded one."""

    database: str
    people: int
    data: Path
    url: str
    server: PostgresServer | None = None

    def commits(self, senders: int, seconds: float) -> float:
        """Bare durable commits a second here."""
        if self.server is None:
            return sqlite_commits(self.data, seconds)
        return postgres_commits(self.server.url("postgres"), senders, seconds)

    def bytes(self) -> int:
        """What the records take."""
        if self.server is None:
            return sqlite_bytes(self.data / "yulu.db")
        return asyncio.run(postgres_bytes(self.url))

    @property
    def helpers(self) -> tuple[int, ...]:
        """Processes that work for the service."""
        return () if self.server is None else (self.server.pid,)


def on_sqlite(folder: Path, people: int, say: Say) -> Place:
    """An embedded database, filled."""
    data = folder / f"sqlite-{people}"
    data.mkdir(parents=True)
    keyring = Keyring.load(None, data / "key")
    _fill(f"sqlite:///{data / 'yulu.db'}", keyring, people, say)
    return Place("SQLite", people, data, "")


@contextmanager
def on_postgres(folder: Path, sizes: Sequence[int], say: Say) -> Iterator[list[Place]]:
    """Databases of one PostgreSQL whose commits wait for the disk, filled."""
    data = folder / "postgres"
    data.mkdir()
    keyring = Keyring.load(None, data / "key")
    with running_server(keyring, durable=True) as server, ExitStack() as stack:
        places = []
        for people in sizes:
            url = stack.enter_context(server.new_database())
            _fill(url, keyring, people, say)
            places.append(Place("PostgreSQL", people, data, url, server))
        yield places


def _fill(url: str, keyring: Keyring, people: int, say: Say) -> None:
    asyncio.run(prepare(url, keyring))
    if people:
        asyncio.run(fill(url, keyring, people, lambda line: say(f"{url.split(':')[0]}: {line}")))
