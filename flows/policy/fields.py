"""Values of policy data that are more than a text: patterns, days of every year."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        matches_nothing = re.compile(value).search("") is not None
    except re.error as error:
        raise ValueError(str(error)) from error
    if matches_nothing:
        raise ValueError("什么都没写也能对上")
    return value


def _month_day(value: str) -> str:
    """A day that every year has."""
    if re.fullmatch(r"\d\d-\d\d", value) is None:
        raise ValueError("要写成 09-01 这样")
    date.fromisoformat(f"2026-{value}")
    return value


Several = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One text or a list of them."""

Pattern = Annotated[str, AfterValidator(_pattern)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
