"""`officer add | list | passwd`: accounts of the people who handle the records."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
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

cli = typer.Typer(help="办公人员的账号：增加、查看、换密码。", no_args_is_help=True)
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
    from bot.cli.passwords import new_password

    code = _known_region(region)
    password = new_password()

    async def make(db: "Database") -> str:
        from bot.cli.accounts import add_officer

        return await add_officer(db, name.strip(), role, code, password, with_token=print_token)

    token = running(_with_database(settings(config, data), make))
    if print_token:
        typer.echo(token)
        return
    console = out()
    console.print(f"已增加 {name}（{ROLE_NAMES[role]}，{code}）", markup=False)
    console.print(f"密码（只显示这一次）：{password}", markup=False)


@cli.command("list", epilog="例：python -m bot officer list")
def list_(config: ConfigPath = None, data: DataDir = None) -> None:
    """列出所有账号。"""
    from bot.territory import place_name

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
    for row in running(_with_database(settings(config, data), rows)):
        table.add_row(*row)
    out().print(table)


@cli.command(epilog="例：python -m bot officer passwd --name 王老师")
def passwd(name: Name, config: ConfigPath = None, data: DataDir = None) -> None:
    """给一个账号换新密码，只显示这一次。"""
    from bot.cli.passwords import new_password

    password = new_password()

    async def change(db: "Database") -> None:
        from bot.cli.accounts import change_password

        await change_password(db, name.strip(), password)

    running(_with_database(settings(config, data), change))
    out().print(f"{name} 的新密码（只显示这一次）：{password}", markup=False)


def _known_region(region: str) -> str:
    from bot.territory import canonical
    from nlu.divisions import lookup

    code = canonical(region) if region.isdigit() else ""
    if lookup(code) is None:
        raise refused(
            f"没有区划代码 {region}。全区是 15，旗县是 6 位（科尔沁右翼中旗 152222），"
            "苏木乡镇 9 位，嘎查村 12 位。"
        )
    return code


async def _with_database(
    config: "Config", work: Callable[["Database"], Awaitable[Result]]
) -> Result:
    from bot.app import open_database

    db = await open_database(config)
    try:
        return await work(db)
    finally:
        await db.close()
