"""Many short lives of a small service, each a random run of actions; the laws hold throughout.

A run that breaks is made as short as it can be and kept; the same seed gives the same runs.
"""

import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from storage import engine as storage_engine
from tests.engine import engine
from tests.fuzz import keeping
from tests.fuzz.actions import act, drawn
from tests.fuzz.inline import statements_here
from tests.fuzz.memory import Memory
from tests.fuzz.world import World

Run = list[tuple[str, int]]
Kind = type[Memory] | type[World]
ACTIONS_A_LIFE = 60
EVERY = 20.0


def play(kind: Kind, actions: Run, seen: Counter[str] | None = None) -> BaseException | None:
    """One life; what broke in it, if anything."""
    world = kind(engine())
    try:
        for name, seed in actions:
            act(world, name, seed)
    except Exception as error:
        return error
    finally:
        if seen is not None:
            seen.update(world.seen)
            seen["inputs"] += world.inputs
        world.close()
    return None


def story(kind: Kind, actions: Run) -> list[str]:
    """What was said in a life that breaks."""
    world = kind(engine())
    try:
        for name, seed in actions:
            act(world, name, seed)
    except Exception as error:
        return [*world.laws.story, f"{type(error).__name__}: {str(error)[:1500]}"]
    finally:
        world.close()
    return world.laws.story


def where(error: BaseException) -> str:
    """What broke, short enough to tell two faults apart."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename.rsplit('/', 1)[-1]}:{last.lineno}"


def shortest(kind: Kind, actions: Run, fault: str, seconds: float = 60) -> Run:
    """The run without whatever is not needed to break it, as far as the time allows."""
    until, step = time.monotonic() + seconds, max(len(actions) // 2, 1)
    while step and time.monotonic() < until:
        for start in range(0, len(actions), step):
            fewer = actions[:start] + actions[start + step :]
            error = play(kind, fewer) if time.monotonic() < until else None
            if error is not None and where(error) == fault:
                actions = fewer
                break
        else:
            step //= 2
    return actions


@dataclass
class Lives:
    """How far the lives of one kind of world have come."""

    kind: Kind
    seed: int
    seen: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def run(self, inputs: int, seconds: float) -> int:
        """Until so many inputs were taken or the time is up; the number of different faults."""
        begun = told = time.monotonic()
        life = 0
        while self.seen["inputs"] < inputs and not 0 < seconds < time.monotonic() - begun:
            actions = drawn(Random(f"{self.seed} {life}"), ACTIONS_A_LIFE)
            error = play(self.kind, actions, self.seen)
            if error is not None:
                self._note(actions, error, f"seed {self.seed}, life {life}")
            life += 1
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                print(f"  {self.seen['inputs']:,} of {inputs:,}, {life} lives", flush=True)
        took = (time.monotonic() - begun) / 60
        done = f"{self.seen['inputs']:,} inputs in {life:,} lives, {took:.1f} minutes"
        print(f"{_NAMES[self.kind]}: {done}: {len(self.faults)} faults")
        print("  " + ", ".join(f"{what} {n:,}" for what, n in self.seen.most_common()), flush=True)
        return len(self.faults)

    def _note(self, actions: Run, error: BaseException, name: str) -> None:
        fault = where(error)
        self.faults[fault] += 1
        if self.faults[fault] > 1:
            return
        print(f"{name}: {fault}", flush=True)
        traceback.print_tb(error.__traceback__, limit=-5, file=sys.stdout)
        few = shortest(self.kind, actions, fault)
        kept = keeping.keep("dialogue", "".join(f"{act} {seed}\n" for act, seed in few).encode())
        print(f"  {len(few)} actions are enough, kept as {kept}:", flush=True)
        print("\n".join(str(line) for line in story(self.kind, few)), flush=True)


_NAMES: dict[Kind, str] = {Memory: "The dialogue engine alone", World: "The whole service"}


def run(inputs: int, seconds: float, seed: int) -> int:
    """The engine alone for 19 of 20 inputs and three quarters of the time, else the whole service.

    Done in pieces, with another seed each, it is the same as done at once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage_engine, "SYNCHRONOUS", "OFF")
        statements_here(patch)
        alone = Lives(Memory, seed).run(inputs - inputs // 20, seconds * 3 / 4)
        return alone + Lives(World, seed).run(inputs // 20, seconds / 4)
