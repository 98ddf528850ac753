"""Shows an evaluation in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nlu.entity_scores import Score
from nlu.evaluate import Report
from nlu.intent_names import chinese
from nlu.report.evaluation import Evaluation, Result
from nlu.report.headlines import Headline, by_name
from nlu.report.labels import tag_name

_MOST_CONFUSIONS = 15
_MOST_WORST = 10


def show(evaluation: Evaluation, console: Console | None = None) -> None:
    """Print the figures side by side, then each engine by intent, by way of speaking, its worst."""
    out = console or Console()
    for result in evaluation.results:
        report = result.figures.report
        out.print(
            f"{result.title}   句子 {report.sentences}   准确率 {report.accuracy:.3f}   "
            f"宏平均 F1 {report.macro_f1:.3f}"
        )
    for note in evaluation.notes:
        out.print(f"注意：{escape(note)}")
    if not evaluation.results:
        return
    out.print(_headlines(evaluation.results))
    for result in evaluation.results:
        _show_one(result, out, evaluation)


def _show_one(result: Result, out: Console, evaluation: Evaluation) -> None:
    suffix = f"：{result.title}" if len(evaluation.results) > 1 else ""
    figures, report = result.figures, result.figures.report
    out.print(_scores("意图", report.intents, _before(result, "intents"), suffix))
    if report.confusions:
        out.print(_confusions(report, suffix))
    if figures.tags:
        out.print(_tags(result, suffix))
    if report.entities:
        out.print(_scores("实体", report.entities, _before(result, "entities"), suffix))
    if figures.worst:
        out.print(_worst(result, suffix))


def _headlines(results: tuple[Result, ...]) -> Table:
    table = Table("", title="总的看", show_lines=False)
    for result in results:
        table.add_column(result.title, justify="right")
        if result.before:
            table.add_column(f"比 {result.made}", justify="right")
    columns = [(result, by_name(result.now, result.before)) for result in results]
    for name in columns[0][1]:
        cells = [name]
        for result, found in columns:
            cells.append(found[name].shown if name in found else "—")
            if result.before:
                cells.append(_moved(found.get(name)))
        table.add_row(*cells)
    return table


def _moved(headline: Headline | None) -> str:
    if headline is None:
        return "—"
    colour = {True: "green", False: "red", None: "dim"}[headline.is_better]
    return f"[{colour}]{headline.moved or '—'}[/{colour}]"


def _scores(
    title: str, scores: Mapping[str, Score], before: Mapping[str, Any], suffix: str
) -> Table:
    table = Table(title, "精确率", "召回率", "F1", "条数", title=f"每种{title}{suffix}")
    if before:
        table.add_column("F1 变化", justify="right")
    for name, score in scores.items():
        numbers = [f"{number:.2f}" for number in (score.precision, score.recall, score.f1)]
        cells = [name, *numbers, str(score.support)]
        table.add_row(*cells, *([_change(score.f1, before.get(name), "f1")] if before else []))
    return table


def _tags(result: Result, suffix: str) -> Table:
    before = _before(result, "tags")
    table = Table("说法", "准确率", "算上说得通的", "条数", title=f"怎么说的{suffix}")
    if before:
        table.add_column("准确率变化", justify="right")
    for tag, score in result.figures.tags.items():
        cells = [
            f"{tag} {tag_name(tag)}",
            f"{score.accuracy:.2f}",
            f"{score.accepted:.2f}",
            str(score.support),
        ]
        change = [_change(score.accuracy, before.get(tag), "accuracy")] if before else []
        table.add_row(*cells, *change)
    return table


def _confusions(report: Report, suffix: str) -> Table:
    table = Table("应为", "认成", "次数", title=f"最常混淆{suffix}")
    for truth, guess, count in report.confusions[:_MOST_CONFUSIONS]:
        table.add_row(f"{truth} {chinese(truth)}", f"{guess} {chinese(guess)}", str(count))
    return table


def _worst(result: Result, suffix: str) -> Table:
    table = Table("句子", "应为", "认成", "把握", title=f"有把握却认错的{suffix}")
    for worst in result.figures.worst[:_MOST_WORST]:
        table.add_row(
            escape(worst.text),
            chinese(worst.truth),
            chinese(worst.guess),
            f"{worst.confidence:.2f}",
        )
    return table


def _before(result: Result, part: str) -> Mapping[str, Any]:
    found = (result.before or {}).get(part)
    return found if isinstance(found, dict) else {}


def _change(now: float, before: object, key: str) -> str:
    was = before.get(key) if isinstance(before, dict) else None
    if not isinstance(was, int | float):
        return "新"
    return f"{now - was:+.2f}" if abs(now - was) >= 0.005 else ""
