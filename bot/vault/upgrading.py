"""Seals what earlier versions wrote plain, and gives it a name that tells nothing; some at a time.

First the sealed file is on disk, then the rows name it, then the plain one goes: who dies in
between goes on from there the next time, and no row ever names a file that is not there.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update

from bot.rights.actor import SYSTEM
from bot.vault.errors import Unopened
from bot.vault.locks import renaming
from bot.vault.vault import ENDING, Vault, remove
from storage.db import Database
from storage.models.attachment import Attachment
from storage.uow import UnitOfWork

ACTION = "files_sealed"
_SOME = 10
"""Files between two commits."""
_BREATH = 0.05


@dataclass
class Upgraded:
    """How many files were sealed, how many no key opens, and whether all were looked at."""

    files: int = 0
    unreadable: int = 0
    is_done: bool = True


async def seal_plain(
    db: Database, vault: Vault, now: datetime, seconds: float | None = None
) -> Upgraded:
    """Seal the files of earlier versions, for so many seconds; a backup that runs is not cut."""
    done = Upgraded()
    begun = time.monotonic()
    paths = await asyncio.to_thread(_found, vault)
    for start in range(0, len(paths), _SOME):
        if seconds is not None and time.monotonic() - begun > seconds:
            done.is_done = False
            return done
        some, is_last = paths[start : start + _SOME], start + _SOME >= len(paths)
        with renaming(vault.root) as is_free:
            if not is_free:
                done.is_done = False
                return done
            await _seal_some(db, vault, now, some, is_last, done)
        await asyncio.sleep(_BREATH)
    return done


def _found(vault: Vault) -> list[str]:
    vault.clear()
    return list(vault.plain())


async def _seal_some(
    db: Database, vault: Vault, now: datetime, some: list[str], is_last: bool, done: Upgraded
) -> None:
    sealed = await asyncio.to_thread(_sealed, vault, some)
    done.files += len(sealed)
    done.unreadable += len(some) - len(sealed)
    async with db.write() as uow:
        for old, new in sealed.items():
            await _rename(uow, old, new)
        if is_last and done.files:
            await _remember(uow, now, done.unreadable)
    async with db.read() as uow:  # one added from a row that was read just before
        left = [old for old in sealed if await _is_named(uow, old)]
    for old in sealed.keys() - set(left):
        await asyncio.to_thread(remove, vault.root, old)


def _sealed(vault: Vault, some: list[str]) -> dict[str, str]:
    """Old and new path of each file that could be opened."""
    found = {}
    for path in some:
        try:
            found[path] = vault.keep(vault.read(path))
        except Unopened:
            continue
    return found


async def _rename(uow: UnitOfWork, old: str, new: str) -> None:
    values = {"path": new, "sha256": Path(new).name.removesuffix(ENDING)}
    for is_it in _named(old):
        change = update(Attachment).where(is_it).values(values).returning(Attachment.id)
        if (await uow.session.scalars(change)).all():
            return


async def _is_named(uow: UnitOfWork, path: str) -> bool:
    for is_it in _named(path):
        if await uow.session.scalar(select(Attachment.id).where(is_it).limit(1)) is not None:
            return True
    return False


def _named(path: str) -> tuple[ColumnElement[bool], ...]:
    """The rows of a file: those with its hash, which has an index, or any."""
    same = Attachment.path == path
    return (Attachment.sha256 == Path(path).name.partition(".")[0]) & same, same


async def _remember(uow: UnitOfWork, now: datetime, unreadable: int) -> None:
    """Say in the audit log that all is sealed; in the transaction of the last ones, so once."""
    ours = Attachment.path.endswith(ENDING)
    rows = await uow.session.scalar(select(func.count(Attachment.id)).where(ours))
    detail = {"files": rows or 0, "unreadable": unreadable}
    await uow.audit.add(now, SYSTEM.kind.value, None, ACTION, detail=detail)
