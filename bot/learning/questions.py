"""Counts which question of a form was asked and which was answered, so that the office sees where
people stop. Numbers of a day only: not who, not where, not what was said.
"""

from collections import Counter
from datetime import date

from flows.commands import BookTraining, FileRecord
from flows.engine import Turn
from flows.state import Frame, State
from storage.repositories.questions import Question
from storage.uow import UnitOfWork

CONFIRM = "confirm"
"""The summary before filing, counted like a question."""


async def count_questions(uow: UnitOfWork, before: State, turn: Turn, day: date) -> None:
    """Count what one turn asked and what it got an answer to."""
    asked, answered = counted(before, turn)
    if asked or answered:
        await uow.questions.count(day, asked, answered)


def counted(before: State, turn: Turn) -> tuple[Counter[Question], Counter[Question]]:
    """The questions asked anew, and those that an answer came to."""
    was, now = before.frame, turn.state.frame
    asked: Counter[Question] = Counter()
    answered: Counter[Question] = Counter()
    if now is not None and (slot := _question(now)) and not _is_same(was, now):
        asked[now.flow, slot] += 1
    if was is not None and (slot := _question(was)) and _is_answered(was, turn):
        answered[was.flow, slot] += 1
    return asked, answered


def _question(frame: Frame) -> str | None:
    if frame.stage == "confirming":
        return CONFIRM
    return frame.asked.slot if frame.asked and frame.stage == "asking" else None


def _is_same(was: Frame | None, now: Frame) -> bool:
    """Whether it is still the same open question, asked again or waiting."""
    if was is None or was.topic != now.topic or was.flow != now.flow:
        return False
    return _question(was) == _question(now) and was.asked == now.asked


def _is_answered(was: Frame, turn: Turn) -> bool:
    after = next((f for f in turn.state.stack if _is_one(f, was)), None)
    if after is None:  # over: filed is answered, given up is not
        return any(isinstance(each, FileRecord | BookTraining) for each in turn.commands)
    if was.stage == "confirming":
        return after.stage != "confirming"
    asked = was.asked
    if asked is None or asked.item >= len(after.items):
        return False
    return not after.items[asked.item].is_open(asked.slot)


def _is_one(frame: Frame, other: Frame) -> bool:
    return frame.flow == other.flow and frame.topic == other.topic
