"""Everything the doctor looks at, in the order in which a fault would cause the next."""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.clock import local_day
from bot.config import Config
from bot.doctor import contents, machine, outside, records, work
from bot.doctor.finding import Finding, Level, fault, watch
from bot.doctor.papers import papers_open
from bot.vault.vault import Vault
from storage.db import Database
from storage.errors import BadKey, KeyProblem, NotMigrated

_TROUBLE = (KeyProblem, NotMigrated, DBAPIError, OSError, ValueError, ArgumentError)
"""What opening a database may raise."""


async def examine(config: Config, now: datetime) -> AsyncIterator[Finding]:
    """Look at everything; what cannot be looked at is a finding too."""
    yield machine.python()
    yield machine.packages()
    for found in machine.folders(config):
        yield found
    yield machine.key_file(config)
    for found in machine.secrets(config):
        yield found
    yield machine.clock(now)
    async for each in _database(config, now):
        yield each
    today = local_day(now)
    yield contents.calendar(today)
    for found in contents.policy(today):
        yield found
    yield await outside.port(config)
    async for each in outside.telegram(config, now):
        yield each
    async for each in outside.rasa(config):
        yield each


async def _database(config: Config, now: datetime) -> AsyncIterator[Finding]:
    url = config.database.url.get_secret_value()
    if not url and not (config.data_dir / "yulu.db").is_file():
        do = "第一次 make run 会建好；换过目录用 --data；用 PostgreSQL 要设 DATABASE_URL。"
        yield watch("数据库", "还没有", do)
        return
    try:
        db = await _opened(config)
        try:
            async for each in _looked_at(db, config, now):
                yield each
        finally:
            await db.close()
    except _TROUBLE as error:
        yield _in_words(error)


async def _looked_at(db: Database, config: Config, now: datetime) -> AsyncIterator[Finding]:
    yield (found := await records.schema(db))
    async for each in records.whole(db):
        yield each
    if found.level is Level.WELL:  # else other tables than we know
        async for each in _inside(db, config, now):
            yield each


def _in_words(error: Exception) -> Finding:
    if isinstance(error, KeyProblem | FileNotFoundError):
        said = str(error) if isinstance(error, BadKey) else f"和数据库对不上：{error}"
        return fault("密钥", said, "把原来的密钥文件放回去，备份里有。")
    if isinstance(error, NotMigrated):
        return fault("数据库结构", "还没有建好", "运行 python -m bot migrate。")
    said = str(getattr(error, "orig", error)).partition("\n")[0][:120]
    do = "看数据库在不在运行、地址和密码对不对、磁盘满没满。"
    return fault("数据库", f"打不开：{said}", do)


async def _opened(config: Config) -> Database:
    """The database as it is: nothing is made or migrated."""
    ring = records.ring_of(config.keys.key.get_secret_value(), config.key_file)
    return await Database.open(config.database_url, ring)


async def _inside(db: Database, config: Config, now: datetime) -> AsyncIterator[Finding]:
    yield await records.same_time(db, now)
    yield await records.keys_fit(db)
    yield await papers_open(db, Vault(config.files_dir, db.keyring))
    yield await records.last_backup(db, now)
    async for each in work.movement(db, config, now):
        yield each
    async for each in work.people(db, config):
        yield each
