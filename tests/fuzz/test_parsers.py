"""A little of `make fuzz` in every check: the same inputs each time, plain random damage."""

import random
import time
import warnings
from pathlib import Path

import pytest

from tests.fuzz import keeping, parsers
from tests.fuzz.one import Run, plainly
from tests.fuzz.parsers import shares
from tests.fuzz.targets.all import TARGETS

pytestmark = pytest.mark.slow

INPUTS = 6_000
TOO_SLOW = {"spreadsheets", "restore"}  # a process for each workbook, a database for each backup
PARSERS = sorted(set(TARGETS) - TOO_SLOW)


@pytest.mark.parametrize("name", PARSERS)
def test_damaged_input_is_read_or_refused(name: str) -> None:
    warnings.simplefilter("ignore")
    run = Run(TARGETS[name], shares(INPUTS, PARSERS)[name], 0, random.Random(20261126))
    plainly(run)
    assert run.found == {}
    assert run.done == run.count


def test_a_fault_is_found_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FOUND", tmp_path)

    def broken(content: bytes) -> None:
        if b"7" in content:
            raise ZeroDivisionError

    target = TARGETS["numerals"]
    run = Run(type(target)("broken", broken, target.seeds, 1), 500, 0, random.Random(1))
    run.told = time.monotonic()
    plainly(run)
    assert len(run.found) == 1
    assert next(iter(run.found)).startswith("ZeroDivisionError at test_parsers.py")
    assert len(list((tmp_path / "broken").iterdir())) == 1


def test_a_process_that_dies_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FOUND", tmp_path)
    told = parsers._one("no such parser", 1, 1, 1, "random")
    assert told["done"] == 0
    assert list(told["found"]) == ["the process ended with 1"]
    assert "StopIteration" in (tmp_path / "no such parser" / "log.txt").read_text()
