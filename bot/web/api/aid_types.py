"""The bodies of the commands from an application's papers to the money (contract section 6)."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from bot.web.api.types import LONG, SHORT, WORDS, Change, Count
from flows.aid.faults import Fault


class PaperReturnChange(Change):
    """Why this paper goes back: a usual fault, own words, or both."""

    fault: Fault | None = None
    reason: str = Field(default="", max_length=LONG)


class PublishChange(Change):
    """For how many working days the result is up; without a number, as few as policy allows."""

    days: int | None = Field(default=None, ge=1, le=60)
    place: str = Field(default="", max_length=SHORT)


class ObjectionChange(Change):
    """What somebody said against a published result; never who."""

    text: str = Field(pattern=WORDS, max_length=LONG)


class FindingChange(Change):
    """What checking an objection found; without its id, all that are open."""

    finding: str = Field(pattern=WORDS, max_length=LONG)
    objection: int | None = Field(default=None, ge=1, le=2**31 - 1)


class PaymentChange(Change):
    """Money that was paid: `amount` in yuan, at most two decimals."""

    paid_on: date
    amount: Decimal = Field(gt=0, le=1_000_000, decimal_places=2)
    programme: str = Field(pattern=WORDS, max_length=100)
    period: str = Field(pattern=WORDS, max_length=100)


class PaymentCorrectionChange(Change):
    """Which payment was noted by mistake, the newest when none is named, and why."""

    payment: Count | None = None
    reason: str = Field(pattern=WORDS, max_length=LONG)
