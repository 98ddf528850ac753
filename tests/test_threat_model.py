"""The threat model names tests that exist and settings that are real."""

import re

import yaml

from tests.test_architecture import ROOT

PAGE = (ROOT / "docs/threat-model.md").read_text("utf-8")


def test_every_test_it_names_exists() -> None:
    files = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"`(?:tests/\w+/)?(test_\w+)`", PAGE))
    assert len(named) > 15
    assert named - files == set()


def test_every_row_of_the_table_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 12
    assert [row for row in rows if "test" not in row.split("|")[3] + row.split("|")[2]] == []


def test_every_setting_it_names_is_real() -> None:
    settings = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
    named = re.findall(r"`(security|web)\.(\w+)`", PAGE)
    assert len(named) > 3
    known = {"trusted_proxies"} | {
        key for part in settings.values() if isinstance(part, dict) for key in part
    }
    assert [key for _, key in named if key not in known] == []
