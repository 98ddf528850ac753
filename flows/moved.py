"""Answers that are moves rather than values: yes, no, none of these, the number I gave before."""

import re
from typing import Any

from flows.filling import Filled, store
from flows.steps import AnyFlow, Ask, Moment
from flows.values import UNKNOWN
from nlu.types import Cue, Intent

AS_BEFORE = re.compile(
    "(?:刚才|刚刚|上面|前面|之前|同一?个?|一样|就是?这个|还是那个).{0,6}(?:号|电话|手机|名)|同上|^一样"
)
WORRIES = re.compile(
    "往外(?:说|传)|外传|外泄|泄露|泄漏|告诉别人|传出去|保密|别人.{0,3}看|谁.{0,2}看|骗|安全"
)
SAID_BEFORE = {
    "phone": "guardian_phone",
    "guardian_phone": "phone",
    "reporter_name": "guardian_name",
}


def fill_move(flow: AnyFlow, moment: Moment) -> Filled:
    """Store what a move answers, if anything."""
    filled = Filled()
    asked = moment.frame.asked
    step = flow.step(asked.slot) if asked else None
    if asked is None or step is None:
        return filled
    value = _moved(step, moment)
    if value is not None:
        store(flow, moment.frame, asked, value, filled)
    return filled


def _moved(step: Ask[Any], moment: Moment) -> Any:
    heard = moment.heard.understood
    says_no = heard.intent is Intent.DENY or Cue.NONE in heard.cues
    if step.yes_no and _worries(moment.heard.text):
        return None
    if step.yes_no:
        return True if heard.intent is Intent.AFFIRM else False if says_no else None
    if step.multiple and says_no:
        return []
    if step.fallback is not None and (says_no or Cue.DONT_KNOW in heard.cues):
        return step.fallback
    if step.may_be_unknown and Cue.DONT_KNOW in heard.cues:
        return UNKNOWN
    return _as_before(step, moment)


def _worries(text: str) -> bool:
    """ "不会往外说吧？" is no yes yet."""
    return bool(WORRIES.search(text)) and not re.search("同意|愿意|可以|行", text)


def _as_before(step: Ask[Any], moment: Moment) -> Any:
    """ "就刚才那个号": the parent's number, when the parent is who writes."""
    earlier = SAID_BEFORE.get(step.slot)
    if earlier is None or not AS_BEFORE.search(moment.heard.text):
        return None
    index = moment.frame.asked.item if moment.frame.asked else 0
    return moment.frame.items[index].slots.get(earlier)
