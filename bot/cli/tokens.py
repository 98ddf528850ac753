"""`officer token`: keys for programs that use the JSON API; each ends by itself."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.officers import with_database
from bot.cli.options import ConfigPath, DataDir, existing, out, refused, running

if TYPE_CHECKING:
    from storage.db import Database
    from storage.models.officer import ApiToken

EXAMPLES = (
    "例：python -m bot officer token --name 王老师 --label 资助系统；"
    "看有哪些：officer token --name 王老师 --list；作废：officer token --revoke 3"
)


def token(
    name: Annotated[str, typer.Option("--name", help="登录名", metavar="名字")] = "",
    label: Annotated[str, typer.Option("--label", help="给哪个程序用", metavar="用途")] = "命令行",
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="几天以后作废，不写就按 config.yaml")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="只列出他的令牌，不发新的")] = False,
    revoke: Annotated[
        int | None, typer.Option("--revoke", help="作废这个编号的令牌", metavar="编号")
    ] = None,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """发一个接口令牌（标准输出上只有它），或者列出、作废。换令牌：先发新的，再作废旧的。"""
    if revoke is None and not name.strip():
        raise refused("请写 --name 名字（发令牌、看令牌），或者 --revoke 编号（作废）。")
    chosen = existing(config, data)

    async def work(db: "Database") -> "str | list[ApiToken]":
        from bot.cli import accounts

        if revoke is not None:
            await accounts.revoke_token(db, revoke)
            return f"{revoke} 号令牌作废了。"
        if show:
            return await accounts.tokens(db, name.strip())
        valid = days or chosen.security.token_days
        return await accounts.new_token(db, name.strip(), label.strip()[:100], valid)

    found = running(with_database(chosen, work))
    if isinstance(found, str):
        typer.echo(found)
        return
    _show(found)


def _show(found: "list[ApiToken]") -> None:
    from bot.clock import local_day

    table = Table("编号", "用途", "发出", "到期", "最近用过", "状态")
    for key in found:
        moments = (key.created_at, key.expires_at, key.last_used_at)
        days = [local_day(moment).isoformat() if moment else "" for moment in moments]
        table.add_row(str(key.id), key.label, *days, "作废" if key.revoked_at else "")
    out().print(table)
