"""A secret is in no log, no error, no address and no record of what was done."""

import base64
import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
import structlog
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe
from litestar.testing import AsyncTestClient
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_client import open_bot
from bot.config import Config, Rest, TelegramSettings, load_config
from bot.files import FileStore
from bot.logs import configure
from bot.redacting import redacted
from bot.service.serving import QuietServer
from bot.web.server import create_server
from storage.db import Database
from storage.engine import make_engine
from storage.keys import generate_key
from storage.kinds import Role
from storage.models.audit import AuditEntry
from storage.models.officer import Notice
from tests.web import conftest as web
from tests.web.test_second_factor import secret_of, send, shown

BOT_TOKEN = "5550001234:AAHsecretsecretsecretsecretsecret12"
WEBHOOK, REST_TOKEN = "webhook-secret-1f9c", "rest-secret-77ab"
PASSWORD = "骆驼 搪瓷 二十七 柳条"
A_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
DATABASE = "postgresql://yulu:hush-hush@127.0.0.1:1/yulu"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, at the most talkative level."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers = []
    monkeypatch.setattr(sys, "stderr", stream)
    configure("debug")
    yield stream
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.fixture
async def service(tmp_path: Path, db: Database) -> web.FakeService:
    settings = TelegramSettings(
        token=SecretStr(BOT_TOKEN),
        webhook_url="https://y.example/webhooks/telegram",
        webhook_secret=SecretStr(WEBHOOK),
        api_base="http://127.0.0.1:9",
    )
    config = Config(data_dir=tmp_path, rest=Rest(token=SecretStr(REST_TOKEN)), telegram=settings)
    files = FileStore(tmp_path / "files", db.keyring)
    service = web.FakeService(config, db, files)
    service.telegram = TelegramChannel(settings, files, db, service.now)
    return service


@pytest.fixture
async def client(service: web.FakeService) -> AsyncIterator[web.Client]:
    async with AsyncTestClient(create_server(service), raise_server_exceptions=False) as client:
        yield client
    await service.telegram.close()


async def kept(service: web.FakeService) -> str:
    """All that is written down about what was done."""
    async with service.db.read() as uow:
        entries = list(await uow.session.scalars(select(AuditEntry)))
        notices = list(await uow.session.scalars(select(Notice)))
    done = [f"{entry.action} {entry.detail}" for entry in entries]
    assert "factor_added" in " ".join(done)
    return "\n".join([*done, *(notice.text for notice in notices)])


