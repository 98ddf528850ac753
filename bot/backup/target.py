"""Where a backup is restored to: a folder that appears once all is good, and an empty database."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.backup.errors import BackupError
from bot.config import Config
from storage.loading import is_empty

_SPARE = 2
_SMALLEST = 16 << 20  # an empty database, its log, a key


@dataclass(frozen=True)
class Target:
    """`folder` will be the data folder; `url` is the database to fill, `is_embedded` if inside."""

    folder: Path
    url: str
    is_embedded: bool

    @property
    def files(self) -> Path:
        """Where the attachments go."""
        return self.folder / "files"


async def refuse_unless_empty(config: Config, aside: bool = False) -> None:
    """Raises BackupError when a restore would mix with, or lose, what is there."""
    if config.database.url.get_secret_value() and not await is_empty(config.database_url):
        raise BackupError(
            "DATABASE_URL 指的数据库里已经有表了。请新建一个空的数据库，再把 DATABASE_URL 改成它；"
            "这条命令不会清空 PostgreSQL。"
        )
    if has_content(config.data_dir) and not aside:
        raise BackupError(
            f"数据目录 {config.data_dir} 不是空的。请换一个新目录（--data 新目录）；"
            "确定要在原处恢复，就先停下服务，再加 --set-aside：原来的会改名留着，不会删。"
        )


def has_content(folder: Path) -> bool:
    """Whether there is anything in a folder."""
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def set_aside(folder: Path, now: datetime) -> None:
    """Rename a folder that is in the way; nothing is removed."""
    if has_content(folder):
        folder.rename(folder.with_name(f"{folder.name}.before-{now:%Y%m%d-%H%M%S}"))


@contextmanager
def staging(config: Config, backup: Path, aside: datetime | None = None) -> Iterator[Target]:
    """A target that becomes the data folder on normal exit and vanishes otherwise.

    With `aside` what lies in its place is renamed then, and bears that moment in its name.
    """
    folder = config.data_dir.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    wanted = backup.stat().st_size * _SPARE + _SMALLEST
    if shutil.disk_usage(folder.parent).free < wanted:
        raise BackupError(f"磁盘地方不够：至少要空出 {wanted >> 20} MB。")
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mode 0700
    outside = config.database.url.get_secret_value()
    url = outside or f"sqlite:///{stage / 'yulu.db'}"
    try:
        yield Target(stage, url, is_embedded=not outside)
        os.sync()
        if aside is not None:
            set_aside(folder, aside)
        if folder.exists():
            folder.rmdir()  # it is empty, or this fails
        stage.rename(folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
