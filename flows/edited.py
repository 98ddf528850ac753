"""An edited message replaces what its first version said, or tells the office of the change."""

from flows.asking import go_on
from flows.commands import AmendRecord
from flows.in_flow import hear
from flows.presses import again
from flows.say import Say
from flows.state import Asked, Frame, HeardBefore
from flows.talk import Talk
from flows.vocabulary.rights import PUTS_RIGHT


async def edited(talk: Talk) -> bool:
    """Whether the message is an edit of one that still matters; then it is answered."""
    edit_of = talk.heard.edit_of
    before = next((h for h in talk.state.said_before if h.external_id == edit_of), None)
    if edit_of is None or before is None:
        return False
    frame = talk.frame
    if frame is not None and frame.flow == before.flow and not before.is_done:
        await _hear_anew(talk, frame, before)
        return True
    if before.filed:
        talk.stand_aside()
        talk.do(*(AmendRecord(ref, note=PUTS_RIGHT + talk.heard.text) for ref in before.filed))
        talk.say(Say("common.edit_noted"))
        await again(talk)
        return True
    return False


async def _hear_anew(talk: Talk, frame: Frame, before: HeardBefore) -> None:
    """The new words answer the old question; when they do not, the old answer stays."""
    stage, asked, misses, said = frame.stage, frame.asked, frame.misses, len(talk.replies)
    meant = _answered_then(talk, frame, before)
    frame.marks["editing"] = True
    frame.asked = meant or asked
    await hear(talk, frame)
    if talk.frame is not frame:
        frame.marks.pop("editing", None)
        return
    if frame.marks.pop("editing", None) and stage == "confirming":
        frame.stage = "confirming"
    if meant is not None and meant != asked and _is_asked_again(frame, meant):
        del talk.replies[said:]
        frame.asked, frame.misses = asked, misses
        await go_on(talk, Say("common.left_as_it_was"))


def _answered_then(talk: Talk, frame: Frame, before: HeardBefore) -> Asked | None:
    """The question of this form that the first version answered; it may have been another's."""
    is_ours = talk.flow_of(frame).step(before.slot or "") is not None
    if before.slot is None or not is_ours or before.item >= len(frame.items):
        return None
    return Asked(slot=before.slot, item=before.item)


def _is_asked_again(frame: Frame, meant: Asked) -> bool:
    """Whether nothing came of the edit but the same question, which has its answer."""
    is_known = not frame.items[meant.item].is_open(meant.slot)
    return frame.asked == meant and is_known and "changing" not in frame.marks
