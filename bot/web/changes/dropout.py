"""Bringing a child back to school."""

from bot.web.changes.form import Change, Field, Form, Options, day, text
from flows import commands as c
from storage.kinds import Role

_WAYS: Options = tuple((way, way) for way in ("上门", "电话", "视频", "请到学校", "托人带话"))
_PLACEMENTS: Options = (
    ("", "回原来的学校"),
    ("转到别的学校", "转到别的学校"),
    ("职业学校", "职业学校"),
    ("特殊教育学校", "特殊教育学校"),
    ("送教上门", "送教上门"),
)


def _visit(ref: str, version: int | None, form: Form) -> c.LogVisit:
    method, met, result = (text(form, name) for name in ("method", "met", "result"))
    return c.LogVisit(ref, version, method, met, result, day(form, "on"), day(form, "next_on"))


def _return(ref: str, version: int | None, form: Form) -> c.RecordReturn:
    placement, school = text(form, "placement"), text(form, "school")
    return c.RecordReturn(ref, version, placement, school, day(form, "on"))


CHANGES: tuple[Change, ...] = (
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
)
