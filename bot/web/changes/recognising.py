"""The steps of recognising a family: the level, publication, objections, the result, the money."""

from decimal import Decimal, InvalidOperation

from bot.cases.records import Record
from bot.errors import Refused
from bot.web.changes.form import NOTE, Change, Field, Form, Options, day, number, text
from bot.words import render
from flows import commands as c
from flows.aid.eligibility import stage_of
from flows.policy.loader import load
from storage.kinds import HardshipLevel

_LEVELS: Options = tuple((level.value, f"level.{level.value}") for level in HardshipLevel)
_OTHER = ("", "别的，写在下面")


def _level(form: Form) -> HardshipLevel:
    try:
        return HardshipLevel(form.get("level", ""))
    except ValueError:
        raise Refused("请选一个等级。") from None


def _amount(form: Form) -> Decimal:
    try:
        return Decimal(form.get("amount", "").strip())
    except InvalidOperation:
        raise Refused(render("refused.amount")) from None


def _days(form: Form) -> int | None:
    written = form.get("days", "").strip()
    found = number(form, "days")
    if written and found is None:
        raise Refused("天数请写数字，比如 5。")
    return found


def _payment(reference: str, version: int | None, form: Form) -> c.MarkPaid:
    programme = text(form, "programme") or text(form, "other_programme")
    return c.MarkPaid(
        reference, version, day(form, "paid_on"), _amount(form), programme, text(form, "period")
    )


def programmes_to_pay(record: Record) -> Options:
    """The kinds of money that a child of this stage may get, by name."""
    grade = (record.slots or {}).get("grade")
    stage = stage_of(grade) if isinstance(grade, str) else None
    names = [
        programme.name
        for programme in load().aid.programmes
        if programme.kind in ("cash", "waiver") and (stage is None or stage in programme.stages)
    ]
    return (*((name, name) for name in dict.fromkeys(names)), _OTHER)


CHANGES: tuple[Change, ...] = (
    Change(
        "level",
        "定困难等级",
        c.SetLevel,
        lambda r, v, f: c.SetLevel(r, v, _level(f), text(f, "reason")),
        (Field("level", "等级", "choice", True, _LEVELS), Field("reason", "理由", "long")),
        "由学校认定，机器人只提建议。现在不告诉家长，公示的时候才告诉。",
    ),
    Change(
        "publish",
        "公示",
        c.PublishApplication,
        lambda r, v, f: c.PublishApplication(r, v, _days(f), text(f, "place")),
        (Field("days", "公示几个工作日（不写就按规定）"), Field("place", "在哪里公示")),
        "点了以后会告诉家长等级和公示到哪天。公示上不准写身份证号、住址、电话和困难的原因。",
    ),
    Change(
        "object",
        "有人提异议",
        c.RecordObjection,
        lambda r, v, f: c.RecordObjection(r, v, text(f, "text")),
        (Field("text", "说了什么（不用写是谁）", "long", True),),
        "写了核实结果，才能认定通过。",
    ),
    Change(
        "settle-objection",
        "异议核实完",
        c.SettleObjection,
        lambda r, v, f: c.SettleObjection(r, v, text(f, "finding"), number(f, "objection")),
        in_place=True,
    ),
    Change(
        "approve",
        "认定通过，建档",
        c.ApproveApplication,
        lambda r, v, f: c.ApproveApplication(r, v, text(f, "note")),
        (NOTE,),
        "公示满了、没有没办完的异议，才能通过。",
    ),
    Change(
        "pay",
        "登记发放",
        c.MarkPaid,
        _payment,
        (
            Field("paid_on", "哪天发的", "date", True),
            Field("amount", "发了多少元", required=True),
            Field("programme", "哪个补助", "choice"),
            Field("other_programme", "别的补助"),
            Field("period", "哪个学期，比如 2026年秋季学期", required=True),
        ),
        "写多少，就告诉家长多少，请先核对。",
    ),
    Change(
        "correct-payment",
        "这笔记错了",
        c.CorrectPayment,
        lambda r, v, f: c.CorrectPayment(r, v, number(f, "payment"), text(f, "reason")),
        in_place=True,
    ),
)
