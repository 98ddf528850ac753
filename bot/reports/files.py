"""A report or a ledger as a file of one of two kinds."""

from collections.abc import Sequence
from enum import StrEnum

from bot.errors import Refused
from bot.reports.made import Made
from bot.reports.model import Table


class Format(StrEnum):
    """The kinds of files, by their ending."""

    XLSX = "xlsx"
    DOCX = "docx"


MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def format_of(suffix: str) -> Format:
    """The kind that an ending means. Raises Refused."""
    ending = suffix.removeprefix(".").lower()
    if ending not in list(Format):
        raise Refused("文件名要以 .xlsx 或 .docx 结尾。")
    return Format(ending)


def written(format: Format, tables: Sequence[Table], made: Made) -> bytes:
    """The content of the file. Raises Refused when it would be too long to print."""
    if format is Format.DOCX:  # each writer is slow to import and not often needed
        from bot.reports.document import document

        return document(tables, made)
    from bot.reports.workbook import workbook

    return workbook(tables, made)
