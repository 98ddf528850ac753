"""Structured log lines on stderr; long numbers lose their middle before they are written."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.masking import masked_text

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


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: drops what people wrote and masks what looks like a number."""
    for key, value in event.items():
        if key in NEVER:
            event[key] = "***"
        elif isinstance(value, str) and key not in ("timestamp", "level"):
            event[key] = masked_text(value)
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
            structlog.processors.format_exc_info,
            mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(levelname)s %(message)s")
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
