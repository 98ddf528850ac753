"""Counts by place added up to the units of a report, in the order of their codes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.reports.model import Cell, Chart, Spot
from bot.reports.scope import Scope
from bot.rights.territory import REGION, chain
from nlu.divisions import lookup, table

Tally = Mapping[tuple[Any, ...], int]


def by_unit(scope: Scope, tally: Tally) -> dict[str, dict[tuple[Any, ...], int]]:
    """Unit → what else was counted by → number; the place is the first of each key."""
    units: dict[str | None, str] = {}
    found: dict[str, dict[tuple[Any, ...], int]] = {}
    for (place, *rest), many in tally.items():
        unit = units.setdefault(place, scope.unit(place))
        own = found.setdefault(unit, {})
        own[tuple(rest)] = own.get(tuple(rest), 0) + many
    return dict(sorted(found.items(), key=lambda item: item[0] or "9"))


def total(counts: Tally, wanted: Callable[..., bool] = lambda *_: True) -> int:
    """The sum of those whose key is wanted."""
    return sum(many for key, many in counts.items() if wanted(*key))


def place_tiles(
    scope: Scope, title: str, tally: Tally, rows: Callable[[str], Mapping[str, str] | None]
) -> Chart:
    """A tile for every banner of a wide place, for every smaller unit of a banner."""
    places: dict[str, int] = {}
    for (place, *_), many in tally.items():
        code = (place or "") if scope.is_wide else scope.unit(place)
        places[code] = places.get(code, 0) + many
    spots = [
        Spot(_short(code), places.get(code, 0), _league(scope, code), rows(code))
        for code in _all_places(scope)
    ]
    return Chart("tiles", title, tuple(spots))


def _all_places(scope: Scope) -> list[str]:
    """Also those with nothing to count; what lies nowhere in particular has no tile."""
    children = table().children
    if scope.region != REGION:
        return sorted(children.get(scope.region, ()))
    return sorted(code for league in children[REGION] for code in children[league])


def _league(scope: Scope, code: str) -> str:
    codes = chain(code)
    unit = lookup(codes[1]) if scope.region == REGION else None
    return unit.name if unit else ""


def _short(code: str) -> str:
    row = table().rows.get(code)
    return (row.short or row.name) if row else code


def sums(
    cells: Iterable[tuple[Cell, ...]], region: str = "", name: str = "合计"
) -> tuple[Cell, ...]:
    """The last line: every column of whole numbers added up.

    `region` is the place of the whole: there a sum opens the rows of all its columns together.
    """
    lines = list(cells)
    if not lines:
        return ()
    added: list[Cell] = [Cell(name)]
    for column in range(1, len(lines[0])):
        values = [line[column].value for line in lines]
        whole = [value for value in values if isinstance(value, int)]
        rows = _together([line[column] for line in lines], region)
        added.append(Cell(sum(whole), rows) if len(whole) == len(values) else Cell(""))
    return tuple(added)


def _together(cells: Iterable[Cell], region: str) -> dict[str, str] | None:
    """The filters that all cells have in common, in the whole place."""
    behind = [cell.rows for cell in cells if cell.rows]
    if not behind or not region:
        return None
    shared = {k: v for k, v in behind[0].items() if all(rows.get(k) == v for rows in behind)}
    return {**shared, "region": region}
