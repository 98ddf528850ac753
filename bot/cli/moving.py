"""`move`: from the embedded database to PostgreSQL."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
from bot.config import Config

if TYPE_CHECKING:
    from bot.moving import Moved

EXAMPLES = "例：DATABASE_URL=postgresql://yulu:密码@主机/yulu python -m bot move --data var"


def move(
    to: Annotated[
        str,
        typer.Option("--to", help="搬到哪个空的 PostgreSQL；不写就用 DATABASE_URL", metavar="网址"),
    ] = "",
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """把数据目录里自带数据库的全部记录搬到一个空的 PostgreSQL，逐行核对。

    先停服务。原来的数据库不动；照片、密钥还在数据目录里，以后照样用。
    搬不成就一行也不留，可以再搬。密码写在命令里别人看得见，最好放在 DATABASE_URL。
    """
    chosen = settings(config, data)
    target = to or chosen.database.url.get_secret_value() or os.environ.get("DATABASE_URL", "")
    moved = running(_move(chosen, target))
    _say(chosen, moved)


async def _move(config: Config, target: str) -> "list[Moved]":
    from sqlalchemy.exc import ArgumentError

    from bot.clock import utc_now
    from bot.moving import move
    from storage.keys import Keyring
    from storage.urls import async_url

    try:
        is_server = async_url(target).get_backend_name() == "postgresql"
    except (ValueError, ArgumentError):
        is_server = False
    if not is_server:
        raise refused("请用 --to 或 DATABASE_URL 写明目标：postgresql://用户:密码@主机/库名。")
    file = config.data_dir.absolute() / "yulu.db"
    if not file.is_file():
        raise refused(f"{config.data_dir} 里没有 yulu.db，没有可搬的。用 --data 指明数据目录。")
    key = config.keys.key.get_secret_value()
    if not key and not config.key_file.is_file():
        raise refused(f"{config.data_dir} 里没有密钥文件 key，也没有设 YULU_KEY。")
    keyring = Keyring.load(key or None, config.key_file)
    return await move(f"sqlite:///{file}", target, keyring, utc_now(), out().print)


def _say(config: Config, moved: "list[Moved]") -> None:
    from rich.table import Table

    table = Table("表", "行数", "内容校验（两边一样）")
    table.columns[1].justify = "right"
    for each in moved:
        table.add_row(each.table, str(each.rows), each.sha256[:16])
    out().print(table)
    rows = sum(each.rows for each in moved)
    out().print(f"[bold green]搬完了[/]：{len(moved)} 张表，{rows} 行，逐行核对无误，密钥能打开。")
    out().print("接下来：", markup=False)
    out().print("  1. 在服务的环境变量里设好 DATABASE_URL，再启动；不设，服务还会用旧的。")
    out().print(f"  2. 照片和密钥仍在 {config.data_dir}，不要删；密钥请另存一份。", markup=False)
    out().print("  3. 确认一切正常以后，再把旧的 yulu.db 收好，不要和新的一起用。")
