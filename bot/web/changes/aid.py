"""Deciding an application for student aid."""

from bot.errors import Refused
from bot.web.changes.form import NOTE, REASON, Change, Field, Form, Options, text
from bot.words import render
from flows import commands as c
from flows.aid.faults import Fault
from storage.kinds import HardshipLevel, Role

FAULTS: Options = tuple((fault.value, render(f"fault.{fault}")) for fault in Fault)
_LEVELS: Options = tuple((level.value, f"level.{level.value}") for level in HardshipLevel)


def _level(form: Form) -> HardshipLevel:
    try:
        return HardshipLevel(form.get("level", ""))
    except ValueError:
        raise Refused("请选一个等级。") from None


CHANGES: tuple[Change, ...] = (
    Change(
        "accept",
        "受理，开始审核",
        c.AcceptApplication,
        lambda r, v, f: c.AcceptApplication(r, v),
        hint="材料齐了再点。",
        least=Role.OFFICER,
        first=True,
    ),
    Change(
        "return-for-correction",
        "退回补正",
        c.ReturnForCorrection,
        lambda r, v, f: c.ReturnForCorrection(
            r, v, text(f, "document"), text(f, "reason"), text(f, "fault")
        ),
        (
            Field("document", "哪一项材料或答案", "choice"),
            Field("fault", "哪里不对", "choice"),
            Field("reason", "原因（自己写）", "long"),
        ),
        "只退这一项，原因会告诉申请人。已经收下的不会再要。",
        Role.OFFICER,
    ),
    Change(
        "accept-document",
        "收下一张材料",
        c.AcceptDocument,
        lambda r, v, f: c.AcceptDocument(r, v, text(f, "document")),
        least=Role.OFFICER,
        in_place=True,
    ),
    Change(
        "level",
        "定困难等级",
        c.SetLevel,
        lambda r, v, f: c.SetLevel(r, v, _level(f), text(f, "reason")),
        (Field("level", "等级", "choice", True, _LEVELS), Field("reason", "理由", "long")),
        "由学校认定，机器人只提建议。",
        Role.OFFICER,
    ),
    Change(
        "approve",
        "认定通过",
        c.ApproveApplication,
        lambda r, v, f: c.ApproveApplication(r, v, text(f, "note")),
        (NOTE,),
        least=Role.OFFICER,
    ),
    Change(
        "reject",
        "不予认定",
        c.RejectApplication,
        lambda r, v, f: c.RejectApplication(r, v, text(f, "reason")),
        (REASON,),
        "原因和申诉办法会告诉申请人。",
        Role.OFFICER,
    ),
)
