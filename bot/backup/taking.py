"""Makes a backup while the service runs: one moment of the database, the files of that moment."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from bot.backup.contents import KEY, OWN_FOLDERS, SETTINGS, About, Manifest, is_safe
from bot.backup.errors import BackupError
from bot.backup.reading import check
from bot.backup.seal import Lock, is_backup, lock_own, sealing
from bot.backup.writing import Writer
from bot.config import Config
from bot.rights.actor import SYSTEM
from bot.vault.locks import copying
from bot.vault.vault import Vault
from storage.db import Database
from storage.key_file import written
from storage.keys import Keyring
from storage.snapshot import Snapshot, snapshot

ACTION = "backup"
DRAFT = ".yulu-draft-"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Taken:
    """A finished backup."""

    path: Path
    size: int
    manifest: Manifest


async def take(
    config: Config,
    keyring: Keyring,
    target: Path,
    lock: Lock,
    now: datetime,
    say: Say,
    settings_file: Path,
) -> Taken:
    """Write a backup and read it back; nothing is left at `target` unless all of it is good."""
    head, recipients, own = lock_own(lock)
    with _appearing(target) as (out, draft):
        out.write(head)
        out.flush()
        with sealing(out, recipients) as inlet:
            manifest = await _write(config, keyring, inlet, now, say, settings_file)
        out.flush()
        os.fsync(out.fileno())
        say("写完了，正在从头读一遍核对……")
        check(draft, [own])
        size = os.fstat(out.fileno()).st_size
    return Taken(target, size, manifest)


@contextmanager
def _appearing(target: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file that is at `target` once all went well; before that, and otherwise, nowhere."""
    draft = None
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_left_drafts(target.parent)
        handle, name = tempfile.mkstemp(prefix=DRAFT, dir=target.parent)  # mode 0600
        draft = Path(name)
        with os.fdopen(handle, "wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            yield out, draft
        draft.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise BackupError(f"备份写不进去：{error.strerror or error}。") from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _remove_left_drafts(folder: Path) -> None:
    """Drafts of backups that were killed; one that is being written is locked."""
    for path in folder.glob(f"{DRAFT}*"):
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


async def remember(db: Database, taken: Taken, now: datetime) -> None:
    """Write into the audit log that there is a backup, and which."""
    detail = {"file": taken.path.name, "bytes": taken.size, "rows": taken.manifest.rows}
    async with db.write() as uow:
        await uow.audit.add(now, SYSTEM.kind.value, None, ACTION, detail=detail)


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of a folder; no other file is touched."""
    ours = [path for path in folder.iterdir() if path.is_file() and is_backup(path)]
    ours = [path for path in ours if not path.name.startswith(".")]
    ours.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in ours[keep:]:
        path.unlink()
    return ours[keep:]


async def _write(
    config: Config,
    keyring: Keyring,
    out: IO[bytes],
    now: datetime,
    say: Say,
    settings_file: Path,
) -> Manifest:
    vault, before = Vault(config.files_dir, keyring), keyring.keys
    with copying(vault.root), tempfile.TemporaryFile("w+", encoding="utf-8") as paths:
        async with snapshot(config.database_url) as moment:
            about = About(now.isoformat(), moment.revision, moment.dialect, config.office.name)
            writer = Writer(out, about)
            await _write_tables(moment, writer, say)
            async for some in moment.kept_files():
                paths.writelines(f"{path}\n" for path in some)
        # The moment is over: what reads photos for an hour must not hold up the clean-up so long.
        paths.seek(0)
        _write_files(vault, paths, writer, say)
    keyring.refresh()
    _write_own(config, all_keys(before, keyring.keys), writer, settings_file)
    return writer.finish()


def all_keys(before: Sequence[bytes], after: Sequence[bytes]) -> list[bytes]:
    """The keys of rows and files: one may have come, another gone while photos were read."""
    *newer, last = after
    return [*newer, *(key for key in before if key not in after), last]


def _write_own(config: Config, keys: list[bytes], writer: Writer, settings_file: Path) -> None:
    """The keys, the settings and what the office made itself."""
    writer.keep(KEY, "\n".join([*map(written, keys), ""]).encode())
    if settings_file.is_file():
        writer.keep(SETTINGS, settings_file.read_bytes())
    for folder in OWN_FOLDERS:
        for path in sorted((config.data_dir / folder).rglob("*")):
            name = path.relative_to(config.data_dir).as_posix()
            if path.is_file() and is_safe(name):
                writer.keep(name, path.read_bytes())


async def _write_tables(moment: Snapshot, writer: Writer, say: Say) -> None:
    for number, shape in enumerate(moment.shapes, start=1):
        table = writer.begin_table(shape)
        async for lines in moment.lines(shape):
            table.add(lines)
        table.finish(await moment.last_number(shape))
        if number % 10 == 0 or number == len(moment.shapes):
            say(f"数据表 {number}/{len(moment.shapes)}，共 {writer.manifest.rows} 行")


def _write_files(vault: Vault, paths: IO[str], writer: Writer, say: Say) -> None:
    for path in paths:
        writer.add_file(vault, path.rstrip("\n"))
        if writer.manifest.files % 1000 == 999:
            say(f"照片和文件 {writer.manifest.files + 1} 个")
    say(f"照片和文件 {writer.manifest.files} 个，{writer.manifest.bytes >> 20} MB")


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
