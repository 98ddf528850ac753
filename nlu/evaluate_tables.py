"""Shows an evaluation in the terminal."""

from rich.console import Console
from rich.table import Table

from nlu.evaluate import Report, Score

_MOST_CONFUSIONS = 15


def show(report: Report, console: Console | None = None) -> None:
    """Print accuracy, the table of intents, the commonest confusions and the entities."""
    out = console or Console()
    out.print(
        f"句子 {report.sentences}   准确率 {report.accuracy:.3f}   宏平均 F1 {report.macro_f1:.3f}"
    )
    out.print(_scores("意图", report.intents))
    if report.confusions:
        table = Table("应为", "认成", "次数", title="最常混淆")
        for truth, guess, count in report.confusions[:_MOST_CONFUSIONS]:
            table.add_row(truth, guess, str(count))
        out.print(table)
    if report.entities:
        out.print(_scores("实体", report.entities))


def _scores(title: str, scores: dict[str, Score]) -> Table:
    table = Table(title, "精确率", "召回率", "F1", "条数")
    for name, score in scores.items():
        numbers = (score.precision, score.recall, score.f1)
        table.add_row(name, *(f"{number:.2f}" for number in numbers), str(score.support))
    return table
