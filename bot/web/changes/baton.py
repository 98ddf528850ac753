"""Who answers for a record: handing it on and up."""

from bot.web.changes.form import REASON, Change, Field, number, text
from flows import commands as c
from storage.kinds import Role

CHANGES: tuple[Change, ...] = (
    Change(
        "assign",
        "分配",
        c.Assign,
        lambda r, v, f: c.Assign(r, v, number(f, "officer")),
        (Field("officer", "交给谁", "choice"),),
        least=Role.OFFICER,
    ),
    Change(
        "escalate",
        "上报一级",
        c.Escalate,
        lambda r, v, f: c.Escalate(r, v, text(f, "reason")),
        (REASON,),
        least=Role.OFFICER,
    ),
)
