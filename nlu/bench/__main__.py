"""`make bench-nlu`: how fast, how soon and how big the engines are, on one core, in one run."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nlu.bench import embedded, served
from nlu.bench.machine import load, pin
from nlu.bench.table import table
from nlu.classify import local, training
from nlu.evaluate import read_labelled


def main(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="带标签的 JSON 行。")],
) -> None:
    """在一个核上量：读一句话多久，启动多久，占多少内存；有 Rasa 就一起量。"""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended too
    out = Console()
    core = pin()
    busy = load()
    out.print(f"只用第 {core} 号核。" if core is not None else "这台机器不能固定到一个核。")
    if busy is not None:
        out.print(f"开始前一分钟，平均有 {busy:.1f} 个程序在抢着算（越接近 0 量得越准）。")
    if not local.model_path(training.INTENTS_FOLDER, local.MODEL_FOLDER).exists():
        local.train()
    try:
        ours = embedded.measure(file)
    except RuntimeError as error:
        out.print("自带的引擎启动不了，上面说了为什么。")
        raise typer.Exit(1) from error
    note, theirs = "", None
    try:
        theirs = served.measure([row.text for row in read_labelled(file, datetime.now(UTC))])
    except served.MissingRasa as missing:
        note = str(missing)
    out.print(table(ours, theirs))
    if theirs is not None and theirs.silent:
        note = f"Rasa 有 {theirs.silent} 次没有应答，它的时间不可信。"
    if note:
        out.print(note)


if __name__ == "__main__":
    typer.run(main)
