"""The database: does it answer, does the key fit, is it whole, is there a fresh backup?"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from bot.backup.taking import ACTION as BACKUP
from bot.clock import spoken
from bot.doctor.finding import Finding, fault, watch, well
from bot.watch.limits import BACKUP_OLD
from storage.db import Database
from storage.keys import Keyring
from storage.models.audit import AuditEntry
from storage.rekeying import values_by_key
from storage.revisions import knows, newest
from storage.uow import UnitOfWork

LARGE_WAL = 256 << 20
OLDEST_POSTGRES = 130_000
TOO_OLD = timedelta(days=7)
APART, FAR_APART = timedelta(seconds=5), timedelta(seconds=60)


async def schema(db: Database) -> Finding:
    """Whether the tables are those that this program expects."""
    async with db.read() as uow:
        revision = await uow.figures.revision()
    if revision == newest():
        return well("数据库结构", f"最新（{revision}）")
    if revision is None or not knows(revision):
        return fault("数据库结构", "比程序新", "请升级程序。")
    return fault("数据库结构", f"是旧的（{revision}）", "先做备份，再运行 python -m bot migrate。")


async def whole(db: Database) -> AsyncIterator[Finding]:
    """Whether the database itself says that it is whole."""
    if db.file is not None:
        yield await asyncio.to_thread(_sqlite, db.file)
        yield _wal(db.file)
        return
    async with db.read() as uow:
        yield await _postgres(uow)


def _sqlite(path: Path) -> Finding:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            [first, *_] = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
            astray = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            first, astray = str(error), None
    if first != "ok":
        return fault("数据库内容", f"坏了：{first[:80]}", "停下服务，用最近的备份恢复到新目录。")
    if astray is not None:
        return fault("数据库内容", f"表 {astray[0]} 里有指空的行", "把这句话发给开发人员。")
    return well("数据库内容", "检查过，完整")


def _wal(path: Path) -> Finding:
    wal = path.with_name(f"{path.name}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > LARGE_WAL:
        do = "有程序长时间占着数据库没放。看看有没有没结束的备份或导出；重启服务会收回。"
        return watch("写前日志", f"{size >> 20} MB，太大", do)
    return well("写前日志", f"{size >> 20} MB")


async def _postgres(uow: UnitOfWork) -> Finding:
    async def shown(name: str) -> str:
        return str(await uow.session.scalar(text(f"SHOW {name}")))

    number, said = int(await shown("server_version_num")), await shown("server_version")
    if number < OLDEST_POSTGRES:
        return fault("PostgreSQL", f"版本是 {said}", "请升级到 13 或更新。")
    off = [
        n for n in ("fsync", "full_page_writes", "synchronous_commit") if await shown(n) == "off"
    ]
    if off:
        do = f"在 postgresql.conf 里打开 {'、'.join(off)}：不然断电会丢已经答复的消息。"
        return fault("PostgreSQL", f"{said}，没有等数据落盘", do)
    used = await uow.session.scalar(text("SELECT count(*) FROM pg_stat_activity")) or 0
    most = int(await shown("max_connections"))
    if used * 10 > most * 8:
        do = "调大 max_connections，或者少开几个进程。"
        return watch("PostgreSQL", f"{said}，连接用了 {used}/{most}", do)
    return well("PostgreSQL", said)


async def same_time(db: Database, now: datetime) -> Finding:
    """Whether our clock agrees with that of the database, or at least did not go back."""
    async with db.read() as uow:
        if db.file is None:
            there = await uow.session.scalar(select(func.clock_timestamp()))
            apart = abs(now - there) if there else timedelta(0)
            said = f"和数据库的钟差 {apart.total_seconds():.0f} 秒"
        else:
            last = await uow.session.scalar(
                select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1)
            )
            apart = max(last - now, timedelta(0)) if last else timedelta(0)
            said = f"比最后一条记录早 {apart.total_seconds():.0f} 秒，钟被拨回去过"
    if apart > FAR_APART:
        return fault("对时", said, "把电脑时间调准，打开自动对时，再重启服务。")
    return watch("对时", said, "打开自动对时。") if apart > APART else well("对时", "一致")


async def keys_fit(db: Database) -> Finding:
    """Whether every value can be opened with the keys at hand."""
    counts, ring = await values_by_key(db), db.keyring
    if lost := {id: count for id, count in counts.items() if id not in ring.ids}:
        said = f"有 {sum(lost.values())} 个内容缺少密钥 {'、'.join(lost)}，打不开"
        return fault("密钥和内容", said, "把缺的那把加到密钥文件里（放在第二行）。")
    old = counts.total() - counts[ring.current]
    if old:
        do = "运行 python -m bot keys rotate 做完。"
        return watch("密钥和内容", f"还有 {old} 个内容用着旧密钥", do)
    return well("密钥和内容", f"{counts.total()} 个内容都能打开")


async def last_backup(db: Database, now: datetime) -> Finding:
    """When the last backup was made."""
    async with db.read() as uow:
        newest_one = select(func.max(AuditEntry.id)).where(AuditEntry.action == BACKUP)
        query = select(AuditEntry).where(AuditEntry.id == newest_one.scalar_subquery())
        entry = await uow.session.scalar(query)
        records = await uow.session.scalar(select(AuditEntry.id).limit(1))
    do = "运行 python -m bot backup -o 目录/，每天一次；备份要放到别的机器上。"
    if entry is None:
        return watch("备份", "还没有做过", do) if records else well("备份", "还没有数据")
    said = f"最近一次是 {spoken(entry.at)}，{(entry.detail or {}).get('file', '')}"
    if now - entry.at > TOO_OLD:
        return fault("备份", said, do)
    return watch("备份", said, do) if now - entry.at > BACKUP_OLD else well("备份", said)


def ring_of(config_key: str, path: Path) -> Keyring:
    """The keys, without making a file where there is none. Raises what is wrong with them."""
    if not config_key and not path.is_file():
        raise FileNotFoundError(path)
    return Keyring.load(config_key or None, path)
