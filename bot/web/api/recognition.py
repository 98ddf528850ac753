"""The recognition of one family in the JSON API: papers, level, publication, money; ISO dates."""

from datetime import date
from typing import Literal, TypedDict

from bot.cases.papers import PaperLine, paper_lines
from bot.cases.payments import noted
from bot.cases.recognition import StepKey, public_line, steps_of
from bot.handlers.paying import yuan_words
from bot.rights.covering import tells_of_health
from storage.models.application import Application
from storage.uow import UnitOfWork


class Paper(TypedDict):
    """One paper of the checklist; `reason` only while it is sent back."""

    document: str
    name: str
    optional: bool
    state: Literal["missing", "received", "accepted", "sent_back"]
    reason: str


class RecognitionStep(TypedDict):
    """One step of 教财〔2018〕16号; null until it is done."""

    step: StepKey
    on: str | None


class ObjectionDocument(TypedDict):
    """What was said against a published result; never by whom."""

    id: int
    text: str
    finding: str | None


class PaymentDocument(TypedDict):
    """Money that was paid, in yuan as the office entered it; `corrected` was a mistake."""

    id: int
    corrected: bool
    paid_on: str
    amount: str
    programme: str
    period: str


class RecognitionDocument(TypedDict):
    """How far the recognition is; `public` is all that may be published of the child."""

    level: str | None
    level_reason: str | None
    steps: list[RecognitionStep]
    published_on: str | None
    published_until: str | None
    public: dict[str, str]
    papers: list[Paper]
    objections: list[ObjectionDocument]
    payments: list[PaymentDocument]


async def recognition_document(
    uow: UnitOfWork, record: Application, health: bool
) -> RecognitionDocument:
    """The recognition as it is now; without the right, papers that tell of health are left out."""
    steps = await steps_of(uow, record, await uow.audit.of(record.reference))
    lines = await paper_lines(uow, record)
    return {
        "level": record.level,
        "level_reason": record.level_reason,
        "steps": [{"step": step.key, "on": _day(step.on)} for step in steps],
        "published_on": _day(record.published_on),
        "published_until": _day(record.published_until),
        "public": public_line(record),
        "papers": [_paper(x) for x in lines if health or not tells_of_health(x.paper.key)],
        "objections": [
            {"id": row.id, "text": row.text, "finding": row.finding}
            for row in await uow.recognition.objections(record.reference)
        ],
        "payments": [
            {
                "id": one.row.id,
                "corrected": one.taken_back,
                "paid_on": one.row.paid_on.isoformat(),
                "amount": yuan_words(one.row.fen),
                "programme": one.row.programme,
                "period": one.row.period,
            }
            for one in noted(await uow.recognition.payments(record.reference))
        ],
    }


def _paper(line: PaperLine) -> Paper:
    return {
        "document": line.paper.key,
        "name": line.paper.name,
        "optional": line.paper.optional,
        "state": line.state.value,
        "reason": line.reason,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
