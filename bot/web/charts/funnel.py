"""Steps that fewer and fewer reach: where people or papers get lost."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.web.charts.svg import (
    DEEP,
    PAPER,
    SOFT,
    WIDTH,
    Point,
    fitting,
    picture,
    shown,
    tag,
    told,
    words,
)

_ROW, _LABEL, _VALUE = 38, 130, 124
_MOST_LETTERS = 8


def funnel(title: str, points: Sequence[Point]) -> Markup:
    """One band a step, each with its share of the first."""
    first = points[0].value if points else 0
    room = WIDTH - _LABEL - _VALUE
    parts = [part for row, point in enumerate(points) for part in _band(row, point, first, room)]
    if not points:
        parts = [words("没有数据", WIDTH / 2, 24, text_anchor="middle", fill=SOFT)]
    return picture(title, told(points), max(len(points), 1) * _ROW + 6, parts)


def _band(row: int, point: Point, first: float, room: float) -> list[str]:
    y = row * _ROW + 4
    share = point.value / first if first else 0
    width = max(room * min(share, 1), 2 if point.value else 0)
    middle = _LABEL + room / 2
    name = fitting(point.label, _MOST_LETTERS)
    return [
        words(name, _LABEL - 10, y + 20, text_anchor="end"),
        tag("rect", x=_LABEL, y=y, width=room, height=_ROW - 8, rx=4, fill=PAPER),
        tag("rect", x=middle - width / 2, y=y, width=width, height=_ROW - 8, rx=4, fill=DEEP),
        words(f"{shown(point.value)}（{share:.0%}）", WIDTH - _VALUE + 8, y + 20, fill=SOFT),
    ]
