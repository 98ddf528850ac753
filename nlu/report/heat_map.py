"""Draws which intents are taken for which, as an SVG that needs no script."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from nlu.intent_names import chinese, intent_names

CELL = 27
_LEFT, _TOP, _EDGE = 148, 118, 14
_SMALL = 0.12  # of the opacity, so that a single mistake is seen


def heat_map(supports: Mapping[str, int], confusions: Sequence[tuple[str, str, int]]) -> str:
    """One row for each true intent, one column for each guess; hovering says it in words."""
    rows = _ordered(set(supports))
    columns = _ordered(set(supports) | {guess for _, guess, _ in confusions})
    counts = {(truth, guess): count for truth, guess, count in confusions}
    for truth in rows:
        missed = sum(count for (true, _), count in counts.items() if true == truth)
        counts[truth, truth] = supports[truth] - missed
    width = _LEFT + CELL * len(columns) + 2 * _EDGE + 30
    height = _TOP + CELL * len(rows) + _EDGE
    parts = [
        f'<svg class="heat" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-label="混淆图：每行是应为的意图，每列是认成的意图">',
        f'<text class="axis" x="{_LEFT - 10}" y="{_TOP - 10}" text-anchor="end">'
        "应为 ↓ 认成 →</text>",
        *_names(rows, columns),
    ]
    for y, truth in enumerate(rows):
        for x, guess in enumerate(columns):
            parts.append(_cell(x, y, truth, guess, counts.get((truth, guess), 0), supports[truth]))
    return "".join([*parts, "</svg>"])


def _names(rows: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    for y, name in enumerate(rows):
        middle = _TOP + CELL * y + CELL / 2 + 5
        place = f'x="{_LEFT - 10}" y="{middle}" text-anchor="end"'
        yield f"<text {place}>{escape(chinese(name))}</text>"
    for x, name in enumerate(columns):
        left = _LEFT + CELL * x + CELL / 2 + 3
        turned = f'transform="translate({left} {_TOP - 8}) rotate(-58)"'
        yield f"<text {turned}>{escape(chinese(name))}</text>"


def _cell(x: int, y: int, truth: str, guess: str, count: int, of: int) -> str:
    place = f'x="{_LEFT + CELL * x}" y="{_TOP + CELL * y}" width="{CELL - 2}" height="{CELL - 2}"'
    if not count:
        return f'<rect class="none" {place} rx="4"/>'
    share = count / of
    kind = "hit" if truth == guess else "miss"
    opacity = share**2 if kind == "hit" else min(_SMALL + 2.5 * share, 1)
    words = (
        f"{chinese(truth)}：{of} 句里认对 {count} 句"
        if truth == guess
        else f"应为{chinese(truth)}，认成{chinese(guess)}：{count} 句，占这类的 {share:.0%}"
    )
    middle = f'x="{_LEFT + CELL * x + CELL / 2 - 1}" y="{_TOP + CELL * y + CELL / 2 + 4}"'
    light = " light" if opacity > 0.55 else ""
    return (
        f"<g><title>{escape(words)}</title>"
        f'<rect class="{kind}" {place} rx="4" fill-opacity="{opacity:.2f}"/>'
        f'<text class="count{light}" {middle} text-anchor="middle">{count}</text></g>'
    )


def _ordered(names: set[str]) -> list[str]:
    known = list(intent_names())
    return sorted(names, key=lambda name: (known.index(name) if name in known else 99, name))
