"""One target in a process of its own: `python -m tests.fuzz.one NAME COUNT SECONDS SEED ENGINE`.

Atheris (coverage-guided, Linux on x86-64 only) where it is installed, else plain random damage to
the seeds. Prints what it did as one line of JSON at the end; a crash is kept and named.
"""

import importlib
import importlib.util
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from tests.fuzz import keeping
from tests.fuzz.targets import where
from tests.fuzz.targets.base import Target

EVERY = 20.0  # seconds between two lines of progress
OURS = ["nlu", "bot", "flows", "storage"]


@dataclass
class Run:
    """How far one target has come."""

    target: Target
    count: int
    seconds: float
    chance: random.Random
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)
    found: dict[str, str] = field(default_factory=dict)
    grown: int = 0  # how many inputs reached something new

    def one(self, content: bytes) -> None:
        """Try one input; each place that breaks is kept once, with its smallest input."""
        self.done += 1
        try:
            self.target.run(content)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self._note(content, error)
        if time.monotonic() - self.told > EVERY:
            self.told = time.monotonic()
            print(f"  {self.target.name} {self.done:,} of {self.count:,}", flush=True)

    def seeds(self) -> list[bytes]:
        """What to begin from; making it may take long and is not counted."""
        found = self.target.seeds()
        self.started = time.monotonic()
        return found

    @property
    def is_over(self) -> bool:
        """Whether the inputs or the time are used up."""
        is_late = self.seconds and time.monotonic() - self.started > self.seconds
        return self.done >= self.count or bool(is_late)

    def _note(self, content: bytes, error: BaseException) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
        if where not in self.found:
            path = keeping.keep(self.target.name, content)
            self.found[where] = path.name
            print(f"{self.target.name}: {where}, kept as {path}", flush=True)
            traceback.print_exception(error, limit=-6, file=sys.stderr)

    def report(self, engine: str) -> None:
        """The line for the parent."""
        took = round(time.monotonic() - self.started, 1)
        told = {"done": self.done, "seconds": took, "grown": self.grown, "found": self.found}
        print(json.dumps({"target": self.target.name, "engine": engine, **told}), flush=True)


def main(name: str, count: str, seconds: str, seed: str, engine: str) -> None:
    """Fuzz one target until its inputs or its time are used up."""
    warnings.simplefilter("ignore")
    atheris = _atheris(name) if engine == "atheris" else None
    target = where.named(name)
    run = Run(target, int(count), float(seconds), random.Random(int(seed)))
    for content in [path.read_bytes() for path in keeping.kept(name)]:
        run.one(content)
    if atheris is None:
        plainly(run)
    else:
        by_coverage(run, atheris, seed)
    run.report("atheris" if atheris else "random")


def plainly(run: Run) -> None:
    """Every seed as it is, then damaged ones."""
    seeds = run.seeds()
    run.chance.shuffle(seeds)
    for content in seeds:
        if run.is_over:
            return
        run.one(content)
    while not run.is_over:
        content, other = run.chance.choice(seeds), run.chance.choice(seeds)
        for _ in range(20):  # damage on damage, as far as 20 steps from what is usual
            content = run.target.changed(content, other, run.chance)[: run.target.longest]
            run.one(content)
            if run.is_over or run.chance.random() < 0.3:
                break


def by_coverage(run: Run, atheris: ModuleType, seed: str) -> None:
    """Let libFuzzer choose: it keeps what reaches new lines and damages that again."""
    seeds = run.seeds()

    def damage(content: bytes, most: int, _seed: int) -> bytes:
        other = run.chance.choice(seeds)
        if run.chance.random() < 0.75:
            return run.target.changed(content, other, run.chance)[:most]
        changed: bytes = atheris.Mutate(content, most)
        return changed

    run.one(b"")  # what is slow to load is loaded before libFuzzer looks at the clock
    run.started = time.monotonic()
    grown = keeping.grown_of(run.target.name)
    before = len(list(grown.iterdir()))

    def one(content: bytes) -> None:
        run.one(content)
        if run.is_over:
            run.grown = len(list(grown.iterdir())) - before
            run.report("atheris")
            sys.stdout.flush()
            shutil.rmtree(seeded, ignore_errors=True)
            os._exit(0)  # libFuzzer gives no control back

    seeded = Path(tempfile.mkdtemp(prefix="yulu-fuzz-"))
    for number, content in enumerate(seeds):
        (seeded / str(number)).write_bytes(content)
    options = [
        "-rss_limit_mb=3000",
        "-timeout=60",
        f"-max_len={run.target.longest}",
        f"-runs={run.count}",
        f"-seed={seed}",
        "-verbosity=1",
        f"-artifact_prefix={keeping.folder_of(run.target.name)}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(grown), str(seeded)], one, custom_mutator=damage)
    atheris.Fuzz()


def _atheris(name: str) -> ModuleType | None:
    """Atheris with the modules of this target watched; it must come before their import."""
    if importlib.util.find_spec("atheris") is None:
        return None
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=OURS, enable_loader_override=False):
        where.named(name)
    return atheris


if __name__ == "__main__":
    main(*sys.argv[1:])
