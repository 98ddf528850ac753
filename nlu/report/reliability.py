"""Draws how often the engine is right at each confidence, against what it promises."""

from collections.abc import Iterator

from nlu.report.trust import Bin, Calibration

_SIDE, _LEFT, _RIGHT, _BOTTOM, _TOP = 310, 46, 24, 40, 10


def reliability(found: Calibration) -> str:
    """Bars of accuracy by confidence, the promise as a dotted line; hovering says it in words."""
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    base = _TOP + _SIDE
    parts = [
        f'<svg class="trust" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-label="把握多大和认对多少">',
        *_grid(),
        *(_bar(one) for one in found.bins),
        f'<line class="promise" x1="{_LEFT}" y1="{base}" x2="{_LEFT + _SIDE}" y2="{_TOP}"/>',
        f'<text x="{_LEFT + _SIDE / 2}" y="{height - 4}" text-anchor="middle">机器人的把握</text>',
        "</svg>",
    ]
    return "".join(parts)


def _grid() -> Iterator[str]:
    base = _TOP + _SIDE
    for tenth in (0, 5, 10):
        y, x = base - _SIDE * tenth / 10, _LEFT + _SIDE * tenth / 10
        yield f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{_LEFT + _SIDE}" y2="{y}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{tenth * 10}%</text>'
        yield f'<text x="{x}" y="{base + 17}" text-anchor="middle">{tenth * 10}%</text>'


def _bar(one: Bin) -> str:
    left, wide = _LEFT + _SIDE * one.start + 1, _SIDE * (one.end - one.start) - 2
    tall = _SIDE * one.accuracy
    base = _TOP + _SIDE
    words = (
        f"把握 {one.start:.0%} 到 {one.end:.0%}：{one.count} 句，"
        f"平均把握 {one.confidence:.0%}，认对 {one.accuracy:.0%}"
    )
    return (
        f"<g><title>{words}</title>"
        f'<rect class="room" x="{left:.1f}" y="{_TOP}" width="{wide:.1f}" height="{_SIDE}"/>'
        f'<rect class="right" x="{left:.1f}" y="{base - tall:.1f}"'
        f' width="{wide:.1f}" height="{tall:.1f}"/>'
        f'<circle cx="{_LEFT + _SIDE * one.confidence:.1f}" cy="{base - tall:.1f}" r="4"/></g>'
    )
