"""Putting a record under supervision, and lifting it."""

from bot.web.changes.form import REASON, Change, Field, day, text
from flows import commands as c

CHANGES: tuple[Change, ...] = (
    Change(
        "supervise",
        "督办",
        c.Supervise,
        lambda r, v, f: c.Supervise(r, v, text(f, "demand"), day(f, "until")),
        (Field("demand", "督办要求", "long", True), Field("until", "办到哪天", "date", True)),
        "有自己的期限，到期没解除，双方都会收到通知。选了不上班的日子，就顺延到下一个上班日。",
    ),
    Change(
        "lift-supervision",
        "解除督办",
        c.LiftSupervision,
        lambda r, v, f: c.LiftSupervision(r, v, text(f, "reason")),
        (REASON,),
    ),
)
