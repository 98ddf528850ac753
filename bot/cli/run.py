"""`run`: the whole service in the foreground."""

import asyncio
import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
from bot.config import Config
from bot.service.part import Part

if TYPE_CHECKING:
    from bot.service.app import App

EXAMPLES = (
    "例：python -m bot run --port 8080 --data /srv/yulu"
    "    python -m bot run --role worker --port 8101"
)


def run(
    config: ConfigPath = None,
    data: DataDir = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="网页端口，默认 8000")
    ] = None,
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="这个进程做什么：all 全部；web 只管网页、接口、收消息；"
            "worker 只管回答、发送、提醒（网页端口上只有 /health、/ready、/metrics）",
            metavar="all|web|worker",
        ),
    ] = "all",
) -> None:
    """启动整个服务，按 Ctrl-C 停止。

    包括群众网页、办公端、接口、提醒；设了 TELEGRAM_BOT_TOKEN 时还有 Telegram。
    """
    chosen = settings(config, data, port)
    from bot import logs
    from bot.service.garbage import not_looking

    logs.configure(chosen.log.level)
    logs.catch_the_rest()
    with not_looking():
        running(serve(chosen, _part(role)))


def _part(role: str) -> Part:
    try:
        return Part(role)
    except ValueError:
        raise refused(f"--role 只能是 all、web、worker，不能是 {role}。") from None


async def serve(config: Config, part: Part = Part.ALL) -> None:
    """Serve until stopped; says the addresses once people can open them."""
    from bot.service import content
    from bot.service.app import build
    from bot.service.engine import look_at_rasa
    from bot.service.garbage import look_again
    from bot.service.serving import PortTaken, listen
    from bot.turns.trail import bound_process

    bound_process(f"{socket.gethostname()}:{os.getpid()}", part)
    content.load()
    await asyncio.to_thread(look_at_rasa, config)
    try:
        server_socket = listen(config.web.host, config.web.port)
    except PortTaken as taken:
        raise refused(
            f"打不开 {taken}：这个地址已经被别的程序占用（也许育路已经在运行），或者没有权限。"
            "请换一个端口，例如 --port 8010。"
        ) from None
    actual_port = server_socket.getsockname()[1]
    config = config.model_copy(update={"web": config.web.model_copy(update={"port": actual_port})})
    app = await build(config, part=part, loading=part.works)
    from bot.service.supervisor import Supervisor  # large: imported while the engine is loaded

    looking = asyncio.create_task(look_again(lambda: app.is_ready))
    told = asyncio.Event()
    login = asyncio.create_task(_first_login(app, told))
    try:
        await Supervisor(app, server_socket).run(partial(_announce, app, told))
    finally:
        told.set()
        await login
        looking.cancel()
        await app.close()
        server_socket.close()


async def _first_login(app: "App", told: asyncio.Event) -> None:
    """A first password takes a while to hash: the pages and the engine do not wait for it."""
    from bot.cli.accounts import first_officer

    login = await first_officer(app.db) if app.part.serves else None
    await told.wait()
    if login is not None:
        name, password = login
        console = out()
        console.print("[bold yellow]第一次启动：已建好管理员账号，密码只显示这一次[/]")
        console.print(f"  用户名    {name}", markup=False)
        console.print(f"  密码      {password}", markup=False)


def _announce(app: "App", told: asyncio.Event) -> None:
    told.set()
    console = out()
    config = app.config
    here = f"http://{config.web.host}:{config.web.port}"
    console.print("[bold green]育路已经启动[/]（按 Ctrl-C 停止）")
    if app.part.serves:
        console.print(f"  群众网页  {here}/", markup=False)
        console.print(f"  办公端    {here}/desk", markup=False)
        console.print(f"  接口      {here}/api/v1/openapi.json", markup=False)
        if config.public_url != here:
            console.print(f"  对外地址  {config.public_url}/", markup=False)
    else:
        console.print(f"  只在后台回答、发送、提醒；是否正常看 {here}/health", markup=False)
    if app.part is Part.WEB:
        console.print("  只收消息；回答要靠 --role worker 的进程", markup=False)
    if app.telegram is not None and app.telegram.name in app.receivers:
        way = "webhook" if config.telegram.webhook_url else "长轮询，几个进程里只有一个在收"
        console.print(f"  Telegram  已打开（{way}）", markup=False)
