"""Brings a backup back: checked before, compared after, and nobody hears anything twice."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.backup.contents import FILES, KEPT, KEY, SETTINGS, Manifest
from bot.backup.errors import BackupError, damaged
from bot.backup.reading import Blob, Checked, Part, Rows, look_through, opened
from bot.backup.taking import Say
from bot.backup.target import Target, refuse_unless_empty, staging
from bot.backup.waiting import Held, hold
from bot.backup.writing import is_spoilt
from bot.config import Config
from bot.rights.actor import SYSTEM
from bot.vault.vault import Vault
from storage.db import Database
from storage.key_file import replace_keys
from storage.keys import Keyring
from storage.loading import Loading
from storage.migrate import downgrade, upgrade
from storage.portable import NotPortable, Shape, shape_of
from storage.revisions import knows
from storage.sealed import key_in
from storage.snapshot import snapshot
from storage.uow import UnitOfWork

GAP = 10_000_000
"""So many numbers are left out: those given after the backup are still in people's browsers."""

SETTINGS_NAME = "config.from-backup.yaml"


@dataclass
class Restored:
    """What was brought back, and what waits for the operator's word."""

    manifest: Manifest
    keyring: Keyring
    held: Held
    spoilt: list[str] = field(default_factory=list)


async def restore(
    config: Config, path: Path, keys: list[Any], now: datetime, say: Say, aside: bool = False
) -> Restored:
    """Fill an empty folder and an empty database from a backup. Raises BackupError.

    With `aside` a data folder that is not empty is renamed once the new one is complete.
    """
    await refuse_unless_empty(config, aside)
    say("正在从头读一遍核对……")
    checked = look_through(path, keys)
    if not knows(checked.manifest.about.revision):
        raise BackupError("这份备份是更新版本的程序做的。请先升级程序，再恢复。")
    with staging(config, path, now if aside else None) as target:
        try:
            return await _fill(target, path, keys, checked, now, say)
        except NotPortable as error:
            raise damaged(str(error)) from None
        except DBAPIError as error:
            raise BackupError(f"数据库写不进去：{error.orig}") from None
        except OSError as error:
            raise BackupError(f"写不进去：{error.strerror or error}。") from None


async def _fill(
    target: Target, path: Path, keys: list[Any], checked: Checked, now: datetime, say: Say
) -> Restored:
    manifest = checked.manifest
    shapes = {table.name: shape_of(table.name, table.columns) for table in manifest.tables}
    loading = await Loading.prepare(target.url, manifest.about.revision)
    filling = _Filling(target, loading, shapes, Vault(target.files, checked.keyring), say)
    try:
        with opened(path, keys) as parts:
            for part in parts:
                await filling.take(part)
        say("正在和备份逐行比较……")
        await _compare(target.url, manifest, shapes)
        await upgrade(target.url)
        last = {table.name: table.last for table in manifest.tables}
        await loading.count_on(last, GAP)
        held = await _settle(target.url, checked.keyring, manifest, now)
    except BaseException:
        if not target.is_embedded:  # leave it as empty as it was
            with suppress(DBAPIError, OSError):
                await downgrade(target.url, "base")
        raise
    finally:
        await loading.close()
    return Restored(manifest, checked.keyring, held, filling.spoilt)


class _Filling:
    """Takes one part after the other to where it belongs."""

    def __init__(
        self, target: Target, loading: Loading, shapes: dict[str, Shape], vault: Vault, say: Say
    ) -> None:
        self._target = target
        self._loading = loading
        self._shapes = shapes
        self._vault = vault
        self._say = say
        self._rows = self._files = 0
        self.spoilt: list[str] = []

    async def take(self, part: Part) -> None:
        """Write one part."""
        if isinstance(part, Rows):
            await self._loading.add(self._shapes[part.table], part.lines)
            self._rows += len(part.lines)
            if self._rows % 50_000 < len(part.lines):
                self._say(f"已经写入 {self._rows} 行")
        elif isinstance(part, Blob) and part.folder == FILES:
            self._bring_in(part.path, b"".join(part.pieces()))
            self._files += 1
            if self._files % 1000 == 0:
                self._say(f"已经写入照片和文件 {self._files} 个")
        elif isinstance(part, Blob) and part.folder == KEPT:
            self._keep(part)

    def _bring_in(self, path: str, file: bytes) -> None:
        """A sealed file as it is; a plain one, of an earlier version, is sealed under its name."""
        if (self._target.files / path).exists():
            raise damaged("有一个文件写了两次")
        if is_spoilt(self._vault, path, file):
            self.spoilt.append(path)
        if key_in(file) is None and file:
            file = self._vault.sealed_as(path, file)
        self._vault.put(path, file, sync=False)  # all is synced before the folder appears

    def _keep(self, part: Blob) -> None:
        if part.path == KEY:
            replace_keys(self._target.folder / KEY, self._vault.keyring.keys)
            return
        name = SETTINGS_NAME if part.path == SETTINGS else part.path
        _write(self._target.folder / name, part)


def _write(path: Path, part: Blob) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in part.pieces():
                file.write(piece)
    except FileExistsError:
        raise damaged("有一个文件写了两次") from None


async def _compare(url: str, manifest: Manifest, shapes: dict[str, Shape]) -> None:
    """Read all rows back from the database. Raises BackupError for the first difference."""
    async with snapshot(url) as now:
        for table in manifest.tables:
            hash, rows = hashlib.sha256(), 0
            async for lines in now.lines(shapes[table.name]):
                hash.update(b"".join(lines))
                rows += len(lines)
            if (rows, hash.hexdigest()) != (table.rows, table.sha256):
                raise BackupError(f"恢复出来的表 {table.name} 和备份不一样，没有恢复。")


async def _settle(url: str, keyring: Keyring, manifest: Manifest, now: datetime) -> Held:
    """What is true no more after a restore, and what must wait."""
    db = await Database.open(url, keyring)
    try:
        held = await hold(db, now)
        async with db.write() as uow:
            await _forget_processes(uow, now)
            detail = {"made_at": manifest.about.made_at, "rows": manifest.rows}
            await uow.audit.add(now, SYSTEM.kind.value, None, "restore", detail=detail)
        return held
    finally:
        await db.close()


async def _forget_processes(uow: UnitOfWork, now: datetime) -> None:
    for process in await uow.processes.seen_since(datetime.min.replace(tzinfo=now.tzinfo)):
        await uow.processes.leaves(process.name)
