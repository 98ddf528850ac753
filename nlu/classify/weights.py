"""A trained linear model as plain arrays: scores a text with numpy alone, no scikit-learn."""

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.classify.features import BLOCKS, grams
from nlu.tables.keys import Keys, numbered

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """Vocabulary, inverse document frequencies, and one weight per gram and intent."""

    labels: tuple[str, ...]
    index: dict[str, int] | Keys  # the place of a gram; keys once it was kept
    idf: Floats  # one per gram
    coefficients: NDArray[np.float16]  # grams x labels; half precision decides the same
    bias: Floats  # one per label
    temperature: float
    unknown_idf: float

    def vector(self, text: str) -> tuple[list[int], list[float]]:
        """Indexes and TF-IDF values of the known grams; every block has unit length or less."""
        return vector(grams(text), self.index, self.idf, self.unknown_idf)

    def scores(self, text: str) -> NDArray[np.float64] | None:
        """Probability of each label; None when no gram of the text is known."""
        indexes, values = self.vector(text)
        if not indexes:
            return None
        rows = self.coefficients.take(indexes, axis=0).astype(np.float32)
        weighted = np.asarray(values, dtype=np.float32) @ rows
        logits = (weighted + self.bias).astype(np.float64) / self.temperature
        shifted = np.exp(logits - logits.max())
        return np.asarray(shifted / shifted.sum(), dtype=np.float64)

    def scores_of(self, text: str, labels: Sequence[str]) -> NDArray[np.float64]:
        """The probabilities in the order of these labels; all alike when no gram is known."""
        found = self.scores(text)
        if found is None:
            return np.full(len(labels), 1 / len(labels))
        if tuple(labels) == self.labels:
            return found
        by_label = dict(zip(self.labels, found.tolist(), strict=True))
        return np.array([by_label.get(label, 0.0) for label in labels])

    def save(self, path: Path) -> None:
        """Write what was trained so that a reader finds the old file or the whole new one."""
        if not isinstance(self.index, dict):
            raise TypeError("only what was trained here can be kept: keys do not tell the grams")
        keys, order = numbered(self.index)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    labels=np.array(self.labels),
                    grams=keys,
                    idf=self.idf[order],
                    coefficients=self.coefficients[order],
                    bias=self.bias,
                    scale=np.array([self.temperature, self.unknown_idf]),
                )
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> "Weights":
        """Read a saved model; raises OSError, ValueError, KeyError or BadZipFile when damaged."""
        with np.load(path, allow_pickle=False) as stored:
            weights = cls(
                labels=tuple(str(label) for label in stored["labels"]),
                index=Keys(stored["grams"]),
                idf=stored["idf"],
                coefficients=stored["coefficients"],
                bias=stored["bias"],
                temperature=float(stored["scale"][0]),
                unknown_idf=float(stored["scale"][1]),
            )
        if weights.coefficients.shape != (len(weights.index), len(weights.labels)):
            raise ValueError("model file is damaged")
        return weights


def vector(
    counted: dict[str, Counter[str]], index: dict[str, int] | Keys, idf: Floats, unknown_idf: float
) -> tuple[list[int], list[float]]:
    """Sublinear TF-IDF of the known grams, scaled by the length of known and unknown together.

    Counting the unknown shortens the vector of a text about other things, and so its confidence.
    """
    indexes: list[int] = []
    values: list[float] = []
    rarity = idf.data  # one number at a time comes out of it faster than out of the array
    blocks = [counted[block] for block in BLOCKS if block in counted]
    places = iter(_places([gram for block in blocks for gram in block], index))
    for block in blocks:
        weights: list[float] = []
        square = 0.0
        for count, place in zip(block.values(), places, strict=False):  # the rest is for others
            weight: float = unknown_idf if place is None else rarity[place]
            if count > 1:
                weight *= _damped(count)
            square += weight * weight
            if place is not None:
                indexes.append(place)
                weights.append(weight)
        length = square**0.5
        values += [weight / length for weight in weights]
    return indexes, values


def _places(grams: list[str], index: dict[str, int] | Keys) -> list[int | None]:
    return index.places(grams) if isinstance(index, Keys) else [index.get(gram) for gram in grams]


@cache
def _damped(count: int) -> float:
    """What a gram counts that is said so many times."""
    return 1.0 + float(np.log(count))
