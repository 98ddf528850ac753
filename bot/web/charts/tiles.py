"""A tile for every unit, darker where there is more: the region at one glance, without a map."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from bot.web.charts.svg import (
    INK,
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

_ACROSS, _GAP, _HIGH, _HEAD = 5, 6, 46, 26
_WIDE = (WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS
_SHADES = ("#e3eeea", "#b9d9cd", "#7fb8a6", "#2f7d6b", "#17464f")
_DARK_FROM = 3
_MOST_LETTERS = 7


def tiles(title: str, points: Sequence[Point]) -> Markup:
    """Tiles in rows of five, under the name of the group they belong to."""
    most = max((point.value for point in points), default=0)
    parts: list[str] = []
    y = 0.0
    for group, members in groupby(points, key=lambda point: point.group):
        if group:
            parts.append(words(group, 0, y + 18, fill=SOFT))
            y += _HEAD
        own = list(members)
        for number, point in enumerate(own):
            x = number % _ACROSS * (_WIDE + _GAP)
            parts.append(_tile(point, x, y + number // _ACROSS * (_HIGH + _GAP), most))
        y += -(-len(own) // _ACROSS) * (_HIGH + _GAP) + 4
    ordered = sorted(points, key=lambda point: -point.value)
    return picture(title, told(ordered), max(y, 24), parts, role="group")


def _tile(point: Point, x: float, y: float, most: float) -> str:
    step = min(int(point.value / most * len(_SHADES)), len(_SHADES) - 1) if most else 0
    fill = _SHADES[step] if point.value else PAPER
    ink = "#ffffff" if point.value and step >= _DARK_FROM else INK
    middle = x + _WIDE / 2
    drawn = tag("rect", x=x, y=y, width=_WIDE, height=_HIGH, rx=6, fill=fill)
    name = fitting(point.label, _MOST_LETTERS)
    drawn += words(name, middle, y + 19, text_anchor="middle", fill=ink, font_size=12)
    drawn += words(shown(point.value), middle, y + 37, text_anchor="middle", fill=ink)
    if not point.href:
        return drawn
    return tag("a", drawn, href=point.href, aria_label=f"{point.label} {shown(point.value)}")
