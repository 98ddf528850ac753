"""What the doctor found: one line each, and what to do about it."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; only a fault makes the command fail."""

    WELL = "well"
    WATCH = "watch"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    title: str
    said: str
    level: Level = Level.WELL
    do: str = ""

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)


def well(title: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding(title, said)


def watch(title: str, said: str, do: str) -> Finding:
    """The service works, but somebody should look at this."""
    return Finding(title, said, Level.WATCH, do)


def fault(title: str, said: str, do: str) -> Finding:
    """Something does not work, or soon will not."""
    return Finding(title, said, Level.FAULT, do)
