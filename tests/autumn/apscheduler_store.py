"""APScheduler's own store in a database, with the same settings of SQLite as ours."""

import pickle
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, event, text

from tests.autumn.firer import NOW
from tests.autumn.pending import DUE

_LATER = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
INSERT INTO apscheduler_jobs (id, next_run_time, job_state)
SELECT 'later:' || i, :base + (i % 500000) * 60, :state FROM n
"""


def tell(words: str) -> None:
    """What a job would do; it is never run."""


class SchedulerStore:
    """Jobs that run once each, all of them planned for days to come."""

    def __init__(self, path: Path, many: int) -> None:
        engine = create_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _as_ours)
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._store = SQLAlchemyJobStore(engine=engine)
        self._store.start(self._scheduler, "default")
        self._keys = count()
        self._engine = engine
        state = pickle.dumps(self._job("later").__getstate__(), pickle.HIGHEST_PROTOCOL)
        base = (NOW + timedelta(days=2)).timestamp()
        with engine.begin() as connection:
            connection.execute(text(_LATER), {"many": many, "base": base, "state": state})

    def add_due(self) -> None:
        """A hundred are due now."""
        for _ in range(DUE):
            self._store.add_job(self._job(f"due:{next(self._keys)}"))

    def settle(self) -> None:
        """What its scheduler asks of the store: what is due, away with it, when is the next."""
        due = self._store.get_due_jobs(NOW)
        if len(due) != DUE:
            raise RuntimeError(f"{len(due)} instead of {DUE} were due")
        for job in due:
            self._store.remove_job(job.id)
        self._store.get_next_run_time()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _job(self, key: str, at: datetime = NOW - timedelta(minutes=1)) -> Any:
        job = Job(
            self._scheduler,
            id=key,
            func=tell,
            args=("交户口本",),
            kwargs={},
            trigger=DateTrigger(at, UTC),
            executor="default",
            name=key,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        job.next_run_time = at
        job._jobstore_alias = "default"
        return job


def _as_ours(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
