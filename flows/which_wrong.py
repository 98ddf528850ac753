"""Which answer is wrong? Asked after a "no" to the summary; nobody stays caught in the question."""

import re

from flows.asking import go_on
from flows.choosing import pairs
from flows.moves import change, choose_change
from flows.state import Asked, Frame
from flows.steps import AnyFlow
from flows.summing_up import change_choices
from flows.talk import Press, Talk
from flows.words import render_choice
from nlu.types import Cue, Intent

_AGAIN = re.compile(r"(?:还是|就是)?(?:不对|错了|不是)[的啊呀。！!]*")
"""Said to the question which answer is wrong it names none, and is no "nothing"."""


async def wrong_one(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """ "年龄" and "把电话改一下" name the answer; "都对" or "没有了" goes back to the summary."""
    is_asked = frame.stage == "choosing_change"
    if not is_asked and talk.intent is not Intent.CORRECT:
        return False
    if any(not e.weak for e in talk.understood.entities):
        return False
    if is_asked and _AGAIN.fullmatch(talk.heard.text.strip()):
        await choose_change(talk, flow, frame)
        return True
    if is_asked and _nothing(talk):
        await go_on(talk)
        return True
    return await _named(talk, flow, frame)


def _nothing(talk: Talk) -> bool:
    says_so = talk.intent in (Intent.AFFIRM, Intent.DENY) or talk.has(Cue.NONE)
    return says_so or talk.heard.text.strip().startswith("不改")


async def _named(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the words share more with the label of one answer than with the others."""
    said = pairs(talk.heard.text)
    shared = [
        (len(said & pairs(render_choice(choice, talk.me.language))), choice)
        for choice in change_choices(flow, frame)
    ]
    most = max((number for number, _ in shared), default=0)
    meant = [choice for number, choice in shared if number == most]
    press = Press.read(meant[0].payload) if meant else None
    if most == 0 or press is None or press.slot is None:
        return False
    if len(meant) > 1:
        await choose_change(talk, flow, frame, tuple(meant))
    else:
        await change(talk, frame, Asked(slot=press.slot, item=int(press.value)))
    return True
