"""`make autumn`: a simulated autumn of many families, and what the gate let out in it."""

import asyncio
import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.workers.events import Event
from tests.autumn.killing import run_and_kill
from tests.autumn.report import is_clean, judged, show
from tests.autumn.run import Heard, Plan, Result, result, run


def main(
    families: Annotated[int, typer.Option(help="多少户。")] = 20_000,
    seed: Annotated[int, typer.Option(help="种子：同一个数，同一个秋天。")] = 7,
    kills: Annotated[int, typer.Option(help="再跑一遍，中间把进程杀掉这么多次。")] = 0,
    first: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(2026, 8, 15),  # noqa: DTZ001
    last: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(2026, 12, 31),  # noqa: DTZ001
) -> None:
    """演练一个秋天：谁收到什么，为什么没收到；有一条规矩破了就以 1 结束。"""
    plan, out = Plan(families, seed, first.date(), last.date()), Console()
    with tempfile.TemporaryDirectory() as folder:
        found = _whole(Path(folder), plan, out)
    oracle = judged(plan, found)
    show(out, plan, found, oracle)
    is_right = is_clean(oracle)
    if kills:
        with tempfile.TemporaryDirectory() as folder:
            is_right = _same(Path(folder), plan, kills, found, out) and is_right
    raise typer.Exit(0 if is_right else 1)


def _whole(folder: Path, plan: Plan, out: Console) -> Result:
    heard = Heard()
    with Progress(console=out) as progress:
        task = progress.add_task("演练", total=(plan.last - plan.first).days + 1)

        def told(at: datetime, events: list[Event]) -> None:
            heard(at, events)
            progress.update(task, completed=_days(at.date(), plan), description=f"{at:%m-%d}")

        asyncio.run(run(folder, plan, told))
    return asyncio.run(result(folder, heard.put_off))


def _days(day: date, plan: Plan) -> int:
    return (day - plan.first).days + 1


def _same(folder: Path, plan: Plan, kills: int, whole: Result, out: Console) -> bool:
    """Whether a run that is killed so often leaves the same messages."""
    killed = run_and_kill(folder, plan, kills, lambda line: out.print(line))
    found = asyncio.run(result(folder, Counter()))
    one = Counter(message.identity for message in whole.messages)
    other = Counter(message.identity for message in found.messages)
    lost, more = (one - other).total(), (other - one).total()
    out.print(f"杀掉 {killed} 次的一遍：{len(found.messages)} 条消息，少 {lost} 条，多 {more} 条")
    return killed == kills and not lost and not more


if __name__ == "__main__":
    typer.run(main)
