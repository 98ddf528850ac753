"""All parsers of outside input one after the other, each in its own process; a table at the end."""

import importlib.util
import json
import math
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from tests.fuzz import keeping
from tests.fuzz.targets.all import TARGETS


def engine() -> str:
    """What chooses the inputs on this machine."""
    return "atheris" if importlib.util.find_spec("atheris") else "random"


def shares(inputs: int, names: Sequence[str]) -> dict[str, int]:
    """How many inputs each target gets; together at least as many as asked for."""
    whole = sum(TARGETS[name].share for name in names)
    return {name: math.ceil(inputs * TARGETS[name].share / whole) for name in names}


def run(inputs: int, seconds: float, names: Sequence[str], seed: int, engine: str) -> int:
    """Fuzz the targets; the number of different faults. `seconds` is for each, 0 for no limit."""
    print(_ENGINES[engine], flush=True)
    begun, told = time.monotonic(), []
    for name, count in shares(inputs, names).items():
        one = _one(name, count, seconds, seed, engine)
        told.append(one)
        print(_line(one), flush=True)
    done = sum(one["done"] for one in told)
    faults = sum(len(one["found"]) for one in told)
    took = time.monotonic() - begun
    new = sum(one["grown"] for one in told)
    print(f"{done:,} inputs to {len(told)} parsers in {took / 60:.1f} minutes, {new:,} of them new")
    print(f"{faults} faults" if faults else "no exception")
    return faults


_ENGINES = {
    "atheris": "Inputs are chosen by coverage (Atheris) from kept cases, seeds and damage to them.",
    "random": (
        "Atheris is not here (it is made for Linux on x86-64 and some versions of Python only), or"
        " not wanted: inputs are kept cases and seeds with random damage. Still worth its time."
    ),
}


def _one(name: str, count: int, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """One target; a process that ends before its report is a fault too."""
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(count), str(seconds), str(seed)]
    folder = keeping.folder_of(name)
    told: dict[str, Any] | None = None
    with (folder / "log.txt").open("w") as log:
        child = subprocess.Popen([*command, engine], stdout=subprocess.PIPE, stderr=log, text=True)
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("{"):
                told = json.loads(line)
            else:
                print(line, end="", flush=True)
    if child.wait() == 0 and told is not None:
        return told
    died = {f"the process ended with {child.returncode}": str(folder)}
    return {"target": name, "done": 0, "seconds": 0, "grown": 0, "found": died}


def _line(one: dict[str, Any]) -> str:
    faults = "".join(f"\n    {where}: {kept}" for where, kept in one["found"].items())
    done = f"{one['target']:<14}{one['done']:>9,} inputs {one['seconds']:>8} s"
    return f"{done} {one['grown']:>6,} new {len(one['found']):>4} faults{faults}"
