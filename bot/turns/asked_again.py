"""An officer's question that still waits is not forgotten while the person does something else."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.handlers.acting import Acting
from bot.handlers.asking import ask_anew, put_question
from bot.rights.actor import Actor
from bot.turns.answers import POLITE, payload_of
from bot.turns.topics import topic_of_record
from bot.words import render
from flows.commands import DeleteMyData
from flows.engine import Turn
from flows.heard import Heard
from flows.say import Choice
from flows.state import Offer, State
from storage.models.inquiry import Inquiry
from storage.models.message import InboxMessage
from storage.uow import UnitOfWork

PRESS_QUESTION = "!question=now"
_OURS = "!question="


def wants_question(state: State, heard: Heard) -> bool:
    """Whether the button that shows the officer's question was pressed or typed out."""
    choice = heard.understood.choice
    return payload_of(state, heard.press, heard.text, choice) == PRESS_QUESTION


def plain(heard: Heard) -> Heard:
    """A button about a question that waits no longer leads back to where the person was."""
    is_ours = heard.press is not None and heard.press.startswith(_OURS)
    return replace(heard, press="!cmd=again") if is_ours else heard


@dataclass(frozen=True)
class Waiting:
    """A turn of the dialogue beside which an officer's question may wait."""

    inquiry: Inquiry | None
    before: State
    heard: Heard
    turn: Turn
    taken_back: bool
    """Whether the words had gone to the officer by mistake."""

    @property
    def is_due(self) -> bool:
        """Whether the turn ends where the question is put again: no form is open."""
        turn, before = self.turn, self.before
        if self.inquiry is None or turn.state.frame is not None or _is_danger(before):
            return False
        is_end = before.frame is not None or self._is_polite or self.taken_back
        return is_end and not self._ends_it

    @property
    def shown(self) -> Turn:
        """The turn, with a button to the question when that is not put again by itself."""
        turn = self.turn
        if self.inquiry is None or not turn.replies or self._ends_it or _is_danger(turn.state):
            return turn
        if not self.is_due:
            return _with_way_back(turn)
        is_lost = self.taken_back and turn.replies[-1].key.startswith("common.not_understood")
        return replace(turn, replies=()) if is_lost or self._is_polite else turn

    @property
    def _is_polite(self) -> bool:
        """A greeting between question and answer wants no menu, only the question."""
        is_outside = self.before.frame is None and self.before.introduced
        return is_outside and self.heard.understood.intent in POLITE and not self.heard.press

    @property
    def _ends_it(self) -> bool:
        commands, reference = self.turn.commands, self.inquiry and self.inquiry.reference
        is_about_it = reference in {getattr(command, "reference", None) for command in commands}
        return is_about_it or any(isinstance(command, DeleteMyData) for command in commands)


def _with_way_back(turn: Turn) -> Turn:
    title = render("question.answer_now")
    *rest, last = turn.replies
    last = replace(last, choices=(*last.choices, Choice(title, PRESS_QUESTION, literal=True)))
    offered = [*turn.state.offered, Offer(payload=PRESS_QUESTION, title=title)]
    state = turn.state.model_copy(update={"offered": offered})
    return replace(turn, replies=(*rest, last), state=state)


def _is_danger(state: State) -> bool:
    return state.frame is not None and state.frame.flow == "emergency"


async def ask_again(uow: UnitOfWork, inquiry: Inquiry, row: InboxMessage, now: datetime) -> None:
    """Put the officer's question as the last thing said, if it still waits."""
    record = await uow.records.get(inquiry.reference)
    if inquiry.status == "open" and record is not None:
        await put_question(uow, inquiry, record, now, "question.again", in_reply_to=row.id)


async def take_back(uow: UnitOfWork, row: InboxMessage, by: Actor, now: datetime) -> None:
    """An earlier message was no answer: the officer hears so and the question waits again."""
    reference = (row.topic or "").removeprefix(topic_of_record(""))
    record = await uow.records.get(reference, lock=True)
    row.topic = None
    if record is not None:
        await ask_anew(Acting(uow, by, now), record)
