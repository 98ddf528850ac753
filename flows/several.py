"""Several answers to one question by tapping: "anything else?" after each tap.

Who writes can say all at once and is not asked again.
"""

from flows.asking import choices_of, go_on
from flows.filling import Filled
from flows.moves import stop_changing
from flows.say import Choice, Say
from flows.state import Asked, Frame
from flows.summing_up import in_words
from flows.talk import Press, Talk
from nlu.types import Cue, Intent

MARK = "more"
DONE = "done"
NONE = "none"


async def ask_for_more(talk: Talk, frame: Frame, press: Press, filled: Filled) -> bool:
    """Offer what was not chosen yet; False when this is no such question.

    "Nothing else", or a tap on what was chosen already, ends the question.
    """
    flow = talk.flow_of(frame)
    step = flow.step(press.slot or "")
    frame.marks.pop(MARK, None)
    if step is None or not step.multiple or press.value == NONE or talk.typed:
        return False
    if not filled.anything:
        await go_on(talk)
        return True
    asked = frame.asked
    at = Asked(slot=step.slot, item=asked.item if asked and asked.slot == step.slot else 0)
    chosen = frame.items[at.item].slots.get(step.slot) or []
    stop_changing(frame)
    frame.stage, frame.misses = "asking", 0
    frame.asked, frame.marks[MARK] = at, True
    left = [
        choice
        for choice in await choices_of(talk, flow, step, at)
        if choice.payload.partition("=")[2] not in (*chosen, NONE)
    ]
    done = Choice("common.nothing_else", f"!{flow.name}.{step.slot}={DONE}")
    values = {"chosen": in_words(flow, step, chosen)}
    say = Say(f"{flow.name}.{step.slot}.more", values, (done, *left))
    talk.say(say.marked(flow=flow.shown, asks=step.slot))
    return True


async def said_nothing_else(talk: Talk, frame: Frame) -> bool:
    """ "没有了" after the first tap ends the question and takes nothing back."""
    if not frame.marks.pop(MARK, False):
        return False
    no_more = (Cue.NONE, Cue.SKIP)
    if talk.intent is Intent.DENY or any(talk.has(cue) for cue in no_more):
        await go_on(talk)
        return True
    return False
