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

FALLBACK_INTENT = "nlu_fallback"  # Rasa's word for unsure, with a constant confidence
_FAILURES = 3  # in a row, before the server is left alone
_REST = 30.0  # seconds it is left alone
_MOST_BYTES = 256 * 1024  # no honest answer is larger

_log = logging.getLogger(__name__)


class RasaClassifier:
    """Asks a Rasa server, and the in-process classifier when the server fails or is slow."""

    def __init__(
        self,
        url: str,
        timeout: float = 1.5,
        fallback: Classifier | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout
        self._fallback: Classifier = fallback or LazyClassifier()
        self._clock = clock
        self._client = httpx.Client(base_url=url.rstrip("/"), timeout=timeout, trust_env=False)
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="rasa")
        self._failures = 0
        self._resting_until = 0.0

    def classify(self, text: str) -> Classified:
        """The server's ranking, or the fallback's; answers within the budget plus the fallback."""
        plain = unslash(text)
        if self._clock() < self._resting_until:
            return self._fallback.classify(plain)
        try:
            answer = self._workers.submit(self._ask, plain).result(timeout=self._timeout)
            ranking = _ranking(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            self._note_failure(error)
            return self._fallback.classify(plain)
        self._failures = 0
        return ranking

    def _ask(self, text: str) -> Any:
        with self._client.stream("POST", "/model/parse", json={"text": text}) as response:
            response.raise_for_status()
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise ValueError("answer too large")
        return httpx.Response(200, content=body).json()

    def _note_failure(self, error: Exception) -> None:
        self._failures += 1
        _log.warning("rasa did not answer: %s", type(error).__name__)
        if self._failures >= _FAILURES:
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
