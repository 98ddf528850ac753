"""What a process and a database take: processor time, and bytes on the disk."""

import os
import sqlite3
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from nlu.bench.machine import family

_TICK = os.sysconf("SC_CLK_TCK")


def processor(*pids: int) -> float:
    """Seconds of processor that these processes and their children have used so far."""
    return sum(_used(one) for pid in pids for one in family(pid))


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return 0.0
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) / _TICK


def sqlite_bytes(file: Path) -> int:
    """What is used of the database, the log of the last changes counted in."""
    connection = sqlite3.connect(file)
    try:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        return int((pages - free) * size)
    finally:
        connection.close()


async def postgres_bytes(url: str) -> int:
    """What the tables and indexes take."""
    connection = await asyncpg.connect(make_url(url).render_as_string(hide_password=False))
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()
