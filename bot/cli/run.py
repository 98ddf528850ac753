"""`run`: the whole service in the foreground."""

import asyncio
from functools import partial
from typing import Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
from bot.config import Config

EXAMPLES = "例：python -m bot run --port 8080 --data /srv/yulu"


def run(
    config: ConfigPath = None,
    data: DataDir = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="网页端口，默认 8000")
    ] = None,
) -> None:
    """启动整个服务，按 Ctrl-C 停止。

    包括群众网页、办公端、接口、提醒；设了 TELEGRAM_BOT_TOKEN 时还有 Telegram。
    """
    chosen = settings(config, data, port)
    from bot import logs

    logs.configure(chosen.log.level)
    running(serve(chosen))


async def serve(config: Config) -> None:
    """Serve until stopped; says the addresses once people can open them."""
    from bot.app import build
    from bot.cli.accounts import first_officer
    from bot.engine import look_at_rasa
    from bot.serving import PortTaken, listen
    from bot.supervisor import Supervisor

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
    app = await build(config)
    try:
        login = await first_officer(app.db)

        await Supervisor(app, server_socket).run(
            partial(_announce, config, login, app.telegram is not None)
        )
    finally:
        await app.close()
        server_socket.close()


def _announce(config: Config, login: tuple[str, str] | None, telegram: bool) -> None:
    console = out()
    here = f"http://{config.web.host}:{config.web.port}"
    console.print("[bold green]育路已经启动[/]（按 Ctrl-C 停止）")
    console.print(f"  群众网页  {here}/", markup=False)
    console.print(f"  办公端    {here}/desk", markup=False)
    console.print(f"  接口      {here}/api/v1/openapi.json", markup=False)
    if config.public_url != here:
        console.print(f"  对外地址  {config.public_url}/", markup=False)
    if telegram:
        way = "webhook" if config.telegram.webhook_url else "长轮询"
        console.print(f"  Telegram  已打开（{way}）", markup=False)
    if login is not None:
        name, password = login
        console.print("[bold yellow]第一次启动：已建好管理员账号，密码只显示这一次[/]")
        console.print(f"  用户名    {name}", markup=False)
        console.print(f"  密码      {password}", markup=False)
