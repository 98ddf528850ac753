"""Shows what was measured, everything beside the n-grams alone so that ratios mean something."""

from rich.table import Table

from nlu.bench.embedded import Embedded
from nlu.bench.served import Served
from nlu.bench.spans import Speed

BASELINE = "ngrams"
_PARTS = {
    "encoder": "只用句子编码器",
    "ngrams": "只用 n 元组",
    "jieba": "只用 jieba 分词",
}


def table(ours: Embedded, theirs: Served | None) -> Table:
    """One line for each reader; milliseconds a sentence, seconds until ready, MB."""
    shown = Table(
        title=f"读 {ours.speeds['engine'].count} 句话",
        caption="倍数：是只用 n 元组的几倍。启动：从进程开始算。",
    )
    shown.add_column("", no_wrap=True)
    for name in ("p50 毫秒", "p99 毫秒", "倍数", "启动 秒", "内存 MB"):
        shown.add_column(name, justify="right")
    base = ours.speeds[BASELINE]
    engine = _speed(ours.speeds["engine"], base)
    shown.add_row("自带的引擎", *engine, f"{ours.ready:.2f}", _megabytes(ours.memory))
    if theirs is not None:
        served = _speed(theirs.speed, base)
        shown.add_row(
            "Rasa，加我们的规则", *served, f"{theirs.ready:.2f}", _megabytes(theirs.memory)
        )
    for name, title in _PARTS.items():
        if name in ours.speeds:
            shown.add_row(title, *_speed(ours.speeds[name], base), "", "")
    shown.add_row("空的 Python", "", "", "", f"{ours.empty:.2f}", "")
    return shown


def _speed(found: Speed, base: Speed) -> tuple[str, str, str]:
    return f"{found.p50:.2f}", f"{found.p99:.2f}", f"{ratio(found, base):.1f}"


def ratio(found: Speed, base: Speed) -> float:
    """How many times the baseline's median; 0 when there is none."""
    return found.p50 / base.p50 if base.p50 else 0.0


def _megabytes(memory: float | None) -> str:
    return f"{memory:.0f}" if memory is not None else "不知道"
