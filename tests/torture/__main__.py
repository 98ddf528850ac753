"""`python -m tests.torture`: torture the service, judge from outside, say how to do it again."""

import argparse
import asyncio
import sys
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from random import SystemRandom

from tests.torture.homes import Home, postgres_home, sqlite_home
from tests.torture.report import is_good, lines
from tests.torture.run import Order, Outcome, Torture
from tests.torture.scripts import SCRIPTS, SHORT

DATABASES = ("sqlite", "postgres")


def say(line: str) -> None:
    """One line, at once."""
    print(line, flush=True)


async def torture(order: Order, database: str, folder: Path) -> Outcome:
    """One database."""
    data = folder / database
    data.mkdir(mode=0o700)
    home: AbstractAsyncContextManager[Home] = (
        sqlite_home(data)
        if database == "sqlite"
        else postgres_home(through_proxy=order.conversations is None)
    )
    async with home as place:
        return await Torture(order, place, data, say).run()


def read_arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=…", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--conversations", type=int, help="so many, one process killed every --every seconds"
    )
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--minutes", type=float, help="begin nothing new after so long")
    parser.add_argument("--short", action="store_true", help="only talks of up to four lines")
    parser.add_argument("--keep", type=Path, help="leave databases and logs in this folder")
    return parser.parse_args()


def main() -> int:
    """1 when anything is wrong."""
    asked = read_arguments()
    order = Order(
        *(asked.seed, asked.kills, asked.processes, asked.conversations),
        *(asked.every, asked.senders, asked.minutes),
        SHORT if asked.short else SCRIPTS,
    )
    databases = DATABASES if asked.database == "both" else (asked.database,)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="yulu-torture-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for database in databases:
            outcome = asyncio.run(torture(order, database, folder))
            outcomes.append(outcome)
            say("\n".join(lines(order, outcome)))
    given = {name: value for name, value in vars(asked).items() if name not in ("seed", "keep")}
    words = [
        f"--{name} {value}" for name, value in given.items() if value not in (None, True, False)
    ]
    words += [f"--{name}" for name, value in given.items() if value is True]
    again = " ".join([*words, f"--seed {order.seed}"])
    say(f'同样的毛病再来一遍 / the same trouble again: make torture ARGS="{again}"')
    return 0 if all(map(is_good, outcomes)) else 1


if __name__ == "__main__":
    sys.exit(main())
