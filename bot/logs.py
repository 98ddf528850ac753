"""Structured log lines on stderr, with nothing in them of what people are called or wrote.

People here write Chinese or Mongolian, our lines and those of libraries are plain ASCII: whatever
is not is left out, long numbers lose their middle, and of an error only its kind and place stay.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from bot.redacting import redacted
from bot.rights.masking import masked_text

NOISY = (
    "aiogram",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpx",
    "PIL",
    "sqlalchemy",
    "uvicorn",
)
"""Libraries whose everyday lines tell an operator nothing."""

NEVER = frozenset({"text", "payload", "phone", "password", "token", "secret"})
"""Keys whose values never reach a log."""

_AS_IT_IS = frozenset({"timestamp", "level", "process", "exception"})
_NOT_ASCII = re.compile(r"[^\x00-\x7f].*")
"""From the first letter that is none of ours to the end of its line."""

_HARMLESS = re.compile(r"[A-Z]\w*(?:Error|Exception|Warning|Timeout)|\w+(?:\.\w+)+", re.ASCII)
"""A kind of error, a module."""

_RAISED = re.compile(r"exception=([\w.]+)\(.*\)")


def without_people(text: str) -> str:
    """A line without its rest from the first foreign letter on, long numbers and secrets."""
    bare = redacted(_RAISED.sub(r"exception=\1", text))
    return masked_text(_NOT_ASCII.sub("...", bare))


def without_values(error: BaseException) -> str:
    """Where and as what an error arose, without its message: that may hold what somebody wrote.

    The errors that led to it come first, as in a usual traceback.
    """
    parts: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines = traceback.StackSummary.extract(traceback.walk_tb(one.__traceback__)).format()
        kind = type(one)
        parts.append("".join([*lines, f"{kind.__module__}.{kind.__qualname__}"]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\n".join(reversed(parts))


def trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: an error becomes its traceback without any value."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = without_values(error)
    return event


class Plain(logging.Formatter):
    """Lines of libraries, as careful as our own: what they fill in may be anybody's words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line with what is filled in reduced to numbers and kinds of errors."""
        bare = logging.makeLogRecord(record.__dict__)
        if isinstance(record.args, tuple):
            bare.args = tuple(_harmless(each) for each in record.args)
        elif isinstance(record.args, Mapping):
            bare.args = {key: _harmless(each) for key, each in record.args.items()}
        return super().format(bare)

    def formatException(self, ei: Any) -> str:
        """A traceback without values."""
        return without_values(ei[1]) if ei[1] is not None else ""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Nothing of what people wrote."""
        return without_people(super().formatMessage(record))


def _harmless(filled: object) -> object:
    if filled is None or isinstance(filled, bool | int | float):
        return filled
    if isinstance(filled, BaseException):
        return type(filled).__name__
    return filled if isinstance(filled, str) and _HARMLESS.fullmatch(filled) else "..."


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: drops what people wrote and masks what looks like a number."""
    for key, value in event.items():
        if key in NEVER:
            event[key] = "***"
        elif key not in _AS_IT_IS:
            event[key] = _bare(value)
    return event


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_bare(key): "***" if key in NEVER else _bare(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_bare(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return without_people(str(value))


def catch_the_rest() -> None:
    """What nobody caught is told by Python itself, with its message: told by us instead."""

    def uncaught(kind: type[BaseException], error: BaseException, _trace: Any) -> None:
        if not issubclass(kind, Exception):
            return
        structlog.get_logger().error("uncaught", exc_info=error)

    sys.excepthook = uncaught
    threading.excepthook = lambda told: uncaught(
        told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback
    )
    sys.unraisablehook = lambda told: uncaught(
        told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback
    )
    logging.captureWarnings(True)


def configure(level: str = "info") -> None:
    """Set up logging of the whole process; readable in a terminal, JSON lines elsewhere."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            trace,
            mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain("%(levelname)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # it warns of every broken request: a stranger could fill the log
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
