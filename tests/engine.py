"""The real engine of understanding, loaded once in a test process."""

from functools import lru_cache

from nlu.types import Engine
from nlu.understand import make_engine


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The in-process engine; it keeps nothing of what it reads."""
    return make_engine()
