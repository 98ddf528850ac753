"""Opens a workbook in a process of its own: a damaged one can end the process that reads it.

The library that reads .xlsx asks for memory for all cells up to the farthest one that a file names;
when there is not so much, it aborts. Run as a script: the bytes on stdin, the rows as JSON on
stdout. Imports nothing of ours, so that it starts fast.
"""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

MOST_ROWS = 20_000
LARGEST_UNPACKED = 100 << 20
_MOST_MEMORY = 1 << 30
_MOST_SECONDS = 60


class Unreadable(Exception):
    """The bytes are no workbook that can be opened."""


class TooLarge(Unreadable):
    """Unpacked it would be far larger than any list."""


def lines_of(content: bytes) -> list[list[str]]:
    """The cells of the first sheet as text, at most one row more than MOST_ROWS."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise Unreadable from error
    if unpacked > LARGEST_UNPACKED:
        raise TooLarge
    command = [sys.executable, "-I", str(Path(__file__))]
    try:
        read = subprocess.run(  # noqa: S603 - our own file, no shell, the bytes only on stdin
            command, input=content, capture_output=True, timeout=_MOST_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unreadable from error
    lines: list[list[str]] = json.loads(read.stdout)
    return lines


def _limit() -> None:
    """No more memory and time than a list needs; not every system can be told."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    except (ImportError, OSError, ValueError):
        return


def _text(cell: object) -> str:
    """A cell as somebody would type it: numbers without .0, moments as days."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _main() -> None:
    from python_calamine import CalamineWorkbook

    _limit()
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    json.dump([[_text(cell) for cell in row] for row in rows[: MOST_ROWS + 1]], sys.stdout)


if __name__ == "__main__":
    _main()
