"""The answer to a summary: yes, no, or "really take it back?"."""

import re

from flows.asking import finish
from flows.moves import choose_change, put_aside
from flows.state import Frame
from flows.steps import AnyFlow
from flows.talk import Talk
from nlu.types import Cue, Intent

KEEPS = re.compile("不(?!要了|申请|去)|别|算了|留着|再想想|先等")
YES_AND = re.compile(
    r"(?:行|好|对|可以|嗯|中|没错|是|成)[的啊呐吧嘞对]{0,2}[,，。 ]+(?P<more>.{1,14})"
)
NOT_YET = re.compile("[不没别改先等错]|但|可是|算了|还有|多少|怎么|咋|吗")


def agrees_at_once(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """ "行，有了告诉我": a yes with a few words after it that ask for nothing else."""
    if frame.stage != "confirming" or flow.undoes or talk.has(Cue.CHANGE):
        return False
    said = YES_AND.fullmatch(talk.heard.text.strip())
    if said is None or NOT_YET.search(said["more"]):
        return False
    return not any(not e.weak for e in talk.understood.entities)


async def agreed(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Yes or no to the summary, when the message changes nothing by itself."""
    if flow.undoes:
        return await _decided(talk, flow)
    if talk.understood.entities and not all(e.weak for e in talk.understood.entities):
        return False
    says_yes = talk.intent is Intent.AFFIRM or agrees_at_once(talk, flow, frame)
    if says_yes and frame.stage == "confirming":
        await finish(talk)
    elif talk.intent in (Intent.DENY, Intent.CORRECT) or talk.has(Cue.CHANGE):
        await choose_change(talk, flow, frame)
    else:
        return False
    return True


async def _decided(talk: Talk, flow: AnyFlow) -> bool:
    """Really take it back? To say the wish again is a yes; any doubt leaves all as it is."""
    cancels = talk.intent is Intent.CANCEL and Intent.CANCEL_REGISTRATION in flow.starts_on
    wishes = talk.intent is Intent.AFFIRM or talk.intent in flow.starts_on or cancels
    stops = talk.intent in (Intent.DENY, Intent.CANCEL) and not wishes
    if stops or KEEPS.search(talk.heard.text):
        await put_aside(talk)
    elif wishes:
        await finish(talk)
    else:
        return False
    return True
