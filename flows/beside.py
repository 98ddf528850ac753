"""What is answered at once, beside or outside a flow, which then goes on where it was."""

import re
from typing import Any

from flows.asking import go_on
from flows.common.answers import ANSWERS
from flows.state import Frame
from flows.steps import AnyFlow, Ask
from flows.talk import Talk
from nlu.types import Cue, Intent

FREE_TEXT = frozenset({"detail", "whereabouts", "reminder_text"})
SHORT = 14  # characters; longer words to a free-text question are the answer, not an order to us
SOMEBODY = re.compile("人工|真人|客服|工作人员|找|转")
FEW = 4  # characters around a value that make no other wish of it: 我电话139…, 她今年14岁
MISSES = frozenset({Intent.HELP, Intent.OUT_OF_SCOPE})  # beside once; again, they are misses
NOT_AN_ANSWER = frozenset({Intent.GREET, Intent.THANK, Intent.GOODBYE, Intent.OUT_OF_SCOPE})


def answers_firmly(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message holds a value of the very type that was asked for."""
    step = _asked(flow, frame)
    if step is None:
        return False
    return any(e.entity in step.takes and not e.weak for e in talk.understood.entities)


def wants_free_text(flow: AnyFlow, frame: Frame) -> bool:
    """Whether the question is answered in one's own words."""
    step = _asked(flow, frame)
    return step is not None and bool(FREE_TEXT & set(step.takes))


def tells_story(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the words are the answer, not an order to us: 提醒您什么事？"给老师打电话"."""
    step = _asked(flow, frame)
    if step is None or not wants_free_text(flow, frame):
        return False
    is_matter = "reminder_text" in step.takes and talk.intent is not Intent.CANCEL
    return is_matter or len(talk.heard.text) > SHORT


def declines(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether a few words leave the question out: "电话不知道" asks for nobody's telephone."""
    step = _asked(flow, frame)
    if step is None or not (step.optional or step.may_be_unknown) or talk.has(Cue.SKIP_REST):
        return False
    says_so = talk.has(Cue.DONT_KNOW) or talk.has(Cue.SKIP)
    return says_so and len(talk.heard.text) <= SHORT and not SOMEBODY.search(talk.heard.text)


def only_answers(talk: Talk, flow: AnyFlow) -> bool:
    """Whether the message is little more than values that questions of the flow take."""
    takes = {kind for step in flow.steps for kind in step.takes}
    firm = [e for e in talk.understood.entities if e.entity in takes and not e.weak]
    said = sum(c.isalnum() for c in talk.heard.text)
    return bool(firm) and said - sum(e.end - e.start for e in firm) <= FEW


def _asked(flow: AnyFlow, frame: Frame) -> Ask[Any] | None:
    return flow.step(frame.asked.slot) if frame.asked else None


def is_beside(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message asks for something that can be answered at once."""
    if talk.intent not in ANSWERS:
        return False
    if tells_story(talk, flow, frame):
        return False
    if talk.intent in MISSES and frame.misses > 0:
        return False
    if talk.intent is Intent.HELP and talk.has(Cue.DONT_KNOW):
        return False
    if talk.intent is Intent.ASK_POLICY:
        asks = talk.has(Cue.QUESTION)
        return asks if answers_firmly(talk, flow, frame) else asks or talk.means(Intent.ASK_POLICY)
    if talk.intent in NOT_AN_ANSWER:
        return _says_nothing(talk)
    return talk.means(talk.intent) and not answers_firmly(talk, flow, frame)


def _says_nothing(talk: Talk) -> bool:
    """Whether a greeting, thanks or a word about something else holds no answer at all."""
    if talk.intent is Intent.OUT_OF_SCOPE and len(set(filter(str.isalnum, talk.heard.text))) < FEW:
        return False
    if talk.intent is Intent.OUT_OF_SCOPE and talk.understood.cues == {Cue.QUESTION}:
        return talk.means(talk.intent, at_least=0.9)
    is_empty = not any(not e.weak for e in talk.understood.entities)
    return is_empty and not talk.understood.cues and talk.means(talk.intent, at_least=0.7)


async def answer_beside(talk: Talk) -> None:
    """Answer, then ask the open question of the flow again."""
    talk.stand_aside()
    await ANSWERS[talk.intent](talk)
    frame = talk.frame
    if frame is not None and talk.intent in MISSES:
        frame.misses += 1
    if frame is not None and not frame.marks.pop("quiet", False):
        await go_on(talk)
