"""All figures of one engine on one file: what the console, the page and the saved file show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.anonymous import anonymous
from nlu.evaluate import Reading, Report, score
from nlu.report.alarms import Alarms, count_alarms
from nlu.report.trust import Calibration, calibration, out_of_scope_auroc
from nlu.types import Context

MOST_WORST = 30


@dataclass(frozen=True)
class TagScore:
    """Accuracy on the sentences said in one way, strictly and counting acceptable answers."""

    accuracy: float
    accepted: float
    support: int


@dataclass(frozen=True)
class Worst:
    """A sentence taken wrongly with confidence, without the people in it."""

    text: str
    truth: str
    guess: str
    confidence: float


@dataclass(frozen=True)
class Figures:
    """How an engine did. `alarms` are those of the file and, by name, of the files beside it."""

    report: Report
    accepted: float  # accuracy counting acceptable alternatives
    tags: Mapping[str, TagScore]
    out_of_scope_auroc: float | None
    calibration: Calibration
    alarms: Mapping[str, Alarms]
    worst: tuple[Worst, ...]


OWN_ROWS = "rows"
"""The name of the file's own sentences among the alarms."""


def figures(
    readings: Sequence[Reading], beside: Mapping[str, Sequence[Reading]] | None = None
) -> Figures:
    """Everything there is to say of these readings; `beside` are more files to count alarms in."""
    alarms = {OWN_ROWS: count_alarms(readings)}
    alarms |= {name: count_alarms(others) for name, others in (beside or {}).items()}
    return Figures(
        report=score(readings),
        accepted=_share([r.is_acceptable for r in readings]),
        tags=_tags(readings),
        out_of_scope_auroc=out_of_scope_auroc(readings),
        calibration=calibration(readings),
        alarms=alarms,
        worst=_worst(readings),
    )


def _tags(readings: Sequence[Reading]) -> dict[str, TagScore]:
    """The ways of saying it, most frequent first."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        for tag in reading.row.tags:
            groups.setdefault(tag, []).append(reading)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {
        tag: TagScore(
            _share([r.is_right for r in group]),
            _share([r.is_acceptable for r in group]),
            len(group),
        )
        for tag, group in ordered
    }


def _worst(readings: Sequence[Reading]) -> tuple[Worst, ...]:
    wrong = sorted((r for r in readings if not r.is_acceptable), key=lambda r: -r.confidence)
    return tuple(
        Worst(
            anonymous(r.row.text, Context(r.row.now, home=r.row.home), {}),
            r.row.intent,
            r.guess,
            r.confidence,
        )
        for r in wrong[:MOST_WORST]
    )


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
