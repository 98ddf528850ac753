"""A place as a spreadsheet names it, by code or by words, or the reason why it is not clear."""

from bot.rights.actor import Actor, ActorKind
from bot.rights.territory import canonical, covers
from bot.spreadsheets.table import BadRow
from nlu.divisions import lookup
from nlu.regions import resolve

_MOST_SHOWN = 3


def own_place(by: Actor, text: str) -> str:
    """The code of a place that the one who imports answers for. Raises BadRow."""
    code = place_code(text)
    if not reaches(by, code):
        raise BadRow(f"这个地区不归您管：{text}")
    return code


def reaches(by: Actor, code: str | None) -> bool:
    """Whether the one who imports may add and change what is there; the service itself may."""
    return by.kind is not ActorKind.OFFICER or covers(by.region, code)


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
