"""The division table of Inner Mongolia: every league, banner, town and village with its code.

Read once from nlu/data/regions.tsv.gz, whose header names sources, dates and licences.
"""

import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nlu.lexicon import DATA
from nlu.normalize import simplified

_TABLE = Path(__file__).parent / "data" / "regions.tsv.gz"
_LEVELS = {"region": 1, "league": 2, "county": 3, "zone": 3, "town": 4, "farm": 4, "old": 4}
VILLAGE = 5


@dataclass(frozen=True)
class Region:
    """One unit; `path` and `codes` run from 内蒙古自治区 down to the unit itself.

    A village's code need not begin with the code of its town, so use `codes` to ask whether it
    lies within another unit. `level` is 1 region, 2 league, 3 banner, 4 town, 5 village.
    """

    code: str
    name: str
    level: int
    path: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    parent: str
    name: str
    short: str
    level: int
    sound: str


@dataclass
class Table:
    """The rows by code, and the indexes that finding needs (each to codes)."""

    rows: dict[str, Row] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    town_shorts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    village_shorts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    district_shorts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 0
    reach: dict[str, int] = field(default_factory=dict)  # two characters: how long such names are

    def add(self, code: str, row: Row, name: str, short: str) -> None:
        """Index one row, by its names as a text has them once it is cleaned: 奇乾乡 as 奇干乡."""
        self.rows[code] = row
        self.children[row.parent].append(code)
        if row.level == VILLAGE:
            self.village_shorts[short].append(code)
            return
        self.names[name].append(code)
        if row.level == 3 and name.endswith("区") and len(short) > 1:
            self.district_shorts[short].append(code)
        if row.level == 4 and short != name and len(short) > 1:
            self.town_shorts[short].append(code)

    def codes(self, code: str) -> tuple[str, ...]:
        """The codes from the top down to `code`."""
        found: list[str] = []
        while code in self.rows:
            found.append(code)
            code = self.rows[code].parent
        return tuple(reversed(found))


@lru_cache(maxsize=1)
def table() -> Table:
    """The table, read on first use."""
    result = Table()
    text = gzip.decompress(_TABLE.read_bytes()).decode()
    for line, cleaned in zip(text.splitlines(), simplified(text).splitlines(), strict=True):
        if not line.startswith("#"):
            code, parent, name, short, kind, sound = line.split("\t")
            level = VILLAGE if kind == "village" else _LEVELS[kind]
            result.add(code, Row(parent, name, short, level, sound), *cleaned.split("\t")[2:4])
    for line in (DATA / "region_aliases.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            alias, code = line.split("\t")
            if code not in result.names[alias]:
                result.names[alias].append(code)
    result.longest = max(map(len, [*result.names, *result.town_shorts]))
    result.reach = _reach(result)
    return result


def _reach(known: Table) -> dict[str, int]:
    """How long the longest name is that begins so: most places of a text begin none."""
    reach: dict[str, int] = {}
    indexes = (known.names, known.town_shorts, known.village_shorts, known.district_shorts)
    for index in indexes:
        for name in index:
            reach[name[:2]] = max(reach.get(name[:2], 0), len(name))
    return reach


@lru_cache(maxsize=4096)
def lookup(code: str) -> Region | None:
    """The unit with this code (6, 9 or 12 digits), or None."""
    known = table()
    row = known.rows.get(code)
    if row is None:
        return None
    codes = known.codes(code)
    return Region(code, row.name, row.level, tuple(known.rows[c].name for c in codes), codes)


def near(code: str) -> tuple[Region, ...]:
    """Where else to look: the unit, its siblings, then each parent with its siblings."""
    found: dict[str, Region] = {}
    known = table()
    for own in reversed(known.codes(code)[1:]):
        siblings = known.children[known.rows[own].parent]
        for other in (own, *siblings):
            region = lookup(other)
            if region is not None:
                found.setdefault(other, region)
    return tuple(found.values())
