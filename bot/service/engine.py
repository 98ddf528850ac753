"""The engine of understanding, loaded when first needed: pages must not wait for dictionaries."""

import asyncio
import threading
from collections.abc import Callable

import structlog

from bot.config import Config, ConfigError
from nlu.types import Context, Engine, Understanding

LONGEST_REST = 3.0
"""Seconds; training, which takes minutes, is left to die."""

log = structlog.get_logger()


class LazyEngine(Engine):
    """Loads the real engine once, at the first text or at `load`, whichever comes first."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._engine: Engine | None = None
        self._loading = threading.Lock()
        self._thread: threading.Thread | None = None

    def load(self) -> Engine:
        """The real engine; takes about a second the first time, so call it in a thread."""
        with self._loading:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    @property
    def is_loaded(self) -> bool:
        """Whether a text is understood without waiting."""
        return self._engine is not None

    @property
    def is_loading(self) -> bool:
        """Whether it is being loaded in the background; minutes, when it has to be trained."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def stood_in(self) -> int:
        """How often the in-process classifier answered for a server that did not."""
        return int(getattr(self._engine, "stood_in", 0))

    def load_in_background(self) -> None:
        """Begin to load, once; a daemon thread, so that stopping need not wait for it."""
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._load_and_log, name="engine", daemon=True)
        self._thread.start()

    async def come_to_rest(self) -> None:
        """Before the process ends: cut off inside a native library, a thread aborts all of it."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, LONGEST_REST)

    def _load_and_log(self) -> None:
        try:
            self.load()
        except Exception as error:  # the first message tries again
            log.error("engine.broke", error=type(error).__name__, exc_info=error)

    def understand(self, text: str, context: Context) -> Understanding:
        """As the real engine."""
        return (self._engine or self.load()).understand(text, context)


def look_at_rasa(config: Config) -> None:
    """Before the first message: a Rasa server with another model or token is a mistake to be told.

    Raises ConfigError. One that does not answer yet is no mistake: the in-process engine serves.
    """
    if config.nlu.engine != "rasa":
        return
    from nlu.classify.rasa_check import UnusableServer, is_serving

    nlu = config.nlu
    try:
        if not is_serving(nlu.rasa_url, nlu.rasa_token.get_secret_value(), nlu.rasa_model):
            log.warning("rasa.silent", url=nlu.rasa_url)
    except UnusableServer as error:
        raise ConfigError(str(error)) from error
