"""How a list stands: who has applied, who is on a school's roll, who in the dropout ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.outreach.comparing import LEDGERS
from bot.rights.territory import chain

COLUMNS = tuple(LEDGERS.values())


@dataclass(frozen=True)
class Standing:
    """Numbers of one list or a part of it; `found[column][strength]` counts rows."""

    total: int
    compared: int
    found: Mapping[str, Mapping[str, int]]
    missing: int
    states: Mapping[str, int]
    places: Mapping[str, int]

    def of(self, column: str, strength: str) -> int:
        """How many rows have this result of a comparison."""
        return self.found[column].get(strength, 0)

    @property
    def undecided(self) -> bool:
        """Whether an officer has to look at something."""
        return any(self.of(column, "possible") for column in COLUMNS)


def standing(counts: Iterable[tuple[Mapping[str, Any], int]]) -> Standing:
    """Fold the counts of all combinations; `missing` are neither on a roll nor in the ledger."""
    found: dict[str, Counter[str]] = {column: Counter() for column in COLUMNS}
    states: Counter[str] = Counter()
    places: Counter[str] = Counter()
    total = compared = missing = 0
    for row, many in counts:
        total += many
        compared += many * bool(row["is_compared"])
        for column in COLUMNS:
            found[column][row[column]] += many
        missing += many * (row["enrolled"] == row["dropped"] == "none")
        states[row["state"] or "open"] += many
        places[row["region_code"]] += many
    return Standing(total, compared, found, missing, states, places)


def units_below(part: str, places: Iterable[str]) -> list[str]:
    """The units one step below a place that any of the rows lie in, and itself for the rest."""
    found: set[str] = set()
    for code in places:
        way = chain(code)
        at = way.index(part) if part in way else -1
        found.add(way[at + 1] if 0 <= at < len(way) - 1 else part)
    return sorted(found - {part})
