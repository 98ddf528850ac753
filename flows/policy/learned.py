"""What was learned from sample questions, as plain arrays: scores a text with numpy alone."""

import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flows.policy.sounds import Sounds
from flows.policy.traits import Traits

Floats = NDArray[np.float32]
Places = NDArray[np.int32]

_BLOCKS = {"c": 1.0, "u": 1.0, "s": 0.7, "n": 0.5, "p": 1.0}
_SIZES = {1: 0.6, 3: 0.9}  # weight of runs of characters by length, else 1
_NEAREST = 0.3  # how much the most alike single sample counts beside all of them
_BETWEEN = "\n"  # never part of a trait
_ARRAYS = ("starts", "samples", "strengths", "owners", "solution")


@dataclass(frozen=True)
class Vocabulary:
    """The traits that more than one sample has, and how rare each is among the samples."""

    places: dict[str, int]  # by the letter of the block and the trait
    rarity: Floats
    rarest: float

    def vector(self, counted: Traits) -> tuple[list[int], list[float]]:
        """Known traits with weights; each block has its share of a unit length, unknown included.

        Counting the unknown shortens the vector of a text about other things, and so its score.
        """
        blocks = {name: block for name, block in counted.items() if block}
        whole = math.sqrt(sum(_BLOCKS[name] ** 2 for name in blocks)) or 1.0
        places: list[int] = []
        weights: list[float] = []
        for name, block in blocks.items():
            known: list[tuple[int, float]] = []
            square = 0.0
            for trait, count in block.items():
                place = self.places.get(name + trait)
                rarity = self.rarest if place is None else float(self.rarity[place])
                weight = math.sqrt(count) * rarity
                weight *= _SIZES.get(len(trait), 1.0) if name == "c" else 1.0
                square += weight * weight
                if place is not None:
                    known.append((place, weight))
            share = _BLOCKS[name] / whole / math.sqrt(square)
            places += [place for place, _ in known]
            weights += [weight * share for _, weight in known]
        return places, weights


@dataclass(frozen=True)
class Learned:
    """Scores each owner for a text: about 1 for one of its own samples, about 0 for no relation.

    For each trait `starts` tells where the samples begin that have it, and how strongly they do.
    """

    vocabulary: Vocabulary
    heard: Sounds
    starts: Places
    samples: Places
    strengths: Floats
    owners: Places  # one per sample
    solution: Floats  # samples x owners

    def scores(self, counted: Traits) -> Floats:
        """The score of each owner, in order; all 0 for a text that says nothing."""
        alike = np.zeros(len(self.owners), dtype=np.float32)
        for place, weight in zip(*self.vocabulary.vector(counted), strict=True):
            having = slice(self.starts[place], self.starts[place + 1])
            alike[self.samples[having]] += weight * self.strengths[having]
        nearest = np.zeros(self.solution.shape[1], dtype=np.float32)
        np.maximum.at(nearest, self.owners, alike)
        found: Floats = alike @ self.solution + _NEAREST * nearest
        return found

    def save(self, path: Path) -> None:
        """Write so that a reader finds no file or the whole one; raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        names = _BETWEEN.join(self.vocabulary.places)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    names=np.frombuffer(names.encode("utf-8"), dtype=np.uint8),
                    rarity=self.vocabulary.rarity,
                    rarest=np.array(self.vocabulary.rarest),
                    heard=np.array(self.heard.names),
                    sounds=self.heard.of,
                    **{name: getattr(self, name) for name in _ARRAYS},
                )
            Path(part).chmod(0o644)
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> "Learned":
        """What `save` wrote; raises OSError, ValueError, KeyError or BadZipFile when damaged."""
        with np.load(path, allow_pickle=False) as stored:
            names = stored["names"].tobytes().decode("utf-8").split(_BETWEEN)
            places = {name: place for place, name in enumerate(names)}
            vocabulary = Vocabulary(places, stored["rarity"], float(stored["rarest"]))
            heard = Sounds(tuple(str(name) for name in stored["heard"]), stored["sounds"])
            return cls(vocabulary, heard, *(stored[name] for name in _ARRAYS))
