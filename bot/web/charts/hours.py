"""Upright bars, one an hour: was it a quiet day, and when did it stop."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.web.charts.svg import LEAF, LINE, SOFT, WIDTH, Point, picture, shown, tag, told, words

_LEFT, _TOP, _BOTTOM, _HEIGHT = 44, 14, 26, 150
_EVERY = 6


def hours(title: str, points: Sequence[Point]) -> Markup:
    """One bar a point, the highest as high as there is room; every sixth has its name below."""
    top = max((point.value for point in points), default=0) or 1
    width = (WIDTH - _LEFT) / max(len(points), 1)
    ground = _HEIGHT - _BOTTOM
    parts = [
        tag("line", x1=_LEFT, x2=WIDTH, y1=ground, y2=ground, stroke=LINE),
        words(shown(top), _LEFT - 6, _TOP + 10, text_anchor="end", fill=SOFT),
        words("0", _LEFT - 6, ground, text_anchor="end", fill=SOFT),
    ]
    for number, point in enumerate(points):
        x, tall = _LEFT + number * width, (ground - _TOP) * point.value / top
        parts.append(tag("rect", x=x + 1, y=ground - tall, width=width - 2, height=tall, fill=LEAF))
        if number % _EVERY == 0:
            parts.append(words(point.label, x, _HEIGHT - 6, fill=SOFT))
    return picture(title, told(points), _HEIGHT, parts)
