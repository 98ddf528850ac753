"""How long most of a group waited, from counts of hours."""

from collections.abc import Mapping
from math import ceil
from typing import Any

NOTHING = "—"


def spans_of(counts: Mapping[tuple[Any, int], int]) -> dict[int, int]:
    """Hours → how many, whatever group they were counted in."""
    found: dict[int, int] = {}
    for (_, hours), many in counts.items():
        found[hours] = found.get(hours, 0) + many
    return found


def no_longer_than(spans: Mapping[int, int], share: float, unit: int = 1) -> int | str:
    """The hours (or units of so many) within which this share of the group was done."""
    wanted = ceil(sum(spans.values()) * share)
    for hours in sorted(spans):
        wanted -= spans[hours]
        if wanted <= 0:
            return ceil(hours / unit)
    return NOTHING
