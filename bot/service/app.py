"""The composition root: typed settings become a database, an engine, channels and the intake."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError

from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.webchat import WebChat
from bot.clock import utc_now
from bot.config import Config, ConfigError
from bot.files import FileStore
from bot.reports.coding import code_stages
from bot.service.bells import Bell, Bells
from bot.service.engine import LazyEngine
from bot.service.part import Part
from bot.turns.intake import Intake
from bot.turns.steps import Step, no_step
from nlu.types import Engine
from storage.db import Database
from storage.engine import ServerLimits
from storage.errors import KeyProblem
from storage.keys import Keyring
from storage.revisions import is_newest
from storage.urls import async_url

if TYPE_CHECKING:
    from bot.watch.watch import Watch
    from bot.workers.events import Rules


@dataclass(frozen=True)
class App:
    """One running installation; everything else is reached from here."""

    config: Config
    db: Database
    engine: LazyEngine
    intake: Intake
    files: FileStore
    webchat: WebChat
    telegram: TelegramChannel | None
    channels: dict[str, Channel]
    clock: Callable[[], datetime]
    bells: Bells
    watch: "Watch"
    part: Part = Part.ALL
    step: Step = no_step

    def now(self) -> datetime:
        """The present moment of this installation, aware, UTC."""
        return self.clock()

    @property
    def is_ready(self) -> bool:
        """Whether this process does its part at once."""
        return self.engine.is_loaded or not self.part.works

    @property
    def receivers(self) -> dict[str, Channel]:
        """The channels that hand their messages to this process."""
        by_webhook = bool(self.config.telegram.webhook_url)
        return {
            name: channel
            for name, channel in self.channels.items()
            if channel is not self.telegram or self.part.receives(by_webhook=by_webhook)
        }

    async def close(self) -> None:
        """Close the connections; call it when nothing runs any more."""
        if self.telegram is not None:
            await self.telegram.close()
        await self.db.close()
        await self.engine.come_to_rest()


async def build(
    config: Config,
    *,
    now: Callable[[], datetime] = utc_now,
    step: Step = no_step,
    part: Part = Part.ALL,
    loading: bool = False,
) -> App:
    """Open everything a command needs; makes the data directory, key and schema where missing.

    `loading`: the engine is loaded at the same time, while others wait for the disk.
    """
    engine = LazyEngine(partial(open_engine, config))
    if loading:
        engine.load_in_background()
    from bot.watch.watch import Watch  # what it counts with is slow to import

    db = await _opened_beside(engine, config)
    files = FileStore(
        config.files_dir,
        db.keyring,
        max_bytes=config.files.max_megabytes << 20,
        max_pixels=config.files.max_pixels,
    )
    bells = Bells(config.database_url)
    webchat = WebChat(bells)
    telegram = None
    if config.telegram.token.get_secret_value():
        telegram = TelegramChannel(config.telegram, files, db, now)
    channels: dict[str, Channel] = {webchat.name: webchat}
    if telegram is not None:
        channels[telegram.name] = telegram
    watch = Watch(db, config, channels, now, part, lambda: engine.stood_in)
    intake = Intake(
        db,
        engine,
        config,
        now,
        step,
        is_waiting=lambda: engine.is_loading,
        watcher=watch.meters,
        bells=bells,
        works=part.works,
    )
    bells.hears(Bell.IN, intake.wake)
    bells.hears(Bell.DONE, intake.callers.wake)
    bells.hears(Bell.PAGE, webchat.wake)
    known = db, engine, intake, files, webchat, telegram, channels, now, bells, watch
    return App(config, *known, part, step)


async def _opened_beside(engine: LazyEngine, config: Config) -> Database:
    try:
        return await open_database(config)
    except BaseException:
        await engine.come_to_rest()
        raise


async def open_database(config: Config) -> Database:
    """The records, with the newest schema."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    had_key = config.key_file.exists()
    keyring = Keyring.load(config.keys.key.get_secret_value() or None, config.key_file)
    url = _checked_url(config.database_url)
    await _newest_schema(url)
    limits = ServerLimits(config.database.pool, config.database.statement_seconds)
    try:
        db = await Database.open(url, keyring, limits)
    except KeyProblem:
        if not had_key:  # made a moment ago, opens nothing, would only be in the way
            config.key_file.unlink(missing_ok=True)
        raise
    await code_stages(db)
    return db


def _checked_url(url: str) -> str:
    """The database URL; never repeated in the complaint, because it may hold a password."""
    try:
        async_url(url)
    except (ValueError, ArgumentError):
        raise ConfigError(
            "DATABASE_URL 不对：只支持 postgresql://用户:密码@主机/库名，或 sqlite:///文件。"
        ) from None
    return url


async def _newest_schema(url: str) -> None:
    if await is_newest(url):
        return
    from storage.migrate import upgrade  # alembic is slow to import, and most starts need none

    await upgrade(url)


def rules_of(config: Config) -> "Rules":
    """How long things are kept and when nobody is disturbed, for the ticks."""
    from bot.workers.events import Rules

    return Rules(
        quiet_from=time(config.quiet_hours.start),
        quiet_until=time(config.quiet_hours.until),
        drafts=timedelta(days=config.retention.drafts),
        messages=timedelta(days=config.retention.messages),
        records=timedelta(days=config.retention.records),
        audit=timedelta(days=config.retention.audit),
        takeover=timedelta(hours=config.takeover.hours),
        files=config.files_dir,
    )


def open_engine(config: Config) -> Engine:
    """The configured engine of understanding; slow the first time, so call it in a thread."""
    from flows.policy import answers
    from nlu.understand import make_engine

    answers.index()  # so that the first question of policy does not wait either

    nlu = config.nlu
    token = nlu.rasa_token.get_secret_value()
    return make_engine(nlu.engine, nlu.rasa_url, nlu.timeout, token, nlu.rasa_model)
