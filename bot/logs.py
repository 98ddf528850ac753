"""Structured log lines on stderr; long numbers lose their middle before they are written."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.masking import masked_text
from bot.redacting import redacted

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
    """Lines of libraries, as careful as our own."""

    def formatException(self, ei: Any) -> str:
        """A traceback without values."""
        return without_values(ei[1]) if ei[1] is not None else ""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Secrets are left out and numbers lose their middle."""
        return masked_text(redacted(super().formatMessage(record)))


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: drops what people wrote and masks what looks like a number."""
    for key, value in event.items():
        if key in NEVER:
            event[key] = "***"
        elif isinstance(value, str) and key not in ("timestamp", "level", "process", "exception"):
            event[key] = masked_text(redacted(value))
    return event


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
