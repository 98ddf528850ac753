"""Answering a family that says that something is written wrongly; on a page of its own."""

from bot.web.changes.form import REASON, Change, Field, text
from flows import commands as c

CHANGES: tuple[Change, ...] = (
    Change(
        "correct",
        "更正一项",
        c.CorrectAnswer,
        lambda r, v, f: c.CorrectAnswer(
            r, v, f.get("field", ""), text(f, "value"), text(f, "note"), f.get("more") == "yes"
        ),
        (
            Field("value", "应该是", "text", required=True),
            Field("note", "凭什么改（看了什么、谁说的）", "text", required=True),
            Field("more", "家里说的还没改完，还有别的要改", "check"),
        ),
        in_place=True,
    ),
    Change(
        "refuse-correction",
        "不改，告诉家里原因",
        c.RefuseCorrection,
        lambda r, v, f: c.RefuseCorrection(r, v, text(f, "reason")),
        (REASON,),
        in_place=True,
    ),
)
