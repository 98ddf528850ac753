"""Named moments in the life of a message, at which tests let the process die."""

from collections.abc import Callable

Step = Callable[[str], None]


def no_step(name: str) -> None:
    """What the service does at each: nothing."""
