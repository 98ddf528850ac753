"""The changes an officer can make to a record at the desk: fields, and the command they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.access import has_role
from bot.errors import Refused
from bot.handlers.transitions import next_status
from bot.records import Record
from bot.words import sentences
from flows import commands as c
from storage.kinds import HardshipLevel, RecordKind, Role
from storage.models.officer import Officer

Form = Mapping[str, str]
Options = tuple[tuple[str, str], ...]
LONGEST = 4000


@dataclass(frozen=True)
class Field:
    """One input: `kind` is text, long, date, check or choice."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    options: Options = ()


@dataclass(frozen=True)
class Change:
    """One form: its address, its words, its fields and how it becomes a command."""

    name: str
    title: str
    command: type[c.OfficerCommand]
    build: Callable[[str, int | None, Form], c.OfficerCommand]
    fields: tuple[Field, ...] = ()
    hint: str = ""
    least: Role = Role.CLERK
    first: bool = False


def _day(form: Form, name: str) -> date | None:
    value = form.get(name, "").strip()
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refused("日期写得不对，请这样写：2026-11-23。") from None


def _number(form: Form, name: str) -> int | None:
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _text(form: Form, name: str) -> str:
    value = form.get(name, "").strip()
    if len(value) > LONGEST:
        raise Refused(f"写得太长了，最多 {LONGEST} 个字。")
    return value


def _level(form: Form) -> HardshipLevel:
    try:
        return HardshipLevel(form.get("level", ""))
    except ValueError:
        raise Refused("请选一个等级。") from None


def _visit(ref: str, version: int | None, form: Form) -> c.LogVisit:
    method, met, result = (_text(form, name) for name in ("method", "met", "result"))
    return c.LogVisit(ref, version, method, met, result, _day(form, "on"), _day(form, "next_on"))


def _return(ref: str, version: int | None, form: Form) -> c.RecordReturn:
    placement, school = _text(form, "placement"), _text(form, "school")
    return c.RecordReturn(ref, version, placement, school, _day(form, "on"))


_REASON = Field("reason", "原因", "long", required=True)
_NOTE = Field("note", "说明", "long")
_WAYS: Options = tuple((way, way) for way in ("上门", "电话", "视频", "请到学校", "托人带话"))
_PLACEMENTS: Options = (
    ("", "回原来的学校"),
    ("转到别的学校", "转到别的学校"),
    ("职业学校", "职业学校"),
    ("特殊教育学校", "特殊教育学校"),
    ("送教上门", "送教上门"),
)
_LEVELS: Options = tuple((level.value, f"level.{level.value}") for level in HardshipLevel)
_CLOSING_DROPOUT = (
    *("returned", "placed", "completed", "transferred", "deferred"),
    *("abroad", "deceased", "data_error", "duplicate", "excluded"),
)
_CLOSING_OTHER = ("resolved", "unfounded", "duplicate")

