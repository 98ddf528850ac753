"""`make bench`: what a message costs, from end to end, beside what the parts of it could do."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console

from nlu.bench import served
from nlu.bench.machine import load as busy
from tests.bench import table
from tests.bench.baselines import echo, rasa_parses
from tests.bench.measuring import Findings, Load, measure
from tests.bench.places import Say, on_postgres, on_sqlite
from tests.bench.slow import OnSlowDisk, on_slow_disk

DATABASES = ("sqlite", "postgresql")


def main(
    people: Annotated[
        list[int] | None, typer.Option(help="How many are in the database; may be repeated.")
    ] = None,
    database: Annotated[list[str] | None, typer.Option(help="sqlite or postgresql.")] = None,
    senders: Annotated[int, typer.Option(min=1, help="How many talk at the same time.")] = 8,
    messages: Annotated[int, typer.Option(min=1, help="Messages in a round.")] = 300,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the middle one counts.")] = 3,
    disk: Annotated[float, typer.Option(help="Also on a disk of so many ms a commit.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Whole conversations through the public interface, and what they cost; progress on stderr.

    Without --people: 1,000 and 100,000. --people 1000 --people 1000000 fills some gigabytes.
    """
    say = Console(stderr=True).print
    load = Load(senders, messages, rounds, 1.0)
    sizes = people or [1000, 100_000]
    about = {"load_average": busy(), "people": sizes, "senders": senders}
    say(f"load average at the start: {about['load_average']}; with 1,000,000: --people 1000000")
    with tempfile.TemporaryDirectory(prefix="yulu-bench-", ignore_cleanup_errors=True) as folder:
        found = _services(Path(folder), database or DATABASES, sizes, load, say)
        slow = on_slow_disk(Path(folder), disk, load, say) if disk else None
    rates = {f"bare durable commits, {each.database}": each.commits for each in reversed(found)}
    rates["aiogram's bare echo"] = echo(senders, load.seconds)
    rasa = _rasa(found[0].words, load, say)
    if rasa is not None:
        rates["Rasa's parse of the same messages"] = rasa
    if slow is not None:
        rates[f"bare durable commits, a disk of {disk:g} ms"] = slow.commits
        rates[f"our messages on that disk, {slow.a_message:.2f} commits each"] = slow.rate
    listed = table.targets(found, slow, rasa)
    if as_json:
        figures = [each.figures() for each in found]
        print(json.dumps({**about, "found": figures, "rates": rates, "slow": _plain(slow)}))
        return
    out = Console(width=150)
    for shown in (table.services(found, senders), table.others(rates), table.judged(listed)):
        out.print(shown)


def _plain(slow: OnSlowDisk | None) -> dict[str, float] | None:
    return asdict(slow) if slow else None


def _services(
    folder: Path, databases: Sequence[str], sizes: Sequence[int], load: Load, say: Say
) -> list[Findings]:
    found: list[Findings] = []
    if "sqlite" in databases:
        found += measure([on_sqlite(folder, size, say) for size in sizes], load, say)
    if "postgresql" in databases:
        with on_postgres(folder, sizes, say) as places:
            found += measure(places, load, say)
    return found


def _rasa(words: Sequence[str], load: Load, say: Say) -> float | None:
    """Messages a second that Rasa parses; None where it is not installed."""
    try:
        with served.running() as (url, token):
            rasa_parses(url, token, load.senders, load.seconds, words)  # loads its dictionary
            rates = [
                rasa_parses(url, token, load.senders, load.seconds, words)
                for _ in range(load.rounds)
            ]
            return median(rates)
    except served.MissingRasa as missing:
        say(str(missing))
        return None


if __name__ == "__main__":
    typer.run(main)
