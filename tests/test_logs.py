"""What is logged of an error says where it arose, never what somebody wrote."""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import Plain, configure, without_values

AT = "desk 13948123456 旗里"
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
        structlog.get_logger().error(
            "turn.failed",
            exc_info=given,
            text=SECRET,
            who=SECRET,
            at=AT,
            of={"phone": 1, "n": [SECRET]},
        )
    line = written.getvalue()
    assert "turn.failed" in line and "KeyError" in line and "in broken" in line
    told = json.loads(line)
    assert (told["text"], told["who"], told["at"]) == ("***", "...", "desk 139****3456 ...")
    assert told["of"] == {"phone": "***", "n": ["..."]}


def test_lines_of_libraries_are_as_careful(written: io.StringIO) -> None:
    try:
        broken()
    except KeyError:
        library = logging.getLogger("somebody.else")
        library.exception("call 13948123456 failed")
        library.error("user Batzorig of %s: %s %d", "Batzorig Tumen", ValueError("Batzorig"), 7)
        library.error("%s - %s", "TelegramNetworkError", "bot.channels.telegram")
        library.error(f"cannot read {SECRET} of Batzorig")
        library.error("future: <Task exception=KeyError('Tumen (x)')>")
        library.error("postgresql://yulu:geheim@db/yulu 123456789:AAE-abcdefghijklmnopqrstuvw")
    line = written.getvalue()
    assert "call 139****3456 failed" in line and "in broken" in line
    assert "user Batzorig of ...: ValueError 7" in line
    assert "TelegramNetworkError - bot.channels.telegram" in line
    assert "cannot read ...\n" in line and "exception=KeyError>" in line
    assert "postgresql://***@db/yulu ***" in line
    assert isinstance(logging.getLogger().handlers[0].formatter, Plain)
    assert not {"苏日娜", "Tumen", "geheim", "AAE"} & set(re.findall(r"\w+", line))


def test_what_nobody_caught_is_told_without_its_message() -> None:
    program = (
        "import threading, warnings; from bot import logs; logs.configure(); logs.catch_the_rest();"
        "t = threading.Thread(target=int, args=('Tumen',)); t.start(); t.join();"
        "warnings.warn('苏日娜'); raise KeyError('Tumen')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 1 and run.stdout == ""
    assert run.stderr.count('"event": "uncaught"') == 2 and "builtins.KeyError" in run.stderr
    assert "Tumen" not in run.stderr and "苏日娜" not in run.stderr
