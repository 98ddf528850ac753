"""`policy-score`: how many questions of policy find the right answer first."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import out, refused
from bot.clock import SHANGHAI, utc_now

EXAMPLES = "例：python -m bot policy-score tests/flows/policy_questions_200.yaml --wrong"


def policy_score(
    file: Annotated[
        Path, typer.Argument(help="题目文件：asked 是问题和回答的代号，off_topic 不该答")
    ],
    wrong: Annotated[bool, typer.Option("--wrong", help="把答错的一条一条列出来")] = False,
    day: Annotated[
        datetime | None, typer.Option("--on", help="假定今天是这一天", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """量一量：政策问题有多少一下就找到了对的回答。"""
    from flows.content import read, understood
    from flows.policy.score import score
    from nlu.types import BadContent

    try:
        with understood(file):
            questions = read(file)
            asked = {str(words): str(answer) for words, answer in questions["asked"].items()}
            foreign = [str(words) for words in questions["off_topic"]]
    except BadContent as bad:
        raise refused(f"题目文件 {file} 读不了：{bad}") from None
    on = (day or utc_now().astimezone(SHANGHAI)).date()
    found = score(asked, foreign, on)
    right = found.asked - len(found.missed)
    console = out()
    console.print(f"第一条就对：{right}/{found.asked} = {found.right_share:.3f}")
    console.print(
        f"不该答却答了：{len(found.answered)}/{found.foreign} = {found.foreign_share:.3f}"
    )
    for miss in (*found.missed, *found.answered) if wrong else ():
        line = f"  {miss.question} → {miss.found or '没有答'}（应该是 {miss.wanted or '不答'}）"
        console.print(line, markup=False)
