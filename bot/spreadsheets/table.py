"""Rows of a spreadsheet by column, and what became of each: good ones go in, bad ones are named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

_TRUE_DAY = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")


_YEARS = range(1900, 2200)
"""A slip of the hand such as year 206 would break what is reckoned from it."""


class BadRow(Exception):
    """A row that cannot go in; `reason` is a Chinese sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadFile(Exception):
    """A file that cannot be read at all; `reason` is a Chinese sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Problem:
    """A bad row by its number in the sheet (the header is row 1)."""

    row: int
    reason: str


@dataclass
class Report:
    """What an import did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One line: its number and its cells by column, all text."""

    number: int
    cells: Mapping[str, str]

    def text(self, column: str, longest: int = 400) -> str:
        """The cell without blanks around it, "" when empty or missing."""
        value = self.cells.get(column, "").strip()
        if len(value) > longest:
            raise BadRow(f"“{column}”太长，最多{longest}个字")
        return value

    def required(self, column: str, name: str, longest: int = 400) -> str:
        """The cell, which must not be empty."""
        value = self.text(column, longest)
        if not value:
            raise BadRow(f"没有填“{name}”")
        return value

    def day(self, column: str, name: str) -> date | None:
        """The cell as a day; None when empty."""
        value = self.text(column).split(" ")[0].split("T")[0]
        if not value:
            return None
        for form in _TRUE_DAY:
            try:
                found = datetime.strptime(value, form).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
            if found.year in _YEARS:
                return found
        raise BadRow(f"“{name}”不是日期：{value}（写成 2026-11-25 这样）")

    def number_of(self, column: str, name: str) -> int | None:
        """The cell as a whole number that is not negative; None when empty."""
        value = self.text(column).removesuffix(".0")
        if not value:
            return None
        if not value.isdecimal() or int(value) > 100_000:
            raise BadRow(f"“{name}”不是数字：{value}")
        return int(value)
