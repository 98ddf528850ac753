"""The command line of understanding: parse, train, evaluate."""

import io
import json
import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlu.types import Context, Engine

if TYPE_CHECKING:
    from nlu.report.engines import Contestant

app = typer.Typer(
    help="育路的语言理解：识别意图、提取信息。", no_args_is_help=True, add_completion=False
)


class EngineName(StrEnum):
    """Which classifier serves."""

    LOCAL = "local"
    RASA = "rasa"


_Engine = Annotated[
    EngineName, typer.Option(envvar="NLU_ENGINE", help="local：进程内；rasa：RASA_URL 的服务器。")
]
_NO_URL = "rasa 引擎要先设 RASA_URL，例如 http://127.0.0.1:5005"
_Now = Annotated[str | None, typer.Option(help="相对日期从这一刻算起（ISO），默认现在。")]


@app.command()
def parse(engine: _Engine = EngineName.LOCAL, now: _Now = None) -> None:
    """每行一句话（或 JSON：{"text": …, "now": …}），每行输出一个 JSON。

    例：echo 我想给孩子申请助学金 | python -m nlu parse
    """
    from nlu.parse import as_json, read_line

    moment = _moment(now)
    reader = _engine(engine)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n")
    try:
        for number, raw in enumerate(sys.stdin.buffer):
            line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
            text, said_at = read_line(line.removeprefix("\ufeff") if number == 0 else line, moment)
            shown = as_json(reader.understand(text, Context(now=said_at)))
            out.write(json.dumps(shown, ensure_ascii=False) + "\n")
            out.flush()
    except BrokenPipeError:  # the reader had enough, as in `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        out.detach()


_LEARNED = Path("var/learned/learned.yml")  # where the desk of `make run` keeps what it learned


@app.command()
def train(
    engine: _Engine = EngineName.LOCAL,
    learned: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help=f"办公端学来的例句，默认 {_LEARNED}（有就用）。"
        ),
    ] = None,
) -> None:
    """用 nlu/data/intents 里的例句和办公端学来的例句训练；rasa 在它自己的环境里训练。

    训练完重新启动服务，新的模型才会用上。
    """
    if engine is EngineName.RASA:
        from nlu.rasa_training import train_rasa

        raise typer.Exit(train_rasa(print))
    from nlu.classify import local, training

    for problem in training.check():
        print(f"注意：{problem}", file=sys.stderr)
    local.take_in(learned or _LEARNED)
    if local.train() is None:
        raise typer.Exit(1)


class Compared(StrEnum):
    """Which engines an evaluation scores."""

    LOCAL = "local"
    RASA = "rasa"
    BOTH = "both"


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="带标签的 JSON 行。")],
    engine: Annotated[
        Compared,
        typer.Option(envvar="NLU_ENGINE", help="both：自带的和 RASA_URL 的 Rasa 并排比。"),
    ] = Compared.LOCAL,
    now: _Now = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 而不是表格。")] = False,
    html: Annotated[Path | None, typer.Option(help="另写一页能用浏览器看的报告。")] = None,
    save: Annotated[
        Path | None, typer.Option(help="分数存到哪里，下次好比较；默认在模型目录里。")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="和哪次存的分数比；默认上次。")
    ] = None,
    sentences: Annotated[bool, typer.Option(help="不给人看句子：盲测的文件用。")] = True,
) -> None:
    """给引擎打分，和上次比。每行 {"text", "intent"}，可带 "entities"、"now"、"also"、"tags"。"""
    from nlu.evaluate import read_labelled
    from nlu.report.command import Wanted, run

    try:
        moment = _moment(now)
        rows = read_labelled(file, moment)
        contestants, notes = _contestants(engine)
        wanted = Wanted(as_json, html, save, baseline, sentences)
        run(file, rows, contestants, notes, moment, wanted)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _contestants(asked: Compared) -> "tuple[list[Contestant], list[str]]":
    """The engines to score, and a sentence for each that was asked for and is not there."""
    from nlu.report import engines

    found = [engines.local()] if asked is not Compared.RASA else []
    if asked is Compared.LOCAL:
        return found, []
    url, token = os.environ.get("RASA_URL", ""), os.environ.get("RASA_TOKEN", "")
    if not url and asked is Compared.RASA:
        raise typer.BadParameter(_NO_URL)
    if not url:
        return found, [f"Rasa 没有一起比：{_NO_URL}"]
    if not _is_rasa_there(url, token):
        return found, ["Rasa 没有运行，没有给它打分。启动它：make rasa-run。"]
    return [*found, engines.rasa(url, token)], []


def _moment(text: str | None) -> datetime:
    from nlu.parse import as_moment

    try:
        return as_moment(text) if text else datetime.now(UTC)
    except ValueError as error:
        raise typer.BadParameter(f"--now 要写成 2026-11-23T10:00 这样：{error}") from error


def _engine(name: EngineName) -> Engine:
    from nlu.understand import make_engine

    url = os.environ.get("RASA_URL", "")
    if name is EngineName.RASA and not url:
        raise typer.BadParameter(_NO_URL)
    token = os.environ.get("RASA_TOKEN", "")
    if name is EngineName.RASA and not _is_rasa_there(url, token):
        print("注意：Rasa 没有应答，先用进程内的引擎。", file=sys.stderr)
    return make_engine(name.value, url, rasa_token=token)


def _is_rasa_there(url: str, token: str) -> bool:
    from nlu.classify.rasa_check import UnusableServer, is_serving

    try:
        return is_serving(url, token)
    except UnusableServer as error:
        raise typer.BadParameter(str(error)) from error


if __name__ == "__main__":
    app()
