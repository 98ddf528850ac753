"""Calls commands in this process, and looks into the data directory they worked on."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import cli
from bot.config import NAMED_VARIABLES, load_config
from bot.service.app import open_database
from storage.db import Database

Found = TypeVar("Found")


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def call(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(words), input=text)


def ask(data: Path, work: Callable[[Database], Coroutine[Any, Any, Found]]) -> Found:
    """Run something on the records of a data directory."""

    async def run() -> Found:
        db = await open_database(load_config(None, data))
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())
