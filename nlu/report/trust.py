"""How far confidences can be trusted: are they as high as they are right, do they tell us apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.evaluate import Reading
from nlu.types import Intent

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The readings of about one confidence: how sure they were and how often right."""

    start: float
    end: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """`error` is the expected calibration error: the mean gap of the bins, by their sizes."""

    error: float
    bins: tuple[Bin, ...]


def calibration(readings: Sequence[Reading]) -> Calibration:
    """Confidence of the guess against how often it is the labelled intent; empty bins left out."""
    bins = []
    for number in range(BINS):
        inside = [r for r in readings if min(int(r.confidence * BINS), BINS - 1) == number]
        if inside:
            confidence = sum(r.confidence for r in inside) / len(inside)
            accuracy = sum(r.is_right for r in inside) / len(inside)
            edges = number / BINS, (number + 1) / BINS
            bins.append(Bin(*edges, len(inside), confidence, accuracy))
    gaps = sum(abs(b.accuracy - b.confidence) * b.count for b in bins)
    return Calibration(gaps / len(readings) if readings else 0.0, tuple(bins))


def out_of_scope_auroc(readings: Sequence[Reading]) -> float | None:
    """How often a foreign sentence has more out_of_scope than one of ours; a tie counts half.

    Sentences for which both would be acceptable say nothing here. None without both sorts.
    """
    foreign = [r.out_of_scope for r in readings if r.row.intent == Intent.OUT_OF_SCOPE]
    ours = [
        r.out_of_scope for r in readings if Intent.OUT_OF_SCOPE not in (r.row.intent, *r.row.also)
    ]
    if not foreign or not ours:
        return None
    wins = sum((a > b) + 0.5 * (a == b) for a in foreign for b in ours)
    return wins / (len(foreign) * len(ours))
