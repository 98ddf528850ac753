"""What `python -m nlu evaluate` does once it knows what to score and what is wanted."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer

from nlu.evaluate import Labelled
from nlu.report.console import show
from nlu.report.engines import Contestant
from nlu.report.evaluation import Evaluation, blind, evaluate_all
from nlu.report.saved import Kept, keep, read_kept, usual_place


@dataclass(frozen=True)
class Wanted:
    """How the result is shown, and where figures are kept and compared with."""

    as_json: bool = False
    html: Path | None = None
    save: Path | None = None
    baseline: Path | None = None
    sentences: bool = True


def run(
    file: Path,
    rows: Sequence[Labelled],
    contestants: Sequence[Contestant],
    notes: Sequence[str],
    moment: datetime,
    wanted: Wanted,
) -> None:
    """Score, show and keep. Raises ValueError when the baseline holds no figures."""
    place = wanted.save or usual_place(file, rows)
    kept = read_kept(wanted.baseline) if wanted.baseline else _last_time(place)
    evaluation = evaluate_all(file, rows, contestants, kept, moment)
    evaluation = replace(evaluation, notes=(*notes, *evaluation.notes))
    if not wanted.sentences:
        evaluation = blind(evaluation)
    _keep(place, rows, evaluation)
    if wanted.html:
        _write_page(wanted.html, evaluation)
    if wanted.as_json:
        _print_json(evaluation)
    else:
        show(evaluation)
    if not contestants:
        raise typer.Exit(1)


def _last_time(place: Path) -> Kept | None:
    try:
        return read_kept(place)
    except (OSError, ValueError):
        return None


def _keep(place: Path, rows: Sequence[Labelled], evaluation: Evaluation) -> None:
    try:
        engines = {result.name: result.now for result in evaluation.results}
        keep(place, rows, evaluation.moment, engines)
    except OSError as error:
        print(f"注意：分数存不下来（{error.strerror}），下次没法比。", file=sys.stderr)


def _write_page(path: Path, evaluation: Evaluation) -> None:
    from nlu.report.page import page

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(evaluation), "utf-8")
    print(f"报告写在 {path}，用浏览器打开。", file=sys.stderr)


def _print_json(evaluation: Evaluation) -> None:
    """One engine's figures as they are, those of several under their names; notes to stderr."""
    for note in evaluation.notes:
        print(f"注意：{note}", file=sys.stderr)
    shown = {result.name: result.now for result in evaluation.results}
    only = next(iter(shown.values())) if len(shown) == 1 else shown
    print(json.dumps(only, ensure_ascii=False, indent=2))
