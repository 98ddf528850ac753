"""How long the desk's pages and the API's lists take with many records: a measurement, no test.

python -m tests.web.speed [--cases 100000]    SQLite and PostgreSQL, medians in milliseconds
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from httpx import ASGITransport, AsyncClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bot.clock import utc_now
from bot.config import Config
from bot.files import FileStore
from bot.web.server import create_server
from storage.db import Database
from storage.engine import make_engine
from storage.keys import Keyring
from storage.kinds import Role
from tests.storage.postgres import running_server
from tests.web.conftest import Client, FakeService, add_officer
from tests.web.test_desk import sign_in

WANTED = 200
"""Milliseconds at the median."""

RING = "00" * 32
PLACES = {"科右中旗": "152222", "全区": "150000"}
PAGES = (
    "/desk",
    "/desk?scope=all",
    "/desk?kind=dropout_case",
    "/desk?status=persuading",
    "/desk?clock=late",
    "/desk?region=152222",
    "/desk?q=乌云",
    "/desk?q=D26-0012-0345",
    "/desk/records/{case}",
    "/desk/records/{case}/talk",
    "/desk/reports",
    "/desk/reports/monthly",
    "/desk/reports/quarterly",
    "/desk/reports/aid",
    "/desk/reports/training",
    "/desk/reports/reaction",
    "/desk/supervised",
    "/desk/trainings",
    "/desk/notices",
    "/desk/audit",
    "/desk/audit?reference={case}",
    "/desk/requests",
    "/desk/rectifications",
    "/desk/outreach",
    "/desk/sentences",
    "/desk/parked",
    "/desk/rehearsal",
    "/desk/link",
)
LISTS = (
    "cases",
    "cases?status=persuading",
    "cases?region=152222",
    "cases?overdue=true",
    "cases?updated_since=2026-11-01T00:00:00%2B08:00",
    "cases?limit=200",
    "applications",
    "applications?status=submitted&region=152222",
    "registrations",
    "sessions",
    "reminders",
    "people",
    "audit",
    "rectifications",
    "lists",
)


@dataclass(frozen=True)
class Timed:
    """One address: medians of the wall clock and of the processor, in milliseconds."""

    address: str
    wall: float
    busy: float
    status: int


async def measure(db: Database, place: str, times: int) -> list[Timed]:
    """Each page and list, some times after a first one that does not count."""
    with tempfile.TemporaryDirectory() as folder:
        service = FakeService(
            Config(data_dir=Path(folder)),
            db,
            FileStore(Path(folder), db.keyring, max_bytes=1 << 20),
        )
        service.moment = utc_now()
        name = f"量{place}"
        _, token = await add_officer(service, name, Role.ADMIN, place)
        # not Litestar's client: that one runs the pages in a loop of its own
        transport = ASGITransport(cast("Any", create_server(service)))
        async with AsyncClient(transport=transport, base_url="http://testserver.local") as client:
            await sign_in(cast("Client", client), name)
            case = await _some_case(db, place)
            pages = [page.format(case=case) for page in PAGES]
            found = [await _time(client, page, times) for page in pages]
            bearer = {"authorization": f"Bearer {token}"}
            return found + [await _time(client, f"/api/v1/{x}", times, bearer) for x in LISTS]


async def _some_case(db: Database, place: str) -> str:
    async with db.read() as uow:
        query = text("SELECT reference FROM cases WHERE region_code LIKE :place LIMIT 1")
        found = await uow.session.scalar(query, {"place": f"{place.rstrip('0')}%"})
        return str(found)


async def _time(
    client: AsyncClient, address: str, times: int, headers: dict[str, str] | None = None
) -> Timed:
    walls, busy, status = [], [], 0
    for _ in range(times + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = await client.get(address, headers=headers)
        walls.append(time.perf_counter() - wall)
        busy.append(time.process_time() - cpu)
        status = answer.status_code
    return Timed(
        address,
        1000 * statistics.median(walls[1:]),
        1000 * statistics.median(busy[1:]),
        status,
    )


def show(title: str, found: list[Timed]) -> bool:
    """Print what was measured, the slowest first; whether all is quick enough."""
    table = Table("地址", "墙钟 ms", "处理器 ms", title=title)
    slow = [one for one in found if one.wall > WANTED or one.status != 200]
    for one in sorted(found, key=lambda each: -each.wall):
        mark = "[red]" if one in slow else ""
        odd = "" if one.status == 200 else f"（{one.status}）"
        table.add_row(f"{mark}{one.address}{odd}", f"{mark}{one.wall:.0f}", f"{one.busy:.0f}")
    Console(width=100).print(table)
    return not slow


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The filled database."""
    db = await Database.open(url, Keyring.load(RING, Path("unused")))
    try:
        yield db
    finally:
        await db.close()


@contextmanager
def filled(name: str, cases: int) -> Iterator[str]:
    """The URL of a database of this kind with so many cases."""
    with tempfile.TemporaryDirectory(prefix="yulu-speed-") as folder:
        if name == "sqlite":
            _fill(Path(folder), cases, "")
            yield f"sqlite:///{folder}/yulu.db"
            return
        ring = Keyring.load(RING, Path("unused"))
        with running_server(ring) as server, server.new_database() as url:
            _fill(Path(folder), cases, url)
            asyncio.run(_clean_up(url))
            yield url


async def _clean_up(url: str) -> None:
    """What PostgreSQL does by itself at night, and would do while we measure."""
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql("VACUUM (ANALYZE)")
    await engine.dispose()


def _fill(folder: Path, cases: int, url: str) -> None:
    script = Path(__file__).parents[2] / "scripts" / "fill_database.py"
    command = [sys.executable, str(script), str(folder), "--cases", str(cases)]
    surroundings = {"YULU_KEY": RING, "DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, env=surroundings)


async def run(url: str, name: str, times: int) -> bool:
    """Measure one database as seen from a banner and from the region."""
    async with opened(url) as db:
        results = [
            show(f"{name}，{place}的管理员", await measure(db, code, times))
            for place, code in PLACES.items()
        ]
        return all(results)


def main() -> int:
    """1 when something takes longer than wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    told = parser.parse_args()
    names = ("sqlite", "postgres") if told.database == "both" else (told.database,)
    results = []
    for name in names:
        with filled(name, told.cases) as url:
            results.append(asyncio.run(run(url, name, told.times)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
