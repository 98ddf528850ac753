"""Writes an evaluation as one page for a browser: complete in itself, without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from nlu.entity_scores import ALL, Score
from nlu.intent_names import chinese, intent_names
from nlu.report.evaluation import Evaluation, Result, local_time
from nlu.report.headlines import by_name
from nlu.report.heat_map import heat_map
from nlu.report.labels import entity_name, tag_name
from nlu.report.reliability import reliability

_HERE = Path(__file__).parent
_MOST_CONFUSIONS = 10


@dataclass(frozen=True)
class Bar:
    """A share drawn as a bar; `before` is where it was."""

    name: str
    key: str
    value: float
    words: str
    before: float | None = None


def page(evaluation: Evaluation) -> str:
    """The page as HTML."""
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True)
    return environment.get_template("page.html").render(
        evaluation=evaluation,
        made=local_time(evaluation.moment),
        style=Markup((_HERE / "page.css").read_text("utf-8")),  # noqa: S704  our own file
        engines=[_engine(result) for result in evaluation.results],
        chinese=chinese,
    )


def _engine(result: Result) -> dict[str, Any]:
    report, figures = result.figures.report, result.figures
    supports = {name: score.support for name, score in report.intents.items()}
    return {
        "result": result,
        "before": result.made if result.before else "",
        "headlines": by_name(result.now, result.before),
        "heat": Markup(heat_map(supports, report.confusions)),  # noqa: S704  escapes by itself
        "trust": Markup(reliability(figures.calibration)),  # noqa: S704
        "confusions": report.confusions[:_MOST_CONFUSIONS],
        "intents": _scores(report.intents, _part(result, "intents")),
        "entities": _scores(report.entities, _part(result, "entities")),
        "tags": _tags(result),
        "worst": figures.worst,
    }


def _scores(scores: Mapping[str, Score], before: Mapping[str, Any]) -> list[Bar]:
    """Bars of F1, in the order in which intents are offered; all types of entities first."""
    order = [ALL, *intent_names()]
    names = sorted(scores, key=lambda name: order.index(name) if name in order else len(order))
    return [
        Bar(
            chinese(name) if name in intent_names() else entity_name(name),
            name,
            scores[name].f1,
            f"精确 {scores[name].precision:.2f} 召回 {scores[name].recall:.2f} · "
            f"{scores[name].support} 条",
            _number(before.get(name), "f1"),
        )
        for name in names
    ]


def _tags(result: Result) -> list[Bar]:
    before = _part(result, "tags")
    return [
        Bar(
            tag_name(tag),
            tag,
            score.accuracy,
            f"说得通的 {score.accepted:.2f} · {score.support} 句",
            _number(before.get(tag), "accuracy"),
        )
        for tag, score in result.figures.tags.items()
    ]


def _part(result: Result, name: str) -> Mapping[str, Any]:
    found = (result.before or {}).get(name)
    return found if isinstance(found, dict) else {}


def _number(found: object, key: str) -> float | None:
    value = found.get(key) if isinstance(found, dict) else None
    return float(value) if isinstance(value, int | float) else None
