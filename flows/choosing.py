"""A choice made in words: "就去夜校吧" takes the one offered class whose title says 夜校."""

import re
from typing import Any

from flows.filling import Filled, fill, fill_press
from flows.state import Frame, Offer
from flows.steps import AnyFlow, Ask
from flows.talk import Press, Talk
from nlu.types import Cue, Intent

REFUSES = re.compile("不|没|别(?!的)|太")
THIS_ONE = re.compile(r"(?:就|那就|我?要|报|选|去)*(?:这|那)一?(?:个|班)[班吧的了啊去报要行]*")
HAN_RUN = re.compile("[\u4e00-\u9fff]+")


async def fill_chosen(talk: Talk, flow: AnyFlow, frame: Frame) -> Filled | None:
    """What the message fills when it names one of the offered choices, all else it says too."""
    press = _named(talk, flow, frame)
    if press is None:
        return None
    moment = talk.moment(frame)
    chosen, beside = await fill_press(flow, moment, press), fill(flow, moment)
    chosen.new.extend(at for at in beside.new if at not in chosen.new)
    chosen.corrected.extend(beside.corrected)
    if beside.problem is not None and beside.problem_at is not None:
        chosen.blame(beside.problem_at, beside.problem)
    return chosen


def _named(talk: Talk, flow: AnyFlow, frame: Frame) -> Press | None:
    step = flow.step(frame.asked.slot) if frame.asked and frame.stage == "asking" else None
    if step is None or step.choices is None or talk.heard.press is not None:
        return None
    if talk.has(Cue.QUESTION) or talk.has(Cue.NONE) or REFUSES.search(talk.heard.text):
        return None
    offers = [o for o in talk.state.offered if _is_choice(flow, step, o)]
    named = _by_words(talk.heard.text, offers)
    if named is None and len(offers) == 1 and _agrees(talk):
        named = offers[0]
    return Press.read(named.payload) if named else None


def _is_choice(flow: AnyFlow, step: Ask[Any], offer: Offer) -> bool:
    press = Press.read(offer.payload)
    is_answer = press is not None and (press.what, press.slot) == (flow.name, step.slot)
    return is_answer and press is not None and press.value != step.fallback


def _agrees(talk: Talk) -> bool:
    """Yes to the only one there is."""
    words = talk.heard.text.strip("，。！,.! ")
    return talk.intent is Intent.AFFIRM or THIS_ONE.fullmatch(words) is not None


def _by_words(text: str, offers: list[Offer]) -> Offer | None:
    """The one offer that shares a pair of characters with the text which no other has."""
    said = pairs(text)
    shared = [said & pairs(offer.title) for offer in offers]
    common = {pair for pair in said if sum(pair in pairs for pairs in shared) > 1}
    matching = [o for o, pairs in zip(offers, shared, strict=True) if pairs - common]
    return matching[0] if len(matching) == 1 else None


def pairs(text: str) -> set[str]:
    """Every two characters that stand side by side in the words of a text."""
    runs = HAN_RUN.findall(text)
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
