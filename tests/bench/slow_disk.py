"""The service on a disk that takes its time: `python -m tests.bench.slow_disk run ...`.

Before each commit of SQLite the thread sleeps, as it would while a disk writes, and a byte is added
to a file, so that commits can be counted from outside.
"""

import os
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

MILLISECONDS, COUNTED = "BENCH_DISK_MILLISECONDS", "BENCH_COMMITS_FILE"


class _SlowConnection(sqlite3.Connection):
    """A connection that waits for its disk."""

    def commit(self) -> None:
        """Wait, then commit; a transaction that changed nothing is not waited for."""
        if self.in_transaction and self.total_changes != getattr(self, "_seen", 0):
            self._seen = self.total_changes
            time.sleep(float(os.environ[MILLISECONDS]) / 1000)
            with Path(os.environ[COUNTED]).open("ab") as counted:
                counted.write(b".")
        super().commit()


def _slow_connect(connect: Any, *args: Any, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = connect(*args, **{**options, "factory": _SlowConnection})
    return connection


if __name__ == "__main__":
    sqlite3.connect = partial(_slow_connect, sqlite3.connect)  # type: ignore[assignment]
    from bot.cli.main import cli

    cli()
