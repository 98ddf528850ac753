"""What a report is: tables whose numbers know the rows behind them, and pictures of them.

The same value becomes a page, an .xlsx and a .docx.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """One value; `rows` are the filters of the list that shows what was counted."""

    value: str | int | float
    rows: Mapping[str, str] | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is written to the right."""
        return not isinstance(self.value, str)

    @property
    def shown(self) -> str:
        """The value as it is read."""
        if isinstance(self.value, float):
            return f"{self.value:,.1f}"
        return f"{self.value:,}" if isinstance(self.value, int) else self.value


Line = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Lines under heads; one that goes to other hands than the one before it is on its own page."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    own_page: bool = False
    widths: tuple[int, ...] = ()  # shares of the paper's width; all alike when none are given


@dataclass(frozen=True)
class Spot:
    """One value of a picture."""

    label: str
    value: float
    group: str = ""
    rows: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Chart:
    """A picture; a trend has several `series` over the same labels, the others have `spots`."""

    kind: Literal["bars", "funnel", "tiles", "trend"]
    title: str
    spots: tuple[Spot, ...] = ()
    labels: tuple[str, ...] = ()
    series: tuple[tuple[str, tuple[float, ...]], ...] = ()


@dataclass(frozen=True)
class Part:
    """A table with its pictures, if any."""

    table: Table
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Heading:
    """What a report is called, and what it is for."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Report:
    """A finished report of one place and time."""

    heading: Heading
    place: str
    period: str
    parts: tuple[Part, ...] = field(default=())

    @property
    def name(self) -> str:
        """How an address names it."""
        return self.heading.name

    @property
    def title(self) -> str:
        """How people name it."""
        return self.heading.title

    @property
    def about(self) -> str:
        """What it is for."""
        return self.heading.about

    @property
    def emblem(self) -> Chart | None:
        """The picture that stands for the report: a small one where there is one."""
        charts = [chart for part in self.parts for chart in part.charts]
        small = [chart for chart in charts if chart.kind != "tiles"]
        return next(iter([*small, *charts]), None)
