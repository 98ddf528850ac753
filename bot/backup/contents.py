"""What is in a backup: a tar whose last member is the list of all others, with their hashes.

about.json                    when, of which schema, of which office
tables/people/000001.jsonl.gz rows as lines, some thousands a member, in the order of numbers
files/ab/ab12….sealed         photos and papers as they lie on disk, sealed with the kept keys
kept/key, kept/config.yaml …  keys, settings, own forms
manifest.json                 counts and SHA-256 of each table, of the files, of the rest
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from bot.backup.errors import damaged
from bot.vault.vault import ENDING

FORMAT = 2
READ = (1, FORMAT)
"""In the first format photos were plain; they are sealed when they are brought back."""

ABOUT = "about.json"
MANIFEST = "manifest.json"
TABLES, FILES, KEPT = "tables", "files", "kept"
LARGEST_TEXT = 64 << 20
"""No chunk of rows, no photo and no kept file is larger; more is taken for an attack."""

KEY, SETTINGS = "key", "config.yaml"
OWN_FOLDERS = ("templates", "learned")
"""Below the data folder: what the office made itself."""

_EXACT = ConfigDict(extra="forbid")
_Count = Annotated[int, Field(ge=0, le=1 << 53)]
_FILE = re.compile(r"[\w\-][\w\-. ]{0,200}(/[\w\-][\w\-. ]{0,200}){0,4}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class About:
    """What must be known before the rest is read."""

    __pydantic_config__ = _EXACT

    made_at: str
    revision: str
    database: str
    office: str
    format: int = FORMAT


@dataclass
class TableSum:
    """One table: its columns, how many rows, their hash, the last number that was given."""

    __pydantic_config__ = _EXACT

    name: str
    columns: list[list[str]]
    rows: _Count = 0
    sha256: str = ""
    last: _Count = 0


@dataclass
class Manifest:
    """The sum of everything.

    `missing` are files whose bytes were not there any more, `spoilt` those that did not open.
    """

    __pydantic_config__ = _EXACT

    about: About
    tables: list[TableSum] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    files_sha256: str = ""
    missing: list[str] = field(default_factory=list)
    spoilt: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the last member."""
        return asdict(self)

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(table.rows for table in self.tables)


def about_of(content: bytes) -> About:
    """The About that was written down. Raises BackupError."""
    try:
        about = _ABOUT.validate_json(content, strict=True)
        moment = datetime.fromisoformat(about.made_at)
    except ValueError:
        raise damaged("说明部分看不懂") from None
    if about.format not in READ:
        raise damaged("是另一个版本的格式，请用做备份的那个版本的程序")
    if moment.tzinfo is None:
        raise damaged("说明部分看不懂")
    return about


def manifest_of(content: bytes) -> Manifest:
    """The Manifest that was written down. Raises BackupError."""
    try:
        return _MANIFEST.validate_json(content, strict=True)
    except ValueError:
        raise damaged("清单看不懂") from None


_ABOUT = TypeAdapter(About)
_MANIFEST = TypeAdapter(Manifest)


def is_kept(path: str) -> bool:
    """Whether something of that name is kept beside rows and attachments: nothing else may be."""
    return path in (KEY, SETTINGS) or path.partition("/")[0] in OWN_FOLDERS


def is_safe(path: str) -> bool:
    """Whether a path stays below its folder and looks like one of ours."""
    return _FILE.fullmatch(path) is not None and ".." not in path


def safe_path(path: str) -> str:
    """A path that stays below its folder. Raises BackupError."""
    if not is_safe(path):
        raise damaged("里面有不该有的文件名")
    return path


def named_hash(path: str) -> str | None:
    """The hash that the name of a plain attachment promises; a sealed one bears another."""
    if path.endswith(ENDING):
        return None
    stem = path.rsplit("/", 1)[-1].split(".", 1)[0]
    return stem if _HASH.fullmatch(stem) else None
