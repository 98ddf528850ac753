"""Photos that an earlier version left plain are sealed a few at a time, and nobody has to ask."""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot.vault.upgrading import ACTION, seal_plain
from bot.vault.vault import Vault
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database

EVERY = timedelta(hours=1)
"""Once none is left, the folder is looked through so often: a restored one may bring some."""
_AT_ONCE = 1.0
"""Seconds that one tick of a running service gives to it."""

_looked: WeakKeyDictionary[Database, datetime] = WeakKeyDictionary()


async def seal_plain_due(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Seal some of the plain files, or look again whether there are any."""
    looked = _looked.get(db)
    if rules.files is None or (looked is not None and timedelta(0) <= now - looked < EVERY):
        return []
    at_once = None if rules.purge_seconds is None else _AT_ONCE
    done = await seal_plain(db, Vault(rules.files, db.keyring), now, at_once)
    if done.is_done:
        _looked[db] = now
    if not done.files:
        return []
    return [Event(now, ACTION, "", None, f"加密照片和文件{done.files}份", "以前没有加密")]
