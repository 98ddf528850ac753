"""What somebody says after an officer spoke, and the bot has no use for, is for the officer.

After 工作人员先说到这里 a family goes on talking to the officer: no word of that may end in 不客气.
"""

from datetime import datetime, timedelta

from bot.cases.records import Record
from bot.turns.hearing import words_of
from bot.turns.topics import topic_of_record
from flows.engine import Turn
from flows.heard import Heard
from flows.state import State
from storage.uow import UnitOfWork

_LATELY = timedelta(days=3)
_SAYS_SOMETHING = 7  # characters: 好的谢谢老师 is only that
_OF_NO_USE = frozenset(
    {"common.welcome", "common.goodbye", "common.out_of_scope", "common.nothing_asked"}
    | {"common.not_understood", "common.not_understood_examples", "common.not_understood_person"}
)


def is_lost(before: State, heard: Heard, turn: Turn) -> bool:
    """Whether the bot, with no form open, did nothing with words that say something."""
    is_outside = before.frame is None and turn.state.frame is None
    is_said = heard.press is None and heard.edit_of is None and not heard.understood.emergency
    if not is_outside or not is_said or turn.commands or not turn.replies:
        return False
    says_much = len(words_of(heard).strip()) >= _SAYS_SOMETHING
    return says_much and turn.replies[-1].key in _OF_NO_USE


async def spoken_of(
    uow: UnitOfWork, conversation_id: int, person_id: int, now: datetime
) -> Record | None:
    """The person's own open record that the last message to them was about, if it was lately."""
    last = await uow.outbox.latest(conversation_id, now, 1)
    start = topic_of_record("")
    if not last or last[0].created_at < now - _LATELY:
        return None
    if not (last[0].topic or "").startswith(start):
        return None
    record = await uow.records.get((last[0].topic or "").removeprefix(start))
    return (
        record if record is not None and record.is_open and record.person_id == person_id else None
    )
