"""Closing a record by four eyes, and opening it again."""

from bot.cases.records import Record
from bot.web.changes.form import APPROVAL_PAPER, NOTE, REASON, Change, Field, Options, text
from bot.words import sentences
from flows import commands as c
from flows.dropout.closing import CODES
from storage.kinds import RecordKind

_OTHER = ("resolved", "unfounded", "duplicate")


def closing_codes(record: Record) -> Options:
    """Why a record of this kind may be closed."""
    codes = CODES if record.kind == RecordKind.DROPOUT_CASE else _OTHER
    return tuple((code, sentences().get(f"closing.{code}", code)) for code in codes)


CHANGES: tuple[Change, ...] = (
    Change(
        "request-close",
        "申请办结",
        c.RequestClose,
        lambda r, v, f: c.RequestClose(r, v, text(f, "code"), text(f, "note")),
        (Field("code", "办结原因", "choice", True), NOTE, APPROVAL_PAPER),
        "要另一位主管同意。因为身体原因、延缓入学或者休学办结的，要有批准文件。",
    ),
    Change(
        "approve-close",
        "同意办结",
        c.ApproveClose,
        lambda r, v, f: c.ApproveClose(r, v, text(f, "note")),
        (NOTE,),
        "不能审自己申请的。",
        True,
    ),
    Change(
        "decline-close",
        "不同意办结，接着办",
        c.DeclineClose,
        lambda r, v, f: c.DeclineClose(r, v, text(f, "reason")),
        (REASON,),
        "申请的人会收到原因。自己申请错了，也在这里收回。",
    ),
    Change(
        "reopen",
        "重新打开",
        c.Reopen,
        lambda r, v, f: c.Reopen(r, v, text(f, "reason")),
        (REASON,),
    ),
)
