"""How the encoder and the n-grams decide together, and how sure the two may call themselves."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
_LEAST = 1e-9


def softmax(logits: Scores) -> Scores:
    """Logits, of one text or of one a row, as probabilities."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True)
class Fusion:
    """A weighted mean of two probabilities, then a power that makes confidence match hit rate."""

    temperature: float = 2.0  # divisor of the encoder's logits
    share: float = 0.7  # weight of the encoder, 0 to 1
    sharpness: float = 1.0  # power of the mean; above 1 it grows surer

    def together(self, logits: Scores, others: Scores) -> Scores:
        """The joint probabilities of one text, or of one a row."""
        mean = self.share * softmax(logits / self.temperature) + (1 - self.share) * others
        return softmax(self.sharpness * np.log(mean + _LEAST))

    @classmethod
    def fitted(cls, logits: Scores, others: Scores, truth: NDArray[np.intp]) -> "Fusion":
        """The most accurate fusion of texts with known labels; then the power of best likelihood.

        Among equally accurate ones the likelier wins, so that a lucky sentence decides little.
        """
        best = max(
            (cls(t, s) for t, s in product((1.0, 1.5, 2.0, 3.0), (0.5, 0.6, 0.7, 0.8, 0.9, 1.0))),
            key=lambda fusion: fusion._worth(logits, others, truth),
        )
        powers = (cls(best.temperature, best.share, p) for p in np.geomspace(0.1, 4, 48).tolist())
        return max(powers, key=lambda fusion: fusion._likelihood(logits, others, truth))

    def _worth(self, logits: Scores, others: Scores, truth: NDArray[np.intp]) -> float:
        hits = self.together(logits, others).argmax(axis=1) == truth
        return float(hits.mean()) + 0.05 * self._likelihood(logits, others, truth)

    def _likelihood(self, logits: Scores, others: Scores, truth: NDArray[np.intp]) -> float:
        found = self.together(logits, others)
        return float(np.log(found[np.arange(len(truth)), truth] + _LEAST).mean())
