"""The engines that an evaluation scores, each answering for itself."""

import threading
from dataclasses import dataclass, field

from nlu.classify.rasa import RasaClassifier
from nlu.types import Classified, Engine, Intent
from nlu.understand import LocalEngine

PATIENCE = 10.0  # seconds; nobody waits for an answer here
TITLES = {"local": "自带的引擎", "rasa": "Rasa"}
_SILENCE = Classified(((Intent.OUT_OF_SCOPE, 0.0),))


class Silence:
    """Stands where the in-process engine would help out, and counts how often it had to."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def classify(self, text: str) -> Classified:
        """Nothing was understood."""
        with self._lock:
            self.count += 1
        return _SILENCE


@dataclass
class Contestant:
    """An engine under its name; `silence` counts what it did not answer."""

    name: str
    engine: Engine
    silence: Silence = field(default_factory=Silence)

    @property
    def title(self) -> str:
        """What the engine is called in a report."""
        return TITLES.get(self.name, self.name)


def local() -> Contestant:
    """The in-process engine."""
    return Contestant("local", LocalEngine())


def rasa(url: str, token: str = "") -> Contestant:
    """Our rules around the Rasa server of that address, with nobody answering in its place."""
    silence = Silence()
    server = RasaClassifier(url, timeout=PATIENCE, fallback=silence, token=token)
    return Contestant("rasa", LocalEngine(server), silence)
