"""The HTTP client of a Rasa server: within a time budget, and never a reason for silence."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from nlu.classify.local import LazyClassifier
from nlu.fold import unslash
from nlu.types import Classified, Classifier, Intent

MODEL = "yulu.tar.gz"  # the file that nlu/rasa/train.sh writes
FALLBACK_INTENT = "nlu_fallback"  # Rasa's word for unsure, with a constant confidence
_FAILURES = 3  # in a row, before the server is left alone
_REST = 30.0  # seconds it is left alone
_MOST_BYTES = 256 * 1024  # no honest answer is larger

_log = logging.getLogger(__name__)


class WrongModel(ValueError):
    """The server serves another model than ours: it would answer, and wrongly."""


class RasaClassifier:
    """Asks a Rasa server, and the in-process classifier when the server fails or is slow."""

    def __init__(
        self,
        url: str,
        timeout: float = 1.5,
        fallback: Classifier | None = None,
        clock: Callable[[], float] = time.monotonic,
        token: str = "",
        model: str = MODEL,
    ) -> None:
        self._timeout = timeout
        self._model = model
        self._fallback: Classifier = fallback or LazyClassifier()
        self._clock = clock
        params = {"token": token} if token else {}  # the one place where Rasa looks for it
        self._client = httpx.Client(
            base_url=url.rstrip("/"), timeout=timeout, trust_env=False, params=params
        )
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="rasa")
        self._is_checked = False
        self._failures = 0
        self._resting_until = 0.0
        self.stood_in = 0
        """How often the fallback answered instead."""

    def check(self) -> None:
        """Ask which model is served. Raises WrongModel, or httpx.HTTPError without an answer."""
        response = self._client.get("/status")
        response.raise_for_status()
        status = response.json()
        served = status.get("model_file") if isinstance(status, dict) else None
        name = served.replace("\\", "/").rpartition("/")[2] if isinstance(served, str) else None
        if name != self._model:
            raise WrongModel(f"Rasa serves the model {name}, not {self._model}")
        self._is_checked = True

    def classify(self, text: str) -> Classified:
        """The server's ranking, or the fallback's; answers within the budget plus the fallback."""
        plain = unslash(text)
        if self._clock() < self._resting_until:
            return self._stand_in(plain)
        asked = self._workers.submit(self._ask, plain)
        try:
            ranking = _ranking(asked.result(timeout=self._timeout))
        except WrongModel as error:
            self._note_wrong_model(error)
            return self._stand_in(plain)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            asked.cancel()
            self._note_failure(error)
            return self._stand_in(plain)
        self._failures = 0
        return ranking

    def _stand_in(self, plain: str) -> Classified:
        self.stood_in += 1
        return self._fallback.classify(plain)

    def _ask(self, text: str) -> Any:
        if not self._is_checked:
            self.check()
        given_up = time.monotonic() + self._timeout
        with self._client.stream("POST", "/model/parse", json={"text": text}) as response:
            response.raise_for_status()
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES or time.monotonic() > given_up:
                    raise ValueError("answer too large or too slow")
        return httpx.Response(200, content=body).json()

    def _note_failure(self, error: Exception) -> None:
        self._failures += 1
        self._is_checked = False  # it may come back with another model
        _log.warning("rasa did not answer: %s", type(error).__name__)
        if self._failures >= _FAILURES:
            self._resting_until = self._clock() + _REST
            self._failures = 0

    def _note_wrong_model(self, error: WrongModel) -> None:
        _log.error("%s; the in-process engine answers", error)
        self._resting_until = self._clock() + _REST
        self._failures = 0


def _ranking(answer: Any) -> Classified:
    """The known intents of an answer, best first; raises ValueError when it is no Rasa answer.

    A fallback is dropped: the real best guess follows it, with its own low confidence.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("intent"), dict):
        raise ValueError("not the shape of a Rasa answer")
    listed = answer.get("intent_ranking") or [answer["intent"]]
    known = {str(intent) for intent in Intent}
    found: dict[Intent, float] = {}
    for item in listed if isinstance(listed, list) else ():
        name = item.get("name") if isinstance(item, dict) else None
        if name in known:
            found.setdefault(Intent(name), _confidence(item))
    if not found:
        if answer["intent"].get("name") in (FALLBACK_INTENT, None):
            return Classified(((Intent.OUT_OF_SCOPE, 0.0),))
        raise ValueError("the Rasa server knows none of our intents")
    return Classified(tuple(sorted(found.items(), key=lambda pair: -pair[1])))


def _confidence(item: dict[str, Any]) -> float:
    value = item.get("confidence")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1.001:
        raise ValueError("not a confidence")
    return min(float(value), 1.0)
