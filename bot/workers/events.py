"""What a tick did or would do: one line each in the output of `tick --dry-run`."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    """One thing that was due. `why` says the reason in Chinese, also for what was not sent.

    What was only put off or dropped is there too: `is_sent` tells.
    """

    at: datetime
    kind: str
    to: str
    reference: str | None
    text: str
    why: str
    is_sent: bool = True

    def as_json(self) -> dict[str, Any]:
        """The event for a JSON line."""
        return {**asdict(self), "at": self.at.astimezone(UTC).isoformat()}


@dataclass(frozen=True)
class Rules:
    """How long things are kept, when nobody is disturbed (local time), how long the bot waits.

    `purge_seconds` is how long one tick may spend on the purge; the next one goes on.
    """

    quiet_from: time = time(21)
    quiet_until: time = time(8)
    drafts: timedelta = timedelta(days=30)
    messages: timedelta = timedelta(days=730)
    records: timedelta = timedelta(days=3650)
    audit: timedelta = timedelta(days=3650)
    takeover: timedelta = timedelta(hours=24)
    files: Path | None = field(default=None)
    purge_seconds: float | None = None


DEFAULT = Rules()