async def test_a_day_at_the_desk_leaves_no_secret_behind(
    client: web.Client,
    service: web.FakeService,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    officer, token = await web.add_officer(service, "王芳", Role.ADMIN)
    seen: list[str] = []
    secrets = [token, web.PASSWORD, PASSWORD, REST_TOKEN, WEBHOOK, BOT_TOKEN]

    async def login(password: str) -> None:
        form = {"name": "王芳", "password": password}
        answer = await send(client, "/desk/login", "/desk/login", **form)
        seen.append(answer.text + str(answer.headers.get("location")))

    await login("not-the-password-but-a-secret")
    secrets.append("not-the-password-but-a-secret")
    await login(web.PASSWORD)
    secrets.append(cookie_of(client))
    form = {"old": web.PASSWORD, "new": PASSWORD, "again": PASSWORD}
    seen.append((await send(client, "/desk/me/password", "/desk/me", **form)).text)
    await send(client, "/desk/factor/begin")
    secret = await secret_of(service, officer.id)
    secrets += [secret, pyotp.TOTP(secret).provisioning_uri(name="王芳"), cookie_of(client)]
    codes = (await send(client, "/desk/factor/confirm", code=shown(secret, service))).text
    secrets += [part.split("</code>")[0] for part in codes.split("<code>")[1:]]
    secrets.append(cookie_of(client))
    for path in ("/desk/me", "/desk/factor", "/desk/logins", "/desk/audit", "/desk"):
        seen.append((await client.get(path)).text)
    await post_all(client, token, seen)
    monkeypatch.setattr(service.db, "read", lambda: broken(token))
    seen.append((await client.get("/desk")).text)
    seen.append((await client.get("/api/v1/cases", headers=web.bearer(token))).text)
    monkeypatch.undo()
    everything = "\n".join([written.getvalue(), *seen, await kept(service)])
    assert len(everything) > 10_000 and len(secrets) > 15
    assert [one for one in secrets if one in everything] == []


async def post_all(client: web.Client, token: str, seen: list[str]) -> None:
    """Other programs, right and wrong."""
    for given in (REST_TOKEN, f"{REST_TOKEN}x", token):
        body = {"sender": "u", "message": "你好"}
        answer = await client.post("/webhooks/rest/webhook", json=body, headers=web.bearer(given))
        seen.append(answer.text)
    for given in (WEBHOOK, f"{WEBHOOK}x"):
        headers = {"x-telegram-bot-api-secret-token": given}
        seen.append((await client.post("/webhooks/telegram", json={}, headers=headers)).text)
    for given in (token, token[:-1]):
        answer = await client.get(f"/api/v1/cases?token={'x' * 5}", headers=web.bearer(given))
        seen.append(answer.text)


def cookie_of(client: web.Client) -> str:
    return next(c.value or "" for c in client.cookies.jar if c.name == "yulu_desk")


def broken(secret: str) -> Any:
    raise RuntimeError(f"cannot open {DATABASE} with Bearer {secret}")


async def test_errors_of_telegram_hold_its_token_and_our_lines_do_not(
    service: web.FakeService, written: io.StringIO
) -> None:
    bot = open_bot(service.config.telegram)
    url = bot.session.api.api_url(BOT_TOKEN, "getMe")
    error = TelegramNetworkError(GetMe(), f"cannot connect to {url}")
    await bot.session.close()
    assert BOT_TOKEN in str(error), "else this test looks at nothing"
    structlog.get_logger().warning("telegram.waiting", error=str(error), exc_info=error)
    logging.getLogger("aiogram.dispatcher").error("failed: %s", error, exc_info=error)
    logging.getLogger("aiohttp.client").warning("GET %s", url)
    lines = written.getvalue()
    assert "bot***/getMe" in lines and "ERROR failed" in lines and "WARNING GET" in lines
    assert BOT_TOKEN not in lines and BOT_TOKEN[12:] not in lines


async def test_a_database_that_does_not_open_keeps_its_password(written: io.StringIO) -> None:
    engine = make_engine(DATABASE)
    with pytest.raises(Exception) as caught:
        async with engine.connect():
            pass
    structlog.get_logger().error("database", error=str(caught.value), exc_info=caught.value)
    logging.getLogger("sqlalchemy.pool").error("no connection to %s", DATABASE)
    assert "database" in written.getvalue() and "hush-hush" not in written.getvalue()


def test_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "DATABASE_URL": DATABASE,
        "YULU_KEY": generate_key(),
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "REST_CHANNEL_TOKEN": REST_TOKEN,
        "RASA_TOKEN": "rasa-secret-5521",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    config = load_config()
    assert config.database_url == DATABASE
    for told in (repr(config), str(config), config.model_dump_json()):
        assert [name for name, value in values.items() if value in told] == []


def test_no_access_log_is_written() -> None:
    async def app(*_: Any) -> None: ...

    assert QuietServer(app).config.access_log is False


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (
            f"GET https://api.telegram.org/bot{BOT_TOKEN}/getMe",
            "GET https://api.telegram.org/bot***/getMe",
        ),
        (DATABASE, "postgresql://***@127.0.0.1:1/yulu"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        (
            "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=b",
            "otpauth://totp/a?secret=***&issuer=b",
        ),
        (f"key {A_KEY} read", "key *** read"),
        ("2026-11-26 10:15:00 turn.done ms=12", "2026-11-26 10:15:00 turn.done ms=12"),
        ("bot/web/desk/record.py:112 in attachment", "bot/web/desk/record.py:112 in attachment"),
    ],
)
def test_what_looks_like_a_secret_is_left_out(line: str, clean: str) -> None:
    assert redacted(line) == clean
