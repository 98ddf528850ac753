"""`officer …`: accounts of the people who handle the records."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from bot.cli.options import ConfigPath, DataDir, existing, out, refused, running, settings
from storage.kinds import Role

if TYPE_CHECKING:
    from bot.config import Config
    from storage.db import Database

ROLE_NAMES = {
    Role.CLERK: "登记员",
    Role.OFFICER: "经办人",
    Role.SUPERVISOR: "负责人",
    Role.ADMIN: "管理员",
}
ADD_EXAMPLES = (
    "例：python -m bot officer add --name 王老师 --role officer --region 152222 "
    "（再加 --print-token 只输出一个接口令牌）"
)

cli = typer.Typer(help="办公人员的账号：增加、查看、换密码、停用、接口令牌。", no_args_is_help=True)
Result = TypeVar("Result")
Name = Annotated[str, typer.Option("--name", help="登录名", metavar="名字")]


@cli.command(epilog=ADD_EXAMPLES)
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="角色，从小到大")],
    region: Annotated[str, typer.Option("--region", help="负责地区的区划代码", metavar="代码")],
    print_token: Annotated[
        bool, typer.Option("--print-token", help="标准输出上只有一个接口令牌")
    ] = False,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """增加一个账号。密码自动生成，只显示这一次。"""
    from bot.login.passwords import new_password

    code = _known_region(region)
    password = new_password()

    chosen = settings(config, data)
    days = chosen.security.token_days if print_token else 0

    async def make(db: "Database") -> str:
        from bot.cli.accounts import add_officer

        return await add_officer(db, name.strip(), role, code, password, token_days=days)

    token = running(with_database(chosen, make))
    if print_token:
        typer.echo(token)
        return
    console = out()
    console.print(f"已增加 {name}（{ROLE_NAMES[role]}，{code}）", markup=False)
    console.print(f"密码（只显示这一次）：{password}", markup=False)


@cli.command("list", epilog="例：python -m bot officer list")
def list_(config: ConfigPath = None, data: DataDir = None) -> None:
    """列出所有账号。"""
    from bot.rights.territory import place_name

    async def rows(db: "Database") -> list[tuple[str, str, str, str]]:
        async with db.read() as uow:
            return [
                (
                    officer.name,
                    ROLE_NAMES[Role(officer.role)],
                    f"{place_name(officer.region_code) or ''} {officer.region_code}".strip(),
                    "在用" if officer.active else "停用",
                )
                for officer in await uow.officers.all()
            ]

    table = Table("名字", "角色", "地区", "状态")
    for row in running(with_database(existing(config, data), rows)):
        table.add_row(*row)
    out().print(table)


@cli.command(epilog="例：python -m bot officer passwd --name 王老师")
def passwd(name: Name, config: ConfigPath = None, data: DataDir = None) -> None:
    """给一个账号换新密码，只显示这一次；他的设备都会退出登录。"""
    from bot.login.passwords import new_password

    password = new_password()

    async def change(db: "Database") -> None:
        from bot.cli.accounts import change_password

        await change_password(db, name.strip(), password)

    running(with_database(existing(config, data), change))
    out().print(f"{name} 的新密码（只显示这一次）：{password}", markup=False)


@cli.command("reset-factor", epilog="例：python -m bot officer reset-factor --name 王老师")
def reset_factor(name: Name, config: ConfigPath = None, data: DataDir = None) -> None:
    """手机丢了：取消一个账号的第二步验证（验证码），记入日志。请先核实是本人。"""

    async def change(db: "Database") -> bool:
        from bot.cli.accounts import reset_factor

        return await reset_factor(db, name.strip())

    had_one = running(with_database(existing(config, data), change))
    told = "的第二步验证取消了，下次登录以后请重新设置" if had_one else "没有设过第二步验证"
    out().print(f"{name} {told}；他的设备都已经退出登录。", markup=False)


@cli.command(epilog="例：python -m bot officer off --name 王老师")
def off(name: Name, config: ConfigPath = None, data: DataDir = None) -> None:
    """停用一个账号（调走、离职）：马上退出登录，令牌和聊天绑定不再有用。"""
    _switch(name, False, config, data)


@cli.command(epilog="例：python -m bot officer on --name 王老师")
def on(name: Name, config: ConfigPath = None, data: DataDir = None) -> None:
    """重新启用一个账号。"""
    _switch(name, True, config, data)


def _switch(name: str, active: bool, config: ConfigPath, data: DataDir) -> None:
    async def change(db: "Database") -> None:
        from bot.cli.accounts import switch

        await switch(db, name.strip(), active)

    running(with_database(existing(config, data), change))
    out().print(f"{name} {'启用了' if active else '停用了'}。", markup=False)


def _known_region(region: str) -> str:
    from bot.rights.territory import canonical
    from nlu.divisions import lookup

    code = canonical(region) if region.isdigit() else ""
    if lookup(code) is None:
        raise refused(
            f"没有区划代码 {region}。全区是 15，旗县是 6 位（科尔沁右翼中旗 152222），"
            "苏木乡镇 9 位，嘎查村 12 位。"
        )
    return code


async def with_database(
    config: "Config", work: Callable[["Database"], Awaitable[Result]]
) -> Result:
    from bot.service.app import open_database

    db = await open_database(config)
    try:
        return await work(db)
    finally:
        await db.close()
