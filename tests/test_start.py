"""A start imports what answering a message needs, and nothing large beside it."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.config import Config
from bot.service.engine import LazyEngine
from nlu.types import Engine
from storage.migrate import upgrade
from tests.engine import engine

NOT_AT_START = frozenset(
    {"aiogram", "alembic", "cn2an", "docx", "docxtpl", "httpx", "lxml", "pkg_resources", "PIL"}
    | {"pypinyin", "reportlab", "scipy", "segno", "sklearn", "xlsxwriter"}
)
"""Together they would take more time and memory than the rest of the service."""

START = """
import asyncio, sys, tempfile
from pathlib import Path
from bot.config import Config
from bot.service.app import build
from bot.service.supervisor import Supervisor
from bot.web.in_two_steps import InTwoSteps

async def main():
    config = Config(data_dir=Path(sys.argv[1]))
    app = await build(config, loading=True)
    InTwoSteps(app)
    app.engine.load()
    await app.close()
    print(*sorted({name.split(".")[0] for name in sys.modules}))

asyncio.run(main())
"""


@pytest.mark.slow
def test_a_start_imports_nothing_large_that_answering_does_not_need(tmp_path: Path) -> None:
    asyncio.run(upgrade(Config(data_dir=tmp_path).database_url))  # as an earlier start left it
    told = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=True
    )
    imported = set(told.stdout.split())
    assert {"sqlalchemy", "litestar", "jieba", "onnxruntime"} <= imported
    assert imported & NOT_AT_START == set()


async def test_nothing_ends_while_the_engine_is_being_loaded() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def make() -> Engine:
        begun.set()
        may_end.wait(30)
        return engine()

    lazy = LazyEngine(make)
    await lazy.come_to_rest()
    assert not lazy.is_loading, "nothing is loaded for the sake of ending"
    lazy.load_in_background()
    begun.wait(30)
    resting = asyncio.create_task(lazy.come_to_rest())
    await asyncio.sleep(0.05)
    assert not resting.done()
    may_end.set()
    await resting
    assert lazy.is_loaded
