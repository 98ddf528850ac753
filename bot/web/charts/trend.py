"""Lines over months: is it getting more or less."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.web.charts.svg import DEEP, LINE, SOFT, SUN, WIDTH, picture, shown, tag, words

_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 48, 16, 34, 30, 230
_STROKES = ((DEEP, "none", "circle"), (SUN, "7 4", "square"))
"""Colour, dashes and mark, so that lines are told apart without colour."""


@dataclass(frozen=True)
class Series:
    """One line: its name and a value for each month."""

    name: str
    values: tuple[float, ...]


def trend(title: str, months: Sequence[str], series: Sequence[Series]) -> Markup:
    """At most two lines over the months, each with its values in the description."""
    top = max((value for line in series for value in line.values), default=0) or 1
    parts = [*_grid(top), *_months(months)]
    for number, line in enumerate(series[: len(_STROKES)]):
        parts += _line(number, line, top)
    told = "；".join(
        f"{line.name}："
        + "，".join(f"{m} {shown(v)}" for m, v in zip(months, line.values, strict=True))
        for line in series
    )
    return picture(title, told, _HEIGHT, parts)


def _x(number: int, many: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (number / max(many - 1, 1))


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _grid(top: float) -> list[str]:
    parts = []
    for value in (0, top / 2, top):
        y = _y(value, top)
        parts.append(tag("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, stroke=LINE))
        parts.append(words(shown(round(value, 1)), _LEFT - 6, y + 5, text_anchor="end", fill=SOFT))
    return parts


def _months(months: Sequence[str]) -> list[str]:
    """Every month's number, fewer when they are many; the year at both ends."""
    step = max(1, len(months) // 6)
    parts = []
    for number, month in enumerate(months):
        if number % step == 0:
            label = f"{int(month[5:])}月"
            x = _x(number, len(months))
            parts.append(words(label, x, _HEIGHT - 8, text_anchor="middle", fill=SOFT))
    return parts


def _line(number: int, line: Series, top: float) -> list[str]:
    colour, dashes, mark = _STROKES[number]
    spots = [(_x(n, len(line.values)), _y(v, top)) for n, v in enumerate(line.values)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    parts = [
        tag(
            "polyline", points=path, fill="none", stroke=colour,
            stroke_width=3, stroke_dasharray=dashes, stroke_linejoin="round",
        )
    ]  # fmt: skip
    parts += [_mark(mark, x, y, colour) for x, y in spots]
    legend = _LEFT + number * 150
    parts.append(_mark(mark, legend + 6, 14, colour))
    parts.append(words(line.name, legend + 18, 19))
    return parts


def _mark(mark: str, x: float, y: float, colour: str) -> str:
    if mark == "circle":
        return tag("circle", cx=x, cy=y, r=4, fill=colour)
    return tag("rect", x=x - 4, y=y - 4, width=8, height=8, fill=colour)
