"""Who answers for a record: handing it on and up, and letting its clock wait."""

from bot.web.changes.form import REASON, Change, Field, Form, day, number, text
from flows import commands as c


def _transfer(ref: str, version: int | None, form: Form) -> c.TransferRecord:
    """The choice names an officer (`officer:5`) or a place (`place:152221`)."""
    kind, _, value = form.get("to", "").partition(":")
    officer = number({"officer": value}, "officer") if kind == "officer" else None
    place = value[:12] if kind == "place" else None
    return c.TransferRecord(ref, version, officer, place, text(form, "reason"))


CHANGES: tuple[Change, ...] = (
    Change(
        "accept-transfer",
        "接下转交",
        c.AcceptTransfer,
        lambda r, v, f: c.AcceptTransfer(r, v),
        hint="接下以后，由您负责。",
        first=True,
    ),
    Change(
        "reject-transfer",
        "退回转交",
        c.RejectTransfer,
        lambda r, v, f: c.RejectTransfer(r, v, text(f, "reason")),
        (REASON,),
        "还由原来的同事负责，原因会告诉他。",
    ),
    Change(
        "assign",
        "接单、分配",
        c.Assign,
        lambda r, v, f: c.Assign(r, v, number(f, "officer")),
        (Field("officer", "交给谁", "choice"),),
    ),
    Change(
        "transfer",
        "转交给别处",
        c.TransferRecord,
        _transfer,
        (Field("to", "转交给", "choice", True), REASON),
        "对方接下以前，还由这里负责，时限照走。",
    ),
    Change(
        "escalate",
        "上报一级",
        c.Escalate,
        lambda r, v, f: c.Escalate(r, v, text(f, "reason")),
        (REASON,),
    ),
    Change(
        "snooze",
        "暂缓",
        c.Snooze,
        lambda r, v, f: c.Snooze(r, v, day(f, "until"), text(f, "reason")),
        (Field("until", "到哪天", "date", True), REASON),
        "时限改到这一天下班；选了不上班的日子，就顺延到下一个上班日。紧急情况不能暂缓。",
    ),
)
