"""The few strokes that all charts are drawn with; numbers stand in the table beside, too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count

from markupsafe import Markup

WIDTH = 480
FONT = 15
DEEP, LEAF, SUN, LINE, INK, SOFT = "#17464f", "#2f7d6b", "#b8651b", "#d9cdb4", "#24211c", "#5f574a"
PAPER = "#f3ecdd"

_numbers = count(1)


@dataclass(frozen=True)
class Point:
    """One value with its name; `href` opens the rows behind it, `group` is what it belongs to."""

    label: str
    value: float
    href: str = ""
    group: str = ""


def tag(name: str, inside: str = "", **attributes: object) -> str:
    """One element; `inside` is markup. Underscores in names of attributes become hyphens."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{told}>{inside}</{name}>"


def words(text: str, x: float, y: float, **attributes: object) -> str:
    """A text; its left end at x unless an anchor says otherwise."""
    return tag("text", escape(text), x=x, y=y, **attributes)


def picture(
    title: str, said: str, height: float, parts: Iterable[str], role: str = "img"
) -> Markup:
    """The whole drawing with its name and, for those who cannot see it, what it says."""
    number = next(_numbers)
    head = tag("title", escape(title), id=f"chart-{number}-title")
    head += tag("desc", escape(said), id=f"chart-{number}-desc")
    drawn = tag(
        "svg",
        head + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        viewBox=f"0 0 {WIDTH} {_short(height)}",
        role=role,
        aria_labelledby=f"chart-{number}-title chart-{number}-desc",
        font_size=FONT,
        font_family="sans-serif",
        fill=INK,
    )
    return Markup(drawn)  # noqa: S704  every text went through `escape`


def shown(value: float) -> str:
    """A number as it is read: no .0 behind a whole one."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def fitting(text: str, most: int) -> str:
    """A label no longer than the room it has."""
    return text if len(text) <= most else text[: most - 1] + "…"


def told(points: Sequence[Point], most: int = 12) -> str:
    """The values in a sentence."""
    named = "，".join(f"{point.label} {shown(point.value)}" for point in points[:most])
    return (named or "没有数据") + ("……" if len(points) > most else "")


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
