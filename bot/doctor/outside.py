"""Whom the service talks with: the browser's port, Telegram, Rasa. No token is ever printed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.config import Config
from bot.doctor.finding import Finding, fault, watch, well

PATIENCE = 5.0
TELEGRAM = "https://api.telegram.org"
FAR_APART = timedelta(seconds=30)
MANY = 100


async def port(config: Config) -> Finding:
    """Whether the port is free, or ours."""
    where = f"{config.web.host}:{config.web.port}"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            answer = await client.get(f"http://{where}/health")
    except httpx.ConnectError:
        return well("端口", f"{where} 空着")
    except httpx.HTTPError:
        return fault("端口", f"{where} 有程序占着，但不答话", "看是什么程序，或者换一个 --port。")
    said = _status(answer)
    if said is None:
        return fault("端口", f"{where} 被别的程序占用", "停掉它，或者用 --port 换一个端口。")
    if answer.status_code == httpx.codes.OK:
        return well("网页", f"{where} 正常答话")
    do = "刚启动就等一分钟再看；一直这样就看日志。"
    return fault("网页", f"{where} 说还不能服务：{said}", do)


def _status(answer: httpx.Response) -> str | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    return str(found["status"]) if isinstance(found, dict) and "status" in found else None


async def telegram(config: Config, now: datetime) -> AsyncIterator[Finding]:
    """Whether Telegram takes our token and sends to where we listen."""
    settings = config.telegram
    token = settings.token.get_secret_value()
    if not token:
        return
    base = f"{settings.api_base or TELEGRAM}/bot{token}"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, proxy=settings.proxy or None) as client:
            me = await client.get(f"{base}/getMe")
            hook = await client.get(f"{base}/getWebhookInfo")
    except httpx.HTTPError as error:  # its words may hold the address, and that the token
        said = f"连不上（{type(error).__name__}）"
        yield fault("Telegram", said, "看网络，或者在 config.yaml 里设 telegram.proxy。")
        return
    if me.status_code != httpx.codes.OK:
        do = "向 @BotFather 要新令牌，设进 TELEGRAM_BOT_TOKEN。"
        yield fault("Telegram", f"不认这个令牌（{me.status_code}）", do)
        return
    yield well("Telegram", f"@{_result(me).get('username', '')}")
    yield _webhook(_result(hook), settings.webhook_url)
    yield _their_clock(me, now)


def _webhook(info: dict[str, Any], wanted: str) -> Finding:
    there, title = str(info.get("url", "")), "Telegram 收消息"
    if there != wanted:
        said = "Telegram 还在往别的地址发" if there else "Telegram 还不知道我们的 webhook 地址"
        return fault(title, said, "重启服务会设好；另一台机器也用着这个令牌的，先停掉。")
    waiting = int(info.get("pending_update_count", 0))
    if info.get("last_error_message") and waiting:
        said = f"Telegram 发不进来：{str(info['last_error_message'])[:80]}"
        return fault(title, said, "看域名、证书和反向代理。")
    if waiting > MANY:
        return watch(title, f"Telegram 那里还压着 {waiting} 条", "服务没开或太慢，看日志。")
    return well(title, "webhook 正常" if wanted else "长轮询")


def _their_clock(answer: httpx.Response, now: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return well("网络时间", "没问到")
    apart = abs(now - there)
    if apart > FAR_APART:
        said = f"电脑的钟和网络差 {apart.total_seconds():.0f} 秒"
        return fault("网络时间", said, "把时间调准，打开自动对时。")
    return well("网络时间", "一致")


def _result(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json().get("result", {})
    except (ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


async def rasa(config: Config) -> AsyncIterator[Finding]:
    """Whether the Rasa server, if one is chosen, serves our model."""
    if config.nlu.engine != "rasa":
        return
    from nlu.classify.rasa_check import UnusableServer, is_serving

    nlu = config.nlu
    token = nlu.rasa_token.get_secret_value()
    try:
        serves = await asyncio.to_thread(is_serving, nlu.rasa_url, token, nlu.rasa_model)
    except UnusableServer as error:
        yield fault("Rasa", "不能用", str(error))
        return
    if serves:
        yield well("Rasa", nlu.rasa_url)
    else:
        do = "用 make rasa-run 启动；这期间用本地引擎顶着。"
        yield watch("Rasa", f"{nlu.rasa_url} 不答话", do)
