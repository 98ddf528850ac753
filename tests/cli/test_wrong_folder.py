"""A slip in --data, or a forgotten DATABASE_URL, is said and makes no second installation."""

from pathlib import Path

import pytest

from tests.cli.conftest import call

NAMED = ("--name", "王老师")


@pytest.mark.parametrize(
    "words",
    [
        ("keys", "status"),
        ("keys", "rotate"),
        ("keys", "drop", "0a1b2c3d"),
        ("purge",),
        ("purge", "--dry-run"),
        ("held",),
        ("held", "--send"),
        ("officer", "list"),
        ("officer", "passwd", *NAMED),
        ("officer", "off", *NAMED),
        ("officer", "reset-factor", *NAMED),
        ("officer", "token", *NAMED),
    ],
    ids=" ".join,
)
def test_a_folder_without_data_stays_as_it_is(words: tuple[str, ...], data: Path) -> None:
    result = call(*words, "--data", str(data))
    assert result.exit_code == 1
    assert "还没有数据" in result.output
    assert "DATABASE_URL" in result.output
    assert not data.exists()
