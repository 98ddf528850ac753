"""Runs of many thousand turns do without threads: all is done where it is asked for.

The database and the engine are the real ones; only the trips to their threads are left out, which
cost more than the work when a machine is busy.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import aiosqlite
import pytest

T = TypeVar("T")


class Here(ThreadPoolExecutor):
    """A pool that works in the thread of who asks."""

    def submit(self, work: Callable[..., T], /, *args: Any, **more: Any) -> Future[T]:
        """Do it now."""
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **more))
        except BaseException as error:
            done.set_exception(error)
        return done


async def _execute(
    self: aiosqlite.Connection, work: Callable[..., T], *args: Any, **more: Any
) -> T:
    return work(*args, **more)


def statements_here(patch: pytest.MonkeyPatch) -> None:
    """Connections opened from now on execute their statements in the thread of who asks."""
    begun = aiosqlite.Connection.__init__

    def init(self: aiosqlite.Connection, connector: Any, *args: Any, **more: Any) -> None:
        begun(self, partial(connector, check_same_thread=False), *args, **more)

    patch.setattr(aiosqlite.Connection, "__init__", init)
    patch.setattr(aiosqlite.Connection, "_execute", _execute)
