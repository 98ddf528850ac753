"""The engine of understanding, loaded when first needed: pages must not wait for dictionaries."""

import threading
from collections.abc import Callable

import structlog

from nlu.types import Context, Engine, Understanding

log = structlog.get_logger()


class LazyEngine(Engine):
    """Loads the real engine once, at the first text or at `load`, whichever comes first."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._engine: Engine | None = None
        self._loading = threading.Lock()

    def load(self) -> Engine:
        """The real engine; takes about a second the first time, so call it in a thread."""
        with self._loading:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    def load_in_background(self) -> None:
        """Begin to load; a daemon thread, so that stopping the service need not wait for it."""
        threading.Thread(target=self._load_and_log, name="engine", daemon=True).start()

    def _load_and_log(self) -> None:
        try:
            self.load()
        except Exception as error:  # the first message tries again
            log.error("engine.broke", error=type(error).__name__, exc_info=error)

    def understand(self, text: str, context: Context) -> Understanding:
        """As the real engine."""
        return (self._engine or self.load()).understand(text, context)
