"""Beginning a flow: afresh, from a draft, or on top of another one that waits beneath."""

import re
from dataclasses import replace

from flows.asking import back_to_beneath, go_on
from flows.beside import answers_firmly, only_answers, tells_wish, wants_free_text
from flows.filling import fill
from flows.later import own_words, remember
from flows.moves import take_draft
from flows.papers import take_loose
from flows.say import Say
from flows.state import Frame
from flows.steps import AnyFlow, Moment
from flows.talk import Talk
from nlu.types import Intent

SURE, CERTAIN = 0.6, 0.9
MOST_CHILDREN = 10
THAT_IS_ALL = re.compile("就?(?:这些|这样|这么多)[了吧啊呀]*[。!！]?")
WISH = re.compile("(?:我|俺|咱)?(?:先)?(?:想|要)|帮我|给我|我先|先")


def is_other_task(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message begins another task than the one under way."""
    other = talk.flows.started_by(talk.intent)
    if other is None or other.name == flow.name:
        return False
    if answers_firmly(talk, flow, frame):
        return False
    if frame.stage == "confirming" and THAT_IS_ALL.fullmatch(talk.heard.text.strip()):
        return False
    if other.name == "escalation" and tells_wish(talk, flow, frame):
        return False
    if wants_free_text(flow, frame) and not _orders(talk, flow, frame):
        return False
    if only_answers(talk, flow) or (flow.papers and talk.intent is Intent.SUBMIT_DOCUMENT):
        return False
    return talk.means(talk.intent, at_least=SURE)


def _orders(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """ "我想先问问普通话班" tells nobody where a child is."""
    step = flow.step(frame.asked.slot) if frame.asked else None
    says_so = step is not None and "whereabouts" in step.takes
    return (
        says_so and talk.means(talk.intent, at_least=CERTAIN) and bool(WISH.match(talk.heard.text))
    )


async def start(talk: Talk, intent: Intent) -> None:
    """Begin the flow of an intent with all that the message already says."""
    flow = talk.flows.started_by(intent)
    assert flow is not None  # noqa: S101 - routing asks for flows only by intents that start one
    await start_flow(talk, flow)


async def start_flow(talk: Talk, flow: AnyFlow) -> None:
    """Begin a flow, or take up its draft when the message is not about another child."""
    beneath = next((f for f in talk.state.stack if f.flow == flow.name), None)
    if beneath is not None:
        talk.state.stack.remove(beneath)
    frame = beneath or _draft_for(talk, flow) or Frame(flow=flow.name)
    is_resumed = bool(frame.history)
    talk.state.stack.append(frame)
    talk.enter(frame)
    if flow.carries:
        take_loose(talk.state, frame)
    moment = talk.moment(frame)
    whole = _first_words(talk, flow, moment)
    first = replace(whole, heard=own_words(whole.heard, flow.starts_on))
    others = remember(talk, flow, whole.heard)
    guard = await flow.begin(first) if flow.begin and not is_resumed else None
    filled = fill(flow, first)
    if whole is not moment:
        fill(flow, moment)
    if guard is not None:
        talk.say(guard)
        if frame not in talk.state.stack:
            await back_to_beneath(talk)
    elif talk.frame is frame:
        leads = [_resumed(flow) if is_resumed else Say(f"{flow.name}.begin")]
        leads += [*others, *_more_children(flow, first)]
        if filled.problem is not None and filled.problem_at is not None:
            talk.say(
                Say(filled.problem.key, filled.problem.values).marked(
                    invalid=filled.problem_at.slot
                )
            )
        await go_on(talk, *leads)


def _more_children(flow: AnyFlow, moment: Moment) -> list[Say]:
    """ "两个孩子", of whom one was named: nobody may think that the other is in as well."""
    entities, told = moment.heard.understood.entities, len(moment.frame.items)
    said = [e.value for e in entities if e.entity == "count" and e.role == "children"]
    count = said[0] if said and isinstance(said[0], int) else 0
    if not flow.children or not told < count <= MOST_CHILDREN:
        return []
    return [Say("common.more_children", {"count": count, "told": told})]


def _first_words(talk: Talk, flow: AnyFlow, moment: Moment) -> Moment:
    """The message that was asked about ("which of the two?"), if this flow is the answer."""
    before = talk.before
    meant = next((i for i in before.intents if i in flow.starts_on), None) if before else None
    if before is None or meant is None:
        return moment
    return replace(moment, heard=before.as_heard(talk.heard, meant))


def _resumed(flow: AnyFlow) -> Say:
    return Say("common.resumed", {"flow": Say(f"{flow.name}.title")})


def _draft_for(talk: Talk, flow: AnyFlow) -> Frame | None:
    draft = next((d for d in talk.state.drafts if d.frame.flow == flow.name), None)
    if draft is None:
        return None
    known = {item.slots.get("child_name") for item in draft.frame.items}
    said = {e.value for e in talk.understood.entities if e.entity == "child_name"}
    return None if said and not said & known else take_draft(talk, flow.name)
