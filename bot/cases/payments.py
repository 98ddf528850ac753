"""Which payments of an application still stand: one noted by mistake is taken back by a line.

Lines are only ever added; the one that takes back has the same day and purpose and the sum below
nothing, so that sums over all lines are right.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.models.recognition import Payment


@dataclass(frozen=True)
class Noted:
    """One payment as it was noted, and whether that was taken back."""

    row: Payment
    taken_back: bool


def noted(rows: Iterable[Payment]) -> list[Noted]:
    """All payments in the order of the lines."""
    lines = list(rows)
    back = [_key(row) for row in lines if row.fen < 0]
    found = []
    for row in lines:
        if row.fen < 0:
            continue
        taken_back = _key(row) in back
        if taken_back:
            back.remove(_key(row))
        found.append(Noted(row, taken_back))
    return found


def standing(rows: Iterable[Payment]) -> list[Payment]:
    """Those that were not taken back."""
    return [one.row for one in noted(rows) if not one.taken_back]


def _key(row: Payment) -> tuple[object, ...]:
    return row.paid_on, abs(row.fen), row.programme, row.period
