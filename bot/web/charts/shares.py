"""One bar cut into parts: how much of a whole is done, unclear or open."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.web.charts.svg import LEAF, LINE, SUN, WIDTH, Point, picture, tag, told

_HIGH, _GAP, _FILLS = 26, 2, (LEAF, SUN, LINE)


def shares(title: str, points: Sequence[Point]) -> Markup:
    """At most three parts; their names and numbers stand beside the picture, in the page."""
    total = sum(point.value for point in points)
    parts: list[str] = []
    x = 0.0
    for point, fill in zip(points, _FILLS, strict=False):
        width = WIDTH * point.value / total if total else 0
        if width:
            inner = max(width - _GAP, 1)
            parts.append(tag("rect", x=x, y=0, width=inner, height=_HIGH, rx=4, fill=fill))
        x += width
    if not total:
        parts.append(tag("rect", x=0, y=0, width=WIDTH, height=_HIGH, rx=4, fill=LINE))
    return picture(title, told(points), _HIGH, parts)
