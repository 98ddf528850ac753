"""Where people stop: counted a question and a day, and nothing else is kept."""

from datetime import date

import pytest

from bot.learning.questions import counted
from bot.reports.questions import FORMS, label_of, questions_report
from bot.reports.scope import Scope
from flows.all import ALL
from flows.commands import FileRecord
from flows.engine import Turn
from flows.state import Asked, Frame, Item, State
from flows.steps import Ask
from storage.db import Database
from storage.kinds import RecordKind
from storage.models.question import QuestionCount

DAY = date(2026, 11, 23)


def state(asked: str | None, stage: str = "asking", **slots: object) -> State:
    """A conversation in the aid form."""
    frame = Frame(flow="aid", topic="aid:1", items=[Item(slots=slots)])
    frame.asked = Asked(slot=asked) if asked else None
    frame.stage = stage  # type: ignore[assignment]
    return State(stack=[frame])


FILED = FileRecord(RecordKind.AID_APPLICATION, "A26-0001-0001", {}, None)
NOTHING = State()


@pytest.mark.parametrize(
    ("before", "after", "filed", "asked", "answered"),
    [
        (NOTHING, state("age"), False, {("aid", "age"): 1}, {}),
        (state("age"), state("age"), False, {}, {}),
        (state("age"), state("school", age=8), False, {("aid", "school"): 1}, {("aid", "age"): 1}),
        (state("age"), NOTHING, False, {}, {}),
        (state("age"), state(None, "confirming", age=8), False, {("aid", "confirm"): 1},
         {("aid", "age"): 1}),
        (state(None, "confirming"), NOTHING, True, {}, {("aid", "confirm"): 1}),
        (state(None, "confirming"), NOTHING, False, {}, {}),
    ],
)  # fmt: skip
def test_what_a_turn_counts(
    before: State, after: State, filed: bool, asked: object, answered: object
) -> None:
    turn = Turn(after, (), (FILED,) if filed else ())
    assert counted(before, turn) == (asked, answered)


def test_every_question_of_the_forms_has_a_name_in_chinese() -> None:
    asks = [(f.name, s.slot) for f in ALL if f.name in FORMS for s in f.steps if isinstance(s, Ask)]
    assert len(asks) > 20
    names = [label_of(*ask) for ask in asks]
    assert [name for name in names if name.isascii() or name == "别的问题"] == []


async def test_counts_add_up_and_are_shown_in_the_order_of_the_form(db: Database) -> None:
    for asked, answered in ((3, 2), (1, 0)):
        async with db.write() as uow:
            questions = {("aid", "school"): asked, ("aid", "child_name"): asked}
            await uow.questions.count(DAY, questions, {("aid", "school"): answered})
    async with db.read() as uow:
        report = await questions_report(uow, Scope("150000", "2026-11", "2026-11"))
        before = await questions_report(uow, Scope("150000", "2026-10", "2026-10"))
    lines = [[cell.value for cell in line] for line in report.parts[0].table.lines]
    assert [line[1:] for line in lines] == [[4, 0, 4, 100.0], [4, 2, 2, 50.0]]
    assert before.parts[0].table.lines == ()


def test_nothing_of_a_person_is_kept() -> None:
    kept = {column.name for column in QuestionCount.__table__.columns}
    assert kept == {"id", "day", "flow", "slot", "asked", "answered"}
