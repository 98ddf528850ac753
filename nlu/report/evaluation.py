"""One evaluation from end to end: engines read, figures are computed, compared and kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nlu.evaluate import Labelled, read_all, read_labelled
from nlu.report.engines import Contestant
from nlu.report.figures import Figures, figures
from nlu.report.saved import Kept, Plain, digest, plain, without_sentences

_LOCAL = ZoneInfo("Asia/Shanghai")
DANGER_FILES = ("emergencies.jsonl", "false_alarms.jsonl")
"""Files that, lying beside the evaluated one, are read for their alarms too."""


@dataclass(frozen=True)
class Result:
    """How one engine did, and how it had done before when that is known."""

    name: str
    title: str
    figures: Figures
    now: Plain
    before: Plain | None = None
    made: str = ""  # when `before` was measured, in words


@dataclass(frozen=True)
class Evaluation:
    """The results of all engines on one file, and what the reader must know about them."""

    file: str
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    moment: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def local_time(moment: datetime) -> str:
    """A moment by the clock of Inner Mongolia."""
    return moment.astimezone(_LOCAL).strftime("%Y-%m-%d %H:%M")


def beside(file: Path, now: datetime) -> dict[str, list[Labelled]]:
    """The sentences of the danger files in the same folder, by file name."""
    found = [file.parent / name for name in DANGER_FILES if name != file.name]
    return {path.name: read_labelled(path, now) for path in found if path.is_file()}


def evaluate_all(
    file: Path,
    rows: Sequence[Labelled],
    contestants: Sequence[Contestant],
    kept: Kept | None,
    now: datetime,
) -> Evaluation:
    """Score every engine on the rows, and set it beside the figures kept before."""
    notes: list[str] = []
    others = beside(file, now)
    if kept is not None and kept.sentences != digest(rows):
        notes.append("保存的分数是用另一些句子打的，前后只能大致比一比。")
    results = []
    for contestant in contestants:
        engine = contestant.engine
        found = figures(
            read_all(engine, rows), {name: read_all(engine, more) for name, more in others.items()}
        )
        notes += _silence(contestant)
        results.append(_result(contestant, found, kept))
    return Evaluation(file.name, tuple(results), tuple(notes), datetime.now(UTC))


def blind(evaluation: Evaluation) -> Evaluation:
    """The same without any sentence, for a file that nobody should read."""
    results = tuple(
        replace(
            result,
            figures=replace(
                result.figures, worst=(), report=replace(result.figures.report, mistakes=())
            ),
            now=without_sentences(result.now),
        )
        for result in evaluation.results
    )
    return replace(evaluation, results=results)


def _silence(contestant: Contestant) -> Iterator[str]:
    if contestant.silence.count:
        yield f"{contestant.title} 有 {contestant.silence.count} 次没有应答，都按没听懂算。"


def _result(contestant: Contestant, found: Figures, kept: Kept | None) -> Result:
    before = kept.of(contestant.name) if kept else None
    made = _made(kept.made.get(contestant.name)) if kept else ""
    return Result(contestant.name, contestant.title, found, plain(found), before, made)


def _made(moment: str | None) -> str:
    try:
        return local_time(datetime.fromisoformat(moment)) if moment else "上次"
    except ValueError:
        return "上次"
