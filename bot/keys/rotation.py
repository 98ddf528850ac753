"""A new key for all values and files while the service runs, so that no process is ever shut out.

First every process can read with the new key, then it is put in front and every process writes
with it, then what is there is sealed again. Killed anywhere, it goes on from there the next time.
See docs/decisions/0018.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.errors import Refused
from bot.rights.actor import SYSTEM
from bot.service.presence import SILENT
from bot.vault.resealing import Resealed, is_any_file_old, seal_files_again
from bot.vault.upgrading import seal_plain
from bot.vault.vault import Vault, by_key
from storage.db import Database
from storage.key_file import KEY_BYTES, parse_keys, replace_keys, written
from storage.keys import Keyring, key_id
from storage.models.audit import AuditEntry
from storage.models.process import Process
from storage.rekeying import is_any_old, seal_again, values_by_key

ROTATED, DROPPED = "keys_rotated", "key_dropped"
PATIENCE = 180.0
"""Seconds to wait until all processes have noticed a change; they look every few seconds."""

_LOOK = 0.5
_NEXT = re.compile(r"^# next ([0-9a-f]{8})$", re.MULTILINE)
_PASSES = 50
Say = Callable[[str], None]


@dataclass(frozen=True)
class Rotated:
    """How many values and files were sealed again with which key, and which no key opens."""

    key_id: str
    values: int
    unreadable: tuple[tuple[str, int], ...]
    files: int = 0
    unreadable_files: tuple[str, ...] = ()


async def rotate(
    db: Database,
    vault: Vault,
    now: Callable[[], datetime],
    say: Say,
    patience: float = PATIENCE,
) -> Rotated:
    """Bring a new key in, or finish what an earlier call began. Raises Refused."""
    ring = db.keyring
    if ring.source is None:
        if await _waiting_key(db, ring) or not await _is_unfinished(db, vault):
            raise Refused(await _what_to_set(db, now()))
    elif coming(ring.source) or not await _is_unfinished(db, vault):
        await _bring_in(db, ring.source, now, say, patience)
    current = ring.current
    await _until_all(db, now, patience, lambda process: process.key_ids[:1] == [current])
    return await _finish(db, vault, now(), say)


def coming(path: Path) -> str | None:
    """The id of a key that every process is to read and none to write with yet."""
    found = _NEXT.search(path.read_text("utf-8"))
    return found[1] if found else None


def _keys_in(path: Path) -> list[bytes]:
    return parse_keys(path.read_text("utf-8"))


async def drop(db: Database, vault: Vault, id: str, now: datetime) -> str:
    """Take a key that nothing uses out of the ring; what remains to be done. Raises Refused."""
    ring = db.keyring
    if id not in ring.ids:
        raise Refused(f"密钥里没有 {id}。")
    if id == ring.current:
        raise Refused("这把密钥正在用，不能去掉。")
    if id == key_id(ring.keys[-1]):
        raise Refused("这把最早的密钥还用来按电话、证件号查找，去掉就查不到了，所以不能去掉。")
    if count := (await values_by_key(db))[id]:
        raise Refused(f"还有 {count} 个内容用着这把密钥。先运行 python -m bot keys rotate。")
    if files := (await asyncio.to_thread(by_key, vault))[id]:
        raise Refused(
            f"还有 {files} 个照片和文件用着这把密钥。先运行 python -m bot keys rotate；"
            "有坏了的文件它会说，请从备份里放回来，或者删掉。"
        )
    kept = [key for key in ring.keys if key_id(key) != id]
    if ring.source is None:
        return f"请把 YULU_KEY 改成：{_words(kept)}，再一个一个重启。"
    if coming(ring.source):
        raise Refused("密钥正在更换，请先让 python -m bot keys rotate 做完。")
    replace_keys(ring.source, kept)
    async with db.write() as uow:
        await uow.audit.add(now, SYSTEM.kind.value, None, DROPPED, detail={"key": id})
    return "已经去掉。以前的备份里带着它，照样能恢复。"


async def _bring_in(
    db: Database, path: Path, now: Callable[[], datetime], say: Say, patience: float
) -> None:
    """Two steps: known to all, then in front."""
    id = coming(path)
    if id is None:
        first, *rest = _keys_in(path)
        fresh = secrets.token_bytes(KEY_BYTES)
        id = key_id(fresh)
        # The last key yields the look-up hash, so a single one stands there once more.
        replace_keys(path, [first, fresh, *(rest or [first])], f"next {id}")
        say(f"新密钥 {id} 已经写进 {path}，等所有进程认出它……")
    await _until_all(db, now, patience, lambda process: id in process.key_ids)
    keys = _keys_in(path)
    replace_keys(path, in_front(keys, id))
    db.keyring.refresh()
    say("从现在起用新密钥写，等所有进程换过来……")


def in_front(keys: Sequence[bytes], id: str) -> list[bytes]:
    """The key with this id first, the others as they were, each once, the last one last."""
    ids = [key_id(key) for key in keys]
    chosen, last = keys[ids.index(id)], keys[-1]
    between = [key for key in dict.fromkeys(keys) if key not in (chosen, last)]
    return [chosen, *between, last]


async def _until_all(
    db: Database, now: Callable[[], datetime], patience: float, is_ready: Callable[[Process], bool]
) -> None:
    """Wait until every process that runs has said so. Raises Refused when one does not."""
    waited = 0.0
    while late := [each for each in await _running(db, now()) if not is_ready(each)]:
        if waited >= patience:
            names = "、".join(each.name for each in late)
            raise Refused(
                f"这些进程还没有认出新密钥：{names}。密钥文件在别的机器上各有一份的，请把 "
                f"{db.keyring.source or 'YULU_KEY'} 也放到那里；然后再运行一次这条命令，会接着做。"
            )
        await asyncio.sleep(_LOOK)
        waited += _LOOK


async def _running(db: Database, now: datetime) -> list[Process]:
    async with db.read() as uow:
        return await uow.processes.seen_since(now - SILENT)


async def _finish(db: Database, vault: Vault, now: datetime, say: Say) -> Rotated:
    values, unreadable = await _values_again(db, say)
    files = await _files_again(db, vault, now, say)
    detail = {
        "key": db.keyring.current,
        "values": values,
        "files": files.files,
        "unreadable": len(unreadable) + len(files.unreadable),
    }
    async with db.write() as uow:
        await uow.audit.add(now, SYSTEM.kind.value, None, ROTATED, detail=detail)
    lost = tuple(sorted(unreadable))
    return Rotated(db.keyring.current, values, lost, files.files, files.unreadable)


async def _files_again(db: Database, vault: Vault, now: datetime, say: Say) -> Resealed:
    """The plain ones of earlier versions too. By now every process writes with the new key."""
    plain = await seal_plain(db, vault, now)
    if not plain.is_done:
        say("! 正在做备份，以前没有加密的照片等备份做完以后自动加密。")
    done = await asyncio.to_thread(
        seal_files_again, vault, lambda count: say(f"  照片和文件：{count} 个")
    )
    return Resealed(plain.files + done.files, done.unreadable)


async def _values_again(db: Database, say: Say) -> tuple[int, set[tuple[str, int]]]:
    """Seal everything again, as often as somebody held on to something meanwhile."""
    values, unreadable = 0, set[tuple[str, int]]()
    for _ in range(_PASSES):
        done = await seal_again(db, lambda name, count: say(f"  {name}：{count} 个"))
        values += done.values
        unreadable = done.unreadable
        if not done.values and not await _is_left(db, len(unreadable)):
            break
        await asyncio.sleep(_LOOK if done.values == 0 else 0)
    else:
        raise Refused("有的内容一直被别人占着，没有换完。过一会儿再运行一次，会接着做。")
    return values, unreadable


async def _is_left(db: Database, unreadable: int) -> bool:
    """Whether anything that can be read is still under an old key."""
    if not unreadable:
        return await is_any_old(db)
    counts = await values_by_key(db)
    return counts.total() - counts[db.keyring.current] > unreadable


async def _is_unfinished(db: Database, vault: Vault) -> bool:
    """Whether the newest key was put in front and not everything is done."""
    ring = db.keyring
    if len(ring.ids) == 1:
        return False
    if await is_any_old(db) or ring.current not in await _rotated_to(db):
        return True
    return await asyncio.to_thread(is_any_file_old, vault)


async def _rotated_to(db: Database) -> set[str]:
    """The keys to which a rotation once led."""
    async with db.read() as uow:
        query = select(AuditEntry.detail).where(AuditEntry.action == ROTATED)
        return {str((detail or {}).get("key")) for detail in await uow.session.scalars(query)}


async def _what_to_set(db: Database, now: datetime) -> str:
    """The next thing to do by hand when the keys are in the environment."""
    ring = db.keyring
    first, *rest = ring.keys
    waiting = await _waiting_key(db, ring)
    if waiting is None:
        fresh = secrets.token_bytes(KEY_BYTES)
        keys = [first, fresh, *(rest or [first])]
        return (
            "密钥在环境变量 YULU_KEY 里，要您来改，分三步：\n"
            f"1. 每台机器都把 YULU_KEY 改成：{_words(keys)}\n"
            "   再把服务一个一个重启。这时新密钥只用来读。\n"
            "2. 全部重启以后，用新的 YULU_KEY 再运行 python -m bot keys rotate，会告诉您下一步。"
        )
    late = [each.name for each in await _running(db, now) if waiting not in each.key_ids]
    if late:
        return f"这些进程还没有用第一步的 YULU_KEY 重启：{'、'.join(late)}。重启以后再运行一次。"
    keys = in_front(ring.keys, waiting)
    return (
        f"2. 每台机器都把 YULU_KEY 改成：{_words(keys)}\n   再把服务一个一个重启。\n"
        "3. 全部重启以后，用这个 YULU_KEY 再运行一次 python -m bot keys rotate，"
        "把以前的内容换成新密钥。"
    )


async def _waiting_key(db: Database, ring: Keyring) -> str | None:
    """The id of a second key that never wrote anything: the first step was done."""
    if len(ring.keys) < 3:
        return None
    id = key_id(ring.keys[1])
    used = (await values_by_key(db))[id] or id in await _rotated_to(db)
    return None if used or id == ring.current else id


def _words(keys: Sequence[bytes]) -> str:
    return ",".join(map(written, keys))
