"""Who is responsible where: division codes as places inside places.

Asked of the division table, not of digits alone: half of the villages carry a code that does not
begin with their town's, and 152530 (正蓝旗) is not the beginning of 152531.
"""

from nlu.divisions import lookup, table

REGION = "150000"
TOP = 4
_CUTS = (2, 4, 6, 9, 12)


def canonical(code: str) -> str:
    """A code in its 6, 9 or 12 digits; 15 and 1522 are filled up, zeros beyond a level cut off."""
    digits = code.strip()
    while len(digits) > 6 and digits.endswith("000"):
        digits = digits[:-3]
    return digits.ljust(6, "0")


def chain(code: str | None) -> tuple[str, ...]:
    """The units from the whole region down to the place; no place is the whole region."""
    own = canonical(code or REGION)
    unit = lookup(own)
    if unit is not None:
        return unit.codes
    parts = [canonical(own[:cut]) for cut in _CUTS if cut <= len(own)]
    return tuple(dict.fromkeys([REGION, *parts]))


def level(code: str | None) -> int:
    """The step of the ladder: 0 嘎查, 1 苏木乡镇, 2 旗县, 3 盟市, 4 自治区."""
    unit = lookup(canonical(code or REGION))
    return TOP + 1 - (unit.level if unit else len(chain(code)))


def covers(scope: str | None, code: str | None) -> bool:
    """Whether a place lies inside a scope; nobody's scope covers nothing."""
    return scope is not None and canonical(scope) in chain(code)


def prefixes(scope: str) -> tuple[str, ...]:
    """Beginnings of codes that together are exactly the scope, for a database query."""
    own = canonical(scope)
    if len(own) > 6:
        return (own, *(c for c in table().children.get(own, ()) if not c.startswith(own)))
    return (own[: 2 * (TOP + 1 - level(own))],)


def place_name(code: str | None) -> str | None:
    """The place in words from the banner down, for a short message."""
    unit = lookup(canonical(code)) if code else None
    return "".join(unit.path[2:] or unit.path[-1:]) if unit else None