CHANGES: tuple[Change, ...] = (
    Change(
        "reply",
        "回复对方",
        c.Reply,
        lambda ref, version, form: c.Reply(
            ref, version, _text(form, "text"), form.get("hand_back") == "yes"
        ),
        (
            Field("text", "要说的话", "long", required=True),
            Field("hand_back", "说完就交还机器人", "check"),
        ),
        "对方会在自己的聊天里收到。没交还以前，机器人不说话。",
        first=True,
    ),
    Change("hand-back", "交还机器人", c.HandBack, lambda r, v, f: c.HandBack(r, v), first=True),
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
        lambda r, v, f: c.ReturnForCorrection(r, v, _text(f, "document"), _text(f, "reason")),
        (Field("document", "哪一项材料或答案", "choice"), _REASON),
        "原因会告诉申请人。",
        Role.OFFICER,
    ),
    Change(
        "level",
        "定困难等级",
        c.SetLevel,
        lambda r, v, f: c.SetLevel(r, v, _level(f), _text(f, "reason")),
        (Field("level", "等级", "choice", True, _LEVELS), Field("reason", "理由", "long")),
        "由学校认定，机器人只提建议。",
        Role.OFFICER,
    ),
    Change(
        "approve",
        "认定通过",
        c.ApproveApplication,
        lambda r, v, f: c.ApproveApplication(r, v, _text(f, "note")),
        (_NOTE,),
        least=Role.OFFICER,
    ),
    Change(
        "reject",
        "不予认定",
        c.RejectApplication,
        lambda r, v, f: c.RejectApplication(r, v, _text(f, "reason")),
        (_REASON,),
        "原因和申诉办法会告诉申请人。",
        Role.OFFICER,
    ),
    Change(
        "visit",
        "劝返记录",
        c.LogVisit,
        _visit,
        (
            Field("method", "方式", "choice", True, _WAYS),
            Field("met", "见到谁"),
            Field("result", "结果", "long", required=True),
            Field("on", "日期", "date"),
            Field("next_on", "下次打算哪天去", "date"),
        ),
        "只能增加，不能修改。",
        first=True,
    ),
    Change(
        "return",
        "登记复学或安置",
        c.RecordReturn,
        _return,
        (
            Field("placement", "去向", "choice", options=_PLACEMENTS),
            Field("school", "学校"),
            Field("on", "哪天起", "date"),
        ),
        "核实以后再登记。",
        Role.OFFICER,
    ),
    Change(
        "note",
        "内部备注",
        c.AddNote,
        lambda r, v, f: c.AddNote(r, v, _text(f, "text")),
        (Field("text", "备注", "long", required=True),),
        "对方看不到。",
    ),
    Change(
        "assign",
        "分配",
        c.Assign,
        lambda r, v, f: c.Assign(r, v, _number(f, "officer")),
        (Field("officer", "交给谁", "choice"),),
        least=Role.OFFICER,
    ),
    Change(
        "escalate",
        "上报一级",
        c.Escalate,
        lambda r, v, f: c.Escalate(r, v, _text(f, "reason")),
        (_REASON,),
        least=Role.OFFICER,
    ),
    Change(
        "request-close",
        "申请办结",
        c.RequestClose,
        lambda r, v, f: c.RequestClose(r, v, _text(f, "code"), _text(f, "note")),
        (Field("code", "办结原因", "choice", True), _NOTE),
        "要另一位主管同意。",
        Role.OFFICER,
    ),
    Change(
        "approve-close",
        "同意办结",
        c.ApproveClose,
        lambda r, v, f: c.ApproveClose(r, v, _text(f, "note")),
        (_NOTE,),
        "不能审自己申请的。",
        Role.SUPERVISOR,
        True,
    ),
    Change(
        "reopen",
        "重新打开",
        c.Reopen,
        lambda r, v, f: c.Reopen(r, v, _text(f, "reason")),
        (_REASON,),
        least=Role.OFFICER,
    ),
)
BY_NAME: Mapping[str, Change] = {change.name: change for change in CHANGES}


def possible(record: Record, officer: Officer, talking: bool) -> list[Change]:
    """The changes that status and role allow now; `talking` says an officer has taken over."""
    return [change for change in CHANGES if _is_possible(change, record, officer, talking)]


def closing_codes(record: Record) -> Options:
    """Why a record of this kind may be closed."""
    dropout = record.kind == RecordKind.DROPOUT_CASE
    codes = _CLOSING_DROPOUT if dropout else _CLOSING_OTHER
    return tuple((code, sentences().get(f"closing.{code}", code)) for code in codes)


def _is_possible(change: Change, record: Record, officer: Officer, talking: bool) -> bool:
    if not has_role(officer.role, change.least) or not _makes_sense(change, record, talking):
        return False
    try:
        target = next_status(record.kind, str(record.status), change.command)
    except Refused:
        return False
    pending = record.close_requested_by_id is not None
    return change.command is not c.Reopen or pending or target != record.status


def _makes_sense(change: Change, record: Record, talking: bool) -> bool:
    """What the status alone does not say: is anybody there to talk to, was a close asked for."""
    pending = record.close_requested_by_id is not None
    reasons: dict[type[c.OfficerCommand], bool] = {
        c.Reply: record.conversation_id is not None,
        c.HandBack: talking,
        c.ApproveClose: pending,
        c.RequestClose: not pending,
    }
    return reasons.get(change.command, True)
