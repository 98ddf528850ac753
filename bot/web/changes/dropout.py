"""Bringing a child back to school: one form for each step of a dropout case's life."""

from bot.handlers.persuading import RESOURCES, WAYS
from bot.web.changes.form import (
    APPROVAL_PAPER,
    NOTE,
    Change,
    Field,
    Form,
    Options,
    day,
    number,
    text,
)
from bot.words import render
from flows import commands as c
from flows.dropout.closing import NO_DROPOUT
from flows.dropout.placements import PLACEMENTS
from storage.kinds import ResponsibleSide

_WAYS: Options = tuple((way, way) for way in WAYS)
_PLACEMENTS: Options = tuple((code, render(f"placement.{code}")) for code in PLACEMENTS)
_SIDES: Options = tuple((side.value, render(f"side.{side.value}")) for side in ResponsibleSide)
_NO_DROPOUT: Options = tuple((code, render(f"closing.{code}")) for code in NO_DROPOUT)
_YES = "yes"
_HELP: tuple[Field, ...] = tuple(
    Field(f"resource_{name}", f"用得上：{render(f'resource.{name}')}", "check")
    for name in RESOURCES
)


def _verify(ref: str, version: int | None, form: Form) -> c.VerifyCase:
    code = text(form, "no_dropout")
    looked = form.get("identity") == _YES, form.get("roll") == _YES
    where, note = text(form, "whereabouts"), text(form, "note")
    return c.VerifyCase(ref, version, *looked, where, not code, code, note)


def _responsible(ref: str, version: int | None, form: Form) -> c.NameResponsible:
    side = ResponsibleSide.VILLAGE if form.get("side") == "village" else ResponsibleSide.SCHOOL
    name, post, phone = (text(form, key) for key in ("name", "post", "phone"))
    return c.NameResponsible(ref, version, side, name, post, phone, number(form, "account"))


def _visit(ref: str, version: int | None, form: Form) -> c.LogVisit:
    method, met, result = (text(form, name) for name in ("method", "met", "result"))
    days = day(form, "on"), day(form, "next_on")
    who, corrects = text(form, "who"), number(form, "corrects")
    return c.LogVisit(ref, version, method, met, result, *days, who, corrects)


def _plan(ref: str, version: int | None, form: Form) -> c.SetFamilyPlan:
    resources = tuple(name for name in RESOURCES if form.get(f"resource_{name}") == _YES)
    return c.SetFamilyPlan(ref, version, text(form, "measures"), resources, day(form, "deadline"))


def _return(ref: str, version: int | None, form: Form) -> c.RecordReturn:
    placement, school = text(form, "placement"), text(form, "school")
    return c.RecordReturn(ref, version, placement, school, day(form, "on"), day(form, "until"))


CHANGES: tuple[Change, ...] = (
    Change(
        "verify",
        "核实情况",
        c.VerifyCase,
        _verify,
        (
            Field("identity", "身份核实了（姓名、年龄、户籍）", "check"),
            Field("roll", "学籍查过了", "check"),
            Field("whereabouts", "孩子现在在哪里、在做什么", required=True),
            Field(
                "no_dropout", "不是失学？选原因", "choice", options=(("", "是失学"), *_NO_DROPOUT)
            ),
            NOTE,
        ),
        "三样都核实了再登记。不是失学的，会请主管审核办结。",
    ),
    Change(
        "responsible",
        "指定劝返责任人",
        c.NameResponsible,
        _responsible,
        (
            Field("side", "哪一方", "choice", True, _SIDES),
            Field("name", "姓名"),
            Field("post", "职务"),
            Field("phone", "电话"),
            Field("account", "本系统账号", "choice"),
        ),
        "学校一位、嘎查村一位。换人也在这里登记，原来的会留下记录。",
    ),
    Change(
        "plan",
        "一家一案：帮扶方案",
        c.SetFamilyPlan,
        _plan,
        (
            Field("measures", "打算怎么帮", "long", required=True),
            *_HELP,
            Field("deadline", "哪天以前做到", "date", required=True),
        ),
        "每改一次都留一个版本。",
    ),
    Change(
        "visit",
        "劝返记录",
        c.LogVisit,
        _visit,
        (
            Field("method", "方式", "choice", True, _WAYS),
            Field("who", "谁去的（不写就是您自己）"),
            Field("met", "见到谁"),
            Field("result", "结果", "long", required=True),
            Field("on", "日期", "date"),
            Field("next_on", "下次打算哪天去", "date"),
            Field("files", "照片", "file"),
            Field("corrects", "更正以前的哪一次", "choice"),
        ),
        "只能增加，不能修改。写错了，再记一条，选“更正以前的哪一次”。只写事实，不评价人。",
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
            Field("until", "到哪天为止（延缓入学、休学要写）", "date"),
            APPROVAL_PAPER,
        ),
        "核实以后再登记。",
    ),
    Change(
        "attendance",
        "到校情况",
        c.CheckAttendance,
        lambda r, v, f: c.CheckAttendance(
            r, v, f.get("present") != "no", day(f, "on"), text(f, "note")
        ),
        (
            Field("present", "孩子到校了吗", "choice", True, (("yes", "到校了"), ("no", "没到校"))),
            Field("on", "哪一天", "date"),
            NOTE,
        ),
        "头两周每天查一次，以后每周一次。",
    ),
    Change(
        "duplicate",
        "标为重复",
        c.MarkDuplicate,
        lambda r, v, f: c.MarkDuplicate(r, v, text(f, "of"), text(f, "note")),
        (Field("of", "和哪一条是同一个孩子（编号）", required=True), NOTE),
        "要另一位主管同意。原来那一条会接着办。",
    ),
)
