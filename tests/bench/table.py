"""What was measured, and which of the targets of the project it reaches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from rich.table import Table

from tests.bench.measuring import Findings
from tests.bench.slow import OnSlowDisk

OF_COMMITS, TIMES_RASA, GROWTH, MEGABYTES, SECONDS = 0.8, 2.0, 1.2, 350.0, 2.0


@dataclass(frozen=True)
class Target:
    """One thing that was wanted, and what was found; `found` is None when it was not measured."""

    name: str
    wanted: str
    found: float | None
    is_met: bool | None


def targets(found: Sequence[Findings], slow: OnSlowDisk | None, rasa: float | None) -> list[Target]:
    """Each of the targets."""
    few = found[0]
    listed = [_least("of bare commits, this disk", OF_COMMITS, median(few.of_commits))]
    if slow is not None:
        name = f"of bare commits, a disk of {slow.milliseconds:g} ms"
        listed.append(_least(name, OF_COMMITS, slow.ratio))
    listed.append(_least("times Rasa's parse", TIMES_RASA, few.rate / rasa if rasa else None))
    listed += [_most(f"cost, {name}", GROWTH, ratio) for name, ratio in _growth(found)]
    listed.append(_most("MB of memory", MEGABYTES, max(each.memory for each in found)))
    listed.append(_most("seconds until ready", SECONDS, few.ready))
    return listed


def _growth(found: Sequence[Findings]) -> Iterator[tuple[str, float]]:
    for database in dict.fromkeys(each.database for each in found):
        of_it = [each for each in found if each.database == database]
        for more in of_it[1:]:
            yield f"{database} {more.people:,} : {of_it[0].people:,}", more.cost / of_it[0].cost


def _least(name: str, least: float, found: float | None) -> Target:
    return Target(name, f">= {least:g}", found, None if found is None else found >= least)


def _most(name: str, most: float, found: float) -> Target:
    return Target(name, f"<= {most:g}", found, found <= most)


def services(found: Sequence[Findings], senders: int) -> Table:
    """One line for each database and number of people."""
    shown = Table(title=f"Whole conversations over REST, {senders} senders at a time")
    shown.add_column("")
    for name in _COLUMNS:
        shown.add_column(name, justify="right")
    for each in found:
        shown.add_row(f"{each.database}, {each.people:,} people", *_cells(each))
    return shown


_COLUMNS = (
    *("msg/s", "p50 ms", "p99 ms", "CPU ms", "of it DB server", "× commit"),
    *("MB", "first page s", "ready s", "of it CPU", "B/talk", "talks", "broken"),
)


def _cells(each: Findings) -> Iterator[str]:
    yield f"{each.rate:.1f}"
    yield f"{each.within(0.5):.0f}"
    yield f"{each.within(0.99):.0f}"
    yield f"{each.cost:.1f}"
    yield f"{1000 * median(each.helpers_cpu):.1f}"
    yield f"{median(each.of_commits):.3f}"
    yield f"{each.memory:.0f}"
    yield f"{each.first_page:.2f}"
    yield f"{each.ready:.2f}"
    yield f"{each.ready_cpu:.2f}"
    yield f"{each.bytes_a_talk:,.0f}"
    yield str(each.talks)
    yield str(each.broken)


def others(rates: dict[str, float]) -> Table:
    """What it is measured against."""
    shown = Table(title="Beside it")
    shown.add_column("")
    shown.add_column("a second", justify="right")
    for name, rate in rates.items():
        shown.add_row(name, f"{rate:,.0f}")
    return shown


def judged(listed: Sequence[Target]) -> Table:
    """Wanted and found."""
    shown = Table(title="Targets")
    for name in ("", "wanted", "found", ""):
        shown.add_column(name)
    words = {True: "met", False: "NOT met", None: "not measured"}
    for each in listed:
        found = "" if each.found is None else f"{each.found:.2f}"
        shown.add_row(each.name, each.wanted, found, words[each.is_met])
    return shown
