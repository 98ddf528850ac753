"""Division codes as nested places: 15 > 1522 > 152222 > 152222103 > 152222103201.

Zeros fill a code up in pairs down to the banner and in threes below it; 152530 is a banner of its
own and not the beginning of 152531.
"""

from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

_CUTS = (2, 4, 6, 9, 12)
_WRITTEN = (6, 9, 12)
WHOLE_REGION = "15"


def prefix(code: str) -> str:
    """The significant digits of a code: 152200 and 152200000000 both yield 1522."""
    digits = code.strip()
    for start, end in reversed(list(zip((0, *_CUTS), _CUTS, strict=False))):
        if digits[start:end].strip("0"):
            return digits[:end]
    return ""


def enclosing(code: str | None) -> list[str]:
    """The prefixes of the place and of every unit around it, nearest first."""
    own = prefix(code or WHOLE_REGION)
    return [own[:cut] for cut in reversed(_CUTS) if cut <= len(own)]


def spellings(code: str) -> list[str]:
    """Every way the same unit may be written: 1522, 152200, 152200000, 152200000000."""
    short = prefix(code)
    return [short, *(short.ljust(length, "0") for length in _WRITTEN if length > len(short))]


def within(column: InstrumentedAttribute[Any], code: str) -> ColumnElement[bool]:
    """SQL for: the place lies inside the unit; a row without a place is the whole region's."""
    short = prefix(code)
    if not short.isdigit():
        return false()
    inside = column.startswith(short)
    return or_(inside, column.is_(None)) if short == WHOLE_REGION else inside
