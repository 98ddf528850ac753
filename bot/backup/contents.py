"""What is in a backup: a tar whose last member is the list of all others, with their hashes.

about.json                    when, of which schema, of which office
tables/people/000001.jsonl.gz rows as lines, some thousands a member, in the order of numbers
files/ab/ab12….jpg            photos and papers, named by their hash
kept/key, kept/config.yaml …  keys, settings, own forms
manifest.json                 counts and SHA-256 of each table, of the files, of the rest
"""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.backup.errors import damaged

FORMAT = 1
ABOUT = "about.json"
MANIFEST = "manifest.json"
TABLES, FILES, KEPT = "tables", "files", "kept"
LARGEST_TEXT = 64 << 20
"""No chunk of rows and no kept file is larger; more is taken for an attack, not for a backup."""

_FILE = re.compile(r"[\w\-][\w\-. ]{0,200}(/[\w\-][\w\-. ]{0,200}){0,4}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class About:
    """What must be known before the rest is read."""

    made_at: str
    revision: str
    database: str
    office: str
    format: int = FORMAT


@dataclass
class TableSum:
    """One table: its columns, how many rows, their hash, the last number that was given."""

    name: str
    columns: list[list[str]]
    rows: int = 0
    sha256: str = ""
    last: int = 0


@dataclass
class Manifest:
    """The sum of everything; `missing` are files whose bytes were not there any more."""

    about: About
    tables: list[TableSum] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    files_sha256: str = ""
    missing: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the last member."""
        return asdict(self)

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(table.rows for table in self.tables)


def about_of(document: Any) -> About:
    """The About that was written down. Raises BackupError."""
    try:
        about = About(**document)
    except TypeError:
        raise damaged("说明部分看不懂") from None
    if about.format != FORMAT:
        raise damaged("是另一个版本的格式，请用做备份的那个版本的程序")
    return about


def manifest_of(document: Any) -> Manifest:
    """The Manifest that was written down. Raises BackupError."""
    try:
        tables = [TableSum(**each) for each in document.pop("tables")]
        return Manifest(about_of(document.pop("about")), tables, **document)
    except (TypeError, KeyError, AttributeError):
        raise damaged("清单看不懂") from None


def is_safe(path: str) -> bool:
    """Whether a path stays below its folder and looks like one of ours."""
    return _FILE.fullmatch(path) is not None and ".." not in path


def safe_path(path: str) -> str:
    """A path that stays below its folder. Raises BackupError."""
    if not is_safe(path):
        raise damaged("里面有不该有的文件名")
    return path


def named_hash(path: str) -> str | None:
    """The hash that the name of an attachment promises."""
    stem = path.rsplit("/", 1)[-1].split(".", 1)[0]
    return stem if _HASH.fullmatch(stem) else None
