"""`doctor`: what is wrong, and what to do."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
from bot.clock import utc_now
from bot.config import Config

if TYPE_CHECKING:
    from bot.doctor.finding import Finding

EXAMPLES = "例：python -m bot doctor；python -m bot doctor --json"
MARKS = {"well": "[green]✓[/]", "watch": "[yellow]![/]", "fault": "[red]✗[/]"}


def doctor(
    config: ConfigPath = None,
    data: DataDir = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="服务用的网页端口")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="给程序看，一项一行")] = False,
) -> None:
    """体检：哪里不对、该怎么办。服务运行时也能用，什么都不改。

    ✓ 好的，! 要留意，✗ 要处理；有 ✗ 时退出码是 1。
    """
    found = running(_examine(settings(config, data, port)))
    for each in found:
        if as_json:
            typer.echo(json.dumps(each.as_json(), ensure_ascii=False))
        else:
            _show(each)
    faults = sum(each.level == "fault" for each in found)
    if faults:
        raise refused(f"有 {faults} 项要处理。")
    if not as_json:
        out().print("没有要马上处理的。")


async def _examine(config: Config) -> "list[Finding]":
    from bot.doctor.examination import examine

    return [found async for found in examine(config, utc_now())]


def _show(found: "Finding") -> None:
    console = out()
    console.print(MARKS[found.level], end=" ")
    console.print(f"{found.title}：{found.said}", markup=False)
    if found.do:
        console.print(f"    → {found.do}", markup=False)
