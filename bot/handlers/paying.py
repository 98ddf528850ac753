"""Noting that money was paid: only what the office enters is ever told."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.cases.notices import tell_person
from bot.cases.payments import standing
from bot.clock import day_words, local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import move, touch
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c
from storage.models.recognition import Payment

_MOST = Decimal(1_000_000)


async def mark_paid(turn: Acting, command: c.MarkPaid) -> Outcome:
    """Keep one payment, once; several come in the course of the terms."""
    record = await access_for_change(turn, command)
    move(turn, record, c.MarkPaid)
    fen = fen_of(command.amount)
    paid_on = _day(command.paid_on, local_day(turn.now))
    programme, period = _named(command.programme), _named(command.period)
    one = (paid_on, fen, programme, period)
    for row in standing(await turn.uow.recognition.payments(record.reference)):
        if (row.paid_on, row.fen, row.programme, row.period) == one:
            raise Refused(render("refused.paid_already"))
    await turn.uow.recognition.add_payment(
        record.reference, paid_on, fen, programme, period, turn.now, turn.by.id
    )
    yuan = yuan_words(fen)
    await turn.audit(
        "mark_paid", record, on=paid_on.isoformat(), yuan=yuan, programme=programme, period=period
    )
    await tell_person(
        turn,
        record,
        "application.paid",
        day=day_words(paid_on),
        yuan=yuan,
        programme=programme,
        period=period,
    )
    return outcome(record)


async def correct_payment(turn: Acting, command: c.CorrectPayment) -> Outcome:
    """Take back what was noted by mistake: a line is added, none is changed, the family is told."""
    record = await access_for_change(turn, command)
    after = next_status(record.kind, str(record.status), c.CorrectPayment)
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    there = standing(await turn.uow.recognition.payments(record.reference))
    wrong = _meant(there, command.payment)
    await turn.uow.recognition.add_payment(
        record.reference, wrong.paid_on, -wrong.fen, wrong.programme, wrong.period, turn.now,
        turn.by.id,
    )  # fmt: skip
    touch(turn, record, after if len(there) == 1 else None)
    told = {
        "yuan": yuan_words(wrong.fen),
        "programme": wrong.programme,
        "period": wrong.period,
        "reason": reason,
    }
    await turn.audit("correct_payment", record, on=wrong.paid_on.isoformat(), **told)
    await tell_person(turn, record, "application.payment_corrected", **told)
    return outcome(record)


def _meant(there: Sequence[Payment], payment: int | None) -> Payment:
    """The payment that is meant, the newest when none is named. Raises Refused."""
    meant = [row for row in there if payment in (None, row.id)]
    if not meant:
        raise Refused(render("refused.no_payment"))
    return max(meant, key=lambda row: row.id)


def fen_of(amount: Decimal | None) -> int:
    """A sum in fen. Raises Refused for none, for less than a fen and for too much."""
    try:
        fen = (amount or Decimal(0)) * 100
        if not 0 < fen <= _MOST * 100 or fen != fen.to_integral_value():
            raise Refused(render("refused.amount"))
    except InvalidOperation:
        raise Refused(render("refused.amount")) from None
    return int(fen)


def yuan_words(fen: int) -> str:
    """A sum as people write it: 625 or 312.50."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)


def _day(paid_on: date | None, today: date) -> date:
    if paid_on is None:
        raise Refused(render("refused.paid_when"))
    if paid_on > today:
        raise Refused(render("refused.day_future"))
    return paid_on


def _named(words: str) -> str:
    if not words.strip():
        raise Refused(render("refused.paid_what"))
    return words.strip()
