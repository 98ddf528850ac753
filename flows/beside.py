"""What is answered at once, beside or outside a flow, which then goes on where it was."""

import re
from typing import Any

from flows.asking import go_on
from flows.common.answers import ANSWERS, PERHAPS
from flows.state import Frame
from flows.steps import AnyFlow, Ask
from flows.talk import Talk
from nlu.types import Cue, Intent

FREE_TEXT = frozenset({"detail", "whereabouts", "reminder_text"})
SHORT = 14  # characters; longer words to a free-text question are the answer, not an order to us
SOMEBODY = re.compile("人工|真人|客服|工作人员|(?<!找)找(?!找|齐|到|出)|转(?!学)")
OWN = re.compile("[我俺咱他她]|孩子|娃|家里|自己")
CLARIFIES = re.compile(
    "(?:怎么|咋)(?:填|写|算)|(?:填|写)(?:啥|什么|哪)|(?:啥|什么)意思|算(?:不算|吗|进|上|在内)|包不包括"
    "|(?:按|是).{1,8}还是.{1,10}算|(?:周|虚)岁还是"
)
FEW = 4  # characters around a value that make no other wish of it: 我电话139…, 她今年14岁
WAYS_OUT = frozenset({Intent.CANCEL, Intent.STOP_REMINDERS, Intent.DELETE_MY_DATA})
MISSES = frozenset({Intent.HELP, Intent.OUT_OF_SCOPE})  # beside once; again, they are misses
WISHES = re.compile("[给帮替][我俺咱]|[讲唱说来念背猜算](?:一?[个首段下遍])|推荐|翻译")
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


def tells_wish(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """学来做什么？"想跟孩子老师说话": said to a question with choices, it is a wish to learn."""
    step = _asked(flow, frame)
    is_chosen = step is not None and bool(step.options) and "purpose" in step.takes
    return is_chosen and not SOMEBODY.search(talk.heard.text)


def declines(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the words leave the question out: "电话不知道" asks for nobody's telephone."""
    step = _asked(flow, frame)
    if step is None or not (step.optional or step.may_be_unknown) or frame.stage != "asking":
        return False
    text = talk.heard.text
    if talk.has(Cue.SKIP_REST) or SOMEBODY.search(text) or answers_firmly(talk, flow, frame):
        return False
    if talk.has(Cue.SKIP):
        return not tells_story(talk, flow, frame)
    says_none = talk.has(Cue.DONT_KNOW) or (step.optional and talk.has(Cue.NONE))
    return says_none and talk.intent not in WAYS_OUT and len(text) <= SHORT


def only_answers(talk: Talk, flow: AnyFlow) -> bool:
    """Whether the message is little more than values that questions of the flow take."""
    takes = {kind for step in flow.steps for kind in step.takes}
    firm = [e for e in talk.understood.entities if e.entity in takes and not e.weak]
    said = sum(c.isalnum() for c in talk.heard.text)
    return bool(firm) and said - sum(e.end - e.start for e in firm) <= FEW


def _asked(flow: AnyFlow, frame: Frame) -> Ask[Any] | None:
    return flow.step(frame.asked.slot) if frame.asked else None


def asks_aside(talk: Talk, flow: AnyFlow, frame: Frame) -> Intent | None:
    """HELP for a question about the open question, ASK_POLICY for one that names no own case.

    "奶奶算不算？" asks how to answer; "低保户能领多少钱？" does not say that the family is one.
    """
    step, text = _asked(flow, frame), talk.heard.text
    if step is None or wants_free_text(flow, frame) or talk.has(Cue.DONT_KNOW):
        return None
    if CLARIFIES.search(text):
        return Intent.HELP
    likely = dict(talk.understood.ranking).get(Intent.ASK_POLICY, 0.0) >= PERHAPS
    if likely and talk.has(Cue.QUESTION) and not OWN.search(text):
        return Intent.ASK_POLICY
    return None


def is_beside(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message asks for something that can be answered at once."""
    if asks_aside(talk, flow, frame) is not None:
        return True
    if talk.intent not in ANSWERS:
        return False
    if tells_story(talk, flow, frame) or _tells_where(talk, flow, frame):
        return False
    if talk.intent in MISSES and frame.misses > 0:
        return False
    if talk.intent is Intent.HELP and talk.has(Cue.DONT_KNOW):
        return False
    if talk.intent is Intent.ASK_POLICY:
        asks = talk.has(Cue.QUESTION)
        return asks if answers_firmly(talk, flow, frame) else asks or talk.means(Intent.ASK_POLICY)
    if talk.intent in NOT_AN_ANSWER:
        is_told = talk.heard.text.endswith("呢") and answers_firmly(talk, flow, frame)
        return not is_told and _says_nothing(talk)  # 家里放羊呢 asks nothing
    return talk.means(talk.intent) and not answers_firmly(talk, flow, frame)


def _tells_where(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """ "在家看电视呢" is foreign to us, and says where the child is."""
    is_foreign = talk.intent is Intent.OUT_OF_SCOPE and not talk.has(Cue.QUESTION)
    return is_foreign and wants_free_text(flow, frame)


def _says_nothing(talk: Talk) -> bool:
    """Whether a greeting, thanks or a word about something else holds no answer at all."""
    if talk.intent is Intent.OUT_OF_SCOPE and len(set(filter(str.isalnum, talk.heard.text))) < FEW:
        return False
    if talk.intent is Intent.OUT_OF_SCOPE and talk.understood.cues == {Cue.QUESTION}:
        return talk.means(talk.intent, at_least=0.9)
    if talk.intent is Intent.OUT_OF_SCOPE and not WISHES.search(talk.heard.text):
        return False  # told, not asked or wished: 放点羊, 就我跟孙女俩过 try to answer
    is_empty = not any(not e.weak for e in talk.understood.entities)
    return is_empty and not talk.understood.cues and talk.means(talk.intent, at_least=0.7)


async def answer_beside(talk: Talk) -> None:
    """Answer, then ask the open question of the flow again."""
    frame = talk.frame
    aside = asks_aside(talk, talk.flow_of(frame), frame) if frame else None
    intent = aside or talk.intent
    talk.stand_aside()
    await ANSWERS[intent](talk)
    if frame is not None and intent in MISSES:
        frame.misses += 1
    if frame is not None and not frame.marks.pop("quiet", False):
        await go_on(talk)
