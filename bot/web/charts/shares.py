"""One bar cut into parts: how much of a whole is done, unclear or open."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.web.charts.svg import LEAF, LINE, SUN, WIDTH, Point, picture, shown, tag, told, words

_HIGH, _FILLS = 26, (LEAF, SUN, LINE)
_STEP, _BOX = 22, 12


def shares(title: str, points: Sequence[Point]) -> Markup:
    """At most three parts, each named with its number below the bar."""
    total = sum(point.value for point in points)
    parts: list[str] = []
    x = 0.0
    for point, fill in zip(points, _FILLS, strict=False):
        width = WIDTH * point.value / total if total else 0
        if width:
            inner = max(width - 2, 1)
            parts.append(tag("rect", x=x, y=0, width=inner, height=_HIGH, rx=4, fill=fill))
        x += width
    for row, (point, fill) in enumerate(zip(points, _FILLS, strict=False)):
        y = _HIGH + 10 + row * _STEP
        parts.append(tag("rect", x=0, y=y, width=_BOX, height=_BOX, rx=3, fill=fill))
        share = f"（{point.value / total:.0%}）" if total else ""
        parts.append(words(f"{point.label} {shown(point.value)}{share}", _BOX + 8, y + 12))
    if not total:
        parts.append(tag("rect", x=0, y=0, width=WIDTH, height=_HIGH, rx=4, fill=LINE))
    return picture(title, told(points), _HIGH + 12 + len(points) * _STEP, parts)
