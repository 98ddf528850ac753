"""The papers of an application for student aid, and turning it down."""

from bot.web.changes.form import REASON, Change, Field, Options, text
from bot.words import render
from flows import commands as c
from flows.aid.faults import Fault

FAULTS: Options = tuple((fault.value, render(f"fault.{fault}")) for fault in Fault)

CHANGES: tuple[Change, ...] = (
    Change(
        "accept",
        "受理，开始审核",
        c.AcceptApplication,
        lambda r, v, f: c.AcceptApplication(r, v),
        hint="材料齐了再点。",
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
    ),
    Change(
        "accept-document",
        "收下一张材料",
        c.AcceptDocument,
        lambda r, v, f: c.AcceptDocument(r, v, text(f, "document")),
        in_place=True,
    ),
    Change(
        "reject",
        "不予认定",
        c.RejectApplication,
        lambda r, v, f: c.RejectApplication(r, v, text(f, "reason")),
        (REASON,),
        "原因和申诉办法会告诉申请人。",
    ),
)
