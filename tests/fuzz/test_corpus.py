"""Every input that once broke a parser, again; and each parser on its own seeds."""

import importlib
import warnings
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.fuzz import keeping
from tests.fuzz.targets import where
from tests.fuzz.targets.all import TARGETS

CASES = [path for name in TARGETS for path in keeping.kept(name)]
SLOW = {"restore"}  # makes a database first


def _case(path: Path) -> ParameterSet:
    marks = [pytest.mark.slow] if path.parent.name in SLOW else []
    return pytest.param(path, marks=marks, id=f"{path.parent.name}/{path.name}")


@pytest.fixture(autouse=True)
def _damaged_pictures_warn() -> None:
    warnings.simplefilter("ignore")


@pytest.mark.parametrize("path", [_case(path) for path in CASES])
def test_what_once_broke_a_parser_does_no_more(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_every_kept_case_belongs_to_a_target() -> None:
    assert {path.name for path in keeping.CORPUS.iterdir()} <= set(TARGETS)
    assert CASES


def test_every_target_is_found() -> None:
    for module in where.MODULES:
        written = importlib.import_module(f"tests.fuzz.targets.{module}").TARGETS
        assert tuple(target.name for target in written) == where.MODULES[module]
