"""Lying bars: which is more, name by name."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.web.charts.svg import LEAF, SOFT, WIDTH, Point, fitting, picture, shown, tag, told, words

_ROW, _LABEL, _VALUE = 30, 150, 60
_MOST_LETTERS = 9


def bars(title: str, points: Sequence[Point]) -> Markup:
    """One bar a point, the longest as wide as there is room."""
    top = max((point.value for point in points), default=0) or 1
    room = WIDTH - _LABEL - _VALUE
    parts = [part for row, point in enumerate(points) for part in _bar(row, point, top, room)]
    if not points:
        parts = [words("没有数据", WIDTH / 2, 24, text_anchor="middle", fill=SOFT)]
    return picture(title, told(points), max(len(points), 1) * _ROW + 8, parts)


def _bar(row: int, point: Point, top: float, room: float) -> list[str]:
    y = row * _ROW + 4
    width = max(room * point.value / top, 2 if point.value else 0)
    name = fitting(point.label, _MOST_LETTERS)
    return [
        words(name, _LABEL - 10, y + 18, text_anchor="end"),
        tag("rect", x=_LABEL, y=y, width=width, height=_ROW - 8, rx=4, fill=LEAF),
        words(shown(point.value), _LABEL + width + 8, y + 18, fill=SOFT),
    ]
