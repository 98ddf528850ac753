"""The figures that stand first in a report, with what they were before."""

from collections.abc import Iterator
from dataclasses import dataclass

from nlu.entity_scores import ALL
from nlu.report.figures import OWN_ROWS
from nlu.report.saved import Plain


@dataclass(frozen=True)
class Headline:
    """One figure in words; `before` is None when there is nothing to compare with."""

    name: str
    value: float
    shown: str
    about: str = ""
    before: float | None = None
    is_high_good: bool = True

    @property
    def change(self) -> float:
        """How much it moved, rounded as it is shown."""
        return 0.0 if self.before is None else round(self.value, 3) - round(self.before, 3)

    @property
    def moved(self) -> str:
        """The change in signs, empty when there is nothing to compare with."""
        if self.before is None:
            return ""
        return f"{self.change:+.3f}" if abs(self.change) >= 0.0005 else "没变"

    @property
    def is_better(self) -> bool | None:
        """Whether the change is one for the better; None when there is none."""
        if abs(self.change) < 0.0005:
            return None
        return (self.change > 0) is self.is_high_good


@dataclass(frozen=True)
class _Figure:
    name: str
    value: float
    shown: str
    about: str = ""
    is_high_good: bool = True


def by_name(now: Plain, before: Plain | None = None) -> dict[str, Headline]:
    """The first figures of an engine by their names, in order."""
    try:
        earlier = {figure.name: figure.value for figure in _figures(before)} if before else {}
    except (KeyError, TypeError):  # kept by another version
        earlier = {}
    return {
        f.name: Headline(f.name, f.value, f.shown, f.about, earlier.get(f.name), f.is_high_good)
        for f in _figures(now)
    }


def _figures(found: Plain) -> Iterator[_Figure]:
    yield _plain("准确率", found["accuracy"], "意图和标注完全一样的占多少")
    yield _plain("算上说得通的", found["accepted"], "认成另一个也说得通的意图，也算对")
    yield _plain("各意图平均 F1", found["macro_f1"], "每个意图一样重，不管句子多少")
    if found.get("out_of_scope_auroc") is not None:
        about = "把不归我们管的话和我们的话分开，1 是全分开（AUROC）"
        yield _plain("分清管不管", found["out_of_scope_auroc"], about)
    error = found["calibration"]["error"]
    yield _Figure(
        "把握的偏差", error, f"{error:.3f}", "把握和对错平均差多少，越小越好（ECE）", False
    )
    if ALL in found["entities"]:
        about = "姓名、年级、日期这些提取得对不对"
        yield _plain("提取信息 F1", found["entities"][ALL]["f1"], about)
    for file, alarms in found["alarms"].items():
        yield from _alarms("" if file == OWN_ROWS else f"（{file}）", alarms)


def _alarms(where: str, alarms: dict[str, int]) -> Iterator[_Figure]:
    for name, hits, of, is_high_good in (
        ("认出危险", "found", "dangerous", True),
        ("误报危险", "false", "harmless", False),
    ):
        if alarms[of]:
            share = alarms[hits] / alarms[of]
            yield _Figure(name + where, share, f"{alarms[hits]}/{alarms[of]}", "", is_high_good)


def _plain(name: str, value: float, about: str) -> _Figure:
    return _Figure(name, value, f"{value:.3f}", about)
