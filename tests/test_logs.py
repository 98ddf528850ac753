"""What is logged of an error says where it arose, never what somebody wrote."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import Plain, configure, without_values

SECRET = "苏日娜的妈妈说13948123456"


def broken() -> None:
    word = SECRET
    try:
        int(word)
    except ValueError as error:
        raise KeyError(word) from error


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers = []
    monkeypatch.setattr(sys, "stderr", stream)
    configure("debug")
    yield stream
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_a_traceback_has_places_and_kinds_and_no_values() -> None:
    with pytest.raises(KeyError) as caught:
        broken()
    text = without_values(caught.value)
    assert "苏日娜" not in text and "139" not in text
    assert text.index("builtins.ValueError") < text.index("builtins.KeyError")
    assert 'test_logs.py", line' in text and "in broken" in text


@pytest.mark.parametrize("how", ["error", "true", "tuple"])
def test_structured_lines_keep_no_message_of_an_error(written: io.StringIO, how: str) -> None:
    try:
        broken()
    except KeyError as error:
        given = {"error": error, "true": True, "tuple": sys.exc_info()}[how]
        structlog.get_logger().error("turn.failed", exc_info=given, text=SECRET, who=SECRET)
    line = written.getvalue()
    assert "turn.failed" in line and "KeyError" in line and "in broken" in line
    assert "妈妈说1394" not in line and "139****3456" in line


def test_lines_of_libraries_are_as_careful(written: io.StringIO) -> None:
    try:
        broken()
    except KeyError:
        logging.getLogger("somebody.else").exception("call 13948123456 failed")
    line = written.getvalue()
    assert "call 139****3456 failed" in line and "in broken" in line
    assert "苏日娜" not in line
    assert isinstance(logging.getLogger().handlers[0].formatter, Plain)
