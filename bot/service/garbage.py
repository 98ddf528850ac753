"""Garbage is not looked for while the service starts: nearly all that is made then stays.

Looking through it again and again took a fifth of the processor time of a start.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOOK_SECONDS = 0.05


@contextmanager
def not_looking() -> Iterator[None]:
    """Until `look_again` or the end of the block; reference counts free nearly everything."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def look_again(is_ready: Callable[[], bool]) -> None:
    """Once the service is ready; what is there by then is never looked through again."""
    # The engine is loaded by a thread, which sets no event of the loop.
    while not is_ready():  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)
    gc.freeze()
    gc.enable()
