"""A place in a class for whom no message reaches, and who was there."""

from bot.web.changes.form import Change, Field
from flows import commands as c

CHANGES: tuple[Change, ...] = (
    Change(
        "give-place",
        "给他报上",
        c.GivePlace,
        lambda r, v, f: c.GivePlace(r, v),
        hint="打电话问过、本人说要去，再点。还有空位才报得上，本人会收到消息。",
        first=True,
    ),
    Change(
        "mark-attendance",
        "登记到课",
        c.MarkAttendance,
        lambda r, v, f: c.MarkAttendance(r, v, f.get("present") == "yes"),
        (Field("present", "到课了（没到就不勾）", "check"),),
        "以主办单位的点名为准。本人自己说的去没去，只作参考。",
    ),
)
