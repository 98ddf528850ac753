"""`python -m tests.fuzz parsers|dialogue`: many generated inputs, and no exception.

Ends with 1 when something broke; what broke it is kept under `tests/fuzz/found`.
"""

import argparse
import sys

from tests.fuzz import dialogue, parsers
from tests.fuzz.targets.all import TARGETS


def main() -> int:
    """Run what was asked for; the exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("what", choices=["parsers", "dialogue"])
    asked.add_argument("--inputs", type=int, default=0, help="how many in all")
    asked.add_argument(
        "--seconds", type=float, default=0, help="at most so long: each parser, or all lives"
    )
    asked.add_argument(
        "--target", action="append", choices=sorted(TARGETS), help="only this parser"
    )
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--random", action="store_true", help="without Atheris, even where it is")
    given = asked.parse_args()
    if given.what == "dialogue":
        return int(dialogue.run(given.inputs or 100_000, given.seconds, given.seed) > 0)
    engine = "random" if given.random else parsers.engine()
    names = given.target or list(TARGETS)
    inputs = given.inputs or 1_000_000
    return int(parsers.run(inputs, given.seconds, names, given.seed, engine) > 0)


if __name__ == "__main__":
    sys.exit(main())
