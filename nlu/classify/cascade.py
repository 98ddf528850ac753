"""Cheap first: when the n-grams are so sure of a wish that the encoder need not read the text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.types import Intent

SURE = 0.98
"""Chosen on tests/nlu/fresh_dev.jsonl: from here on the two together named no other wish."""

CALM = 0.001
"""With more than this of danger both listen."""

_BESIDE_A_WISH = frozenset(
    {
        *(Intent.THANK, Intent.GREET, Intent.GOODBYE, Intent.AFFIRM, Intent.DENY),
        *(Intent.CANCEL, Intent.CORRECT, Intent.HELP, Intent.OUT_OF_SCOPE),
    }
)
"""删掉我的资料，谢谢: n-grams may hear only the loud word."""


@dataclass(frozen=True)
class Cascade:
    """What the n-grams may settle by themselves, for labels in one order."""

    wishes: NDArray[np.bool_]  # one per label
    danger: NDArray[np.bool_]

    @classmethod
    def over(cls, labels: Sequence[str]) -> "Cascade":
        """For scores in the order of these labels."""
        danger = np.array([label == Intent.REPORT_EMERGENCY for label in labels], dtype=bool)
        wishes = np.array([label not in _BESIDE_A_WISH for label in labels], dtype=bool)
        return cls(wishes & ~danger, danger)

    def settles(self, scores: NDArray[np.float64]) -> bool:
        """Whether a second opinion would change nothing."""
        best = int(scores.argmax())
        calm = float(scores[self.danger].sum()) < CALM
        return bool(self.wishes[best]) and float(scores[best]) >= SURE and calm
