"""The command line of understanding: parse, train, evaluate."""

import io
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nlu.types import Context, Engine

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


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="带标签的 JSON 行。")],
    engine: _Engine = EngineName.LOCAL,
    now: _Now = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 而不是表格。")] = False,
) -> None:
    """给引擎打分。每行 {"text", "intent"}，可带 "entities" 和 "now"。"""
    from nlu.evaluate import evaluate as score
    from nlu.evaluate import read_labelled
    from nlu.evaluate_tables import show

    try:
        rows = read_labelled(file, _moment(now))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    report = score(_engine(engine), rows)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        show(report)


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
        raise typer.BadParameter("rasa 引擎要先设 RASA_URL，例如 http://127.0.0.1:5005")
    token = os.environ.get("RASA_TOKEN", "")
    if name is EngineName.RASA:
        _look_at_rasa(url, token)
    return make_engine(name.value, url, rasa_token=token)


def _look_at_rasa(url: str, token: str) -> None:
    from nlu.classify.rasa_check import UnusableServer, is_serving

    try:
        if not is_serving(url, token):
            print("注意：Rasa 没有应答，先用进程内的引擎。", file=sys.stderr)
    except UnusableServer as error:
        raise typer.BadParameter(str(error)) from error


if __name__ == "__main__":
    app()
