"""What every command accepts, and how it says in words that it cannot do something."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from bot.config import Config, ConfigError, load_config

ConfigPath = Annotated[
    Path | None, typer.Option("--config", help="设置文件，默认 config.yaml", metavar="文件")
]
DataDir = Annotated[Path | None, typer.Option("--data", help="数据目录，默认 var/", metavar="目录")]
Result = TypeVar("Result")


def out() -> Console:
    """What the command was asked for, on stdout."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """What went wrong, on stderr."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def settings(config: Path | None, data: Path | None, port: int | None = None) -> Config:
    """The settings; ends the command with a sentence when they cannot be used."""
    try:
        return load_config(config, data, port)
    except ConfigError as error:
        raise refused(str(error)) from None


def existing(config: Path | None, data: Path | None) -> Config:
    """The settings of an installation that is there: a slip must not make a new one."""
    chosen = settings(config, data)
    is_embedded = not chosen.database.url.get_secret_value()
    if is_embedded and not (chosen.data_dir / "yulu.db").is_file():
        raise refused(
            f"{chosen.data_dir} 里还没有数据。目录写错了？用 --data 指出。"
            "用 PostgreSQL 的，要先设环境变量 DATABASE_URL。"
        )
    return chosen


def refused(reason: str) -> typer.Exit:
    """Print why the command cannot do it; raise the result."""
    err().print(reason, style="red", markup=False)
    return typer.Exit(1)


def running(work: Coroutine[Any, Any, Result]) -> Result:
    """Run the work; what it refuses, and keys or databases that do not open, end in a sentence."""
    from sqlalchemy.exc import DBAPIError

    from bot.errors import ServiceError
    from nlu.types import BadContent
    from storage.errors import StorageError

    try:
        return asyncio.run(work)
    except BrokenPipeError:  # whoever reads has had enough (| head); typer ends in silence
        raise
    except ServiceError as error:
        raise refused(error.reason) from None
    except (ConfigError, StorageError, BadContent) as error:
        raise refused(str(error)) from None
    except (DBAPIError, OSError) as error:
        raise refused(f"数据库或数据目录打不开：{getattr(error, 'orig', error)}") from None
