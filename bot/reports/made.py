"""Who made a file, when and of what: stands in every file that leaves the desk."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import local

NO_ETHNICITY = (
    "部里样表里的“民族”一栏这里没有：本系统按约定不收集民族、宗教和政治面貌。"
    "上报需要时，请从学籍系统取。"
)
MASKED = "身份证号、电话和健康原因已经打码。"
UNMASKED = "没有打码，含身份证号、电话和健康原因。请妥善保管，用完销毁。"


@dataclass(frozen=True)
class Made:
    """The facts of the making."""

    title: str
    place: str
    period: str
    by: str
    at: datetime
    notes: tuple[str, ...] = ()

    @property
    def moment(self) -> str:
        """When, on the office's clock."""
        return f"{local(self.at):%Y-%m-%d %H:%M}（北京时间）"

    @property
    def footer(self) -> str:
        """One line for the foot of every page."""
        return f"育路 · {self.by} · {self.moment}"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """All of it, by name."""
        return (
            ("名称", self.title),
            ("范围", self.place),
            ("时间", self.period),
            ("制表人", self.by),
            ("制表时间", self.moment),
            *(("说明", note) for note in self.notes),
        )
