"""A place as a spreadsheet names it, by code or by words, or the reason why it is not clear."""

from bot.spreadsheets.table import BadRow
from bot.territory import canonical
from nlu.divisions import lookup
from nlu.regions import resolve

_MOST_SHOWN = 3


def place_code(text: str) -> str:
    """The division code. Raises BadRow when the place is unknown or several fit."""
    if text.isdecimal():
        unit = lookup(canonical(text))
        if unit is None:
            raise BadRow(f"没有区划代码 {text}")
        return unit.code
    found = resolve(text)
    if not found:
        raise BadRow(f"没有找到地区“{text}”")
    if len(found) > 1:
        names = "、".join("".join(unit.path[1:]) for unit in found[:_MOST_SHOWN])
        raise BadRow(f"地区“{text}”不止一个，请写全：{names}")
    return found[0].code
