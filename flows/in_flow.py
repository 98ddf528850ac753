"""A message while a flow is under way: an answer, a move, a question beside it, or another task."""

import re

from flows.agreeing import agreed, agrees_at_once
from flows.asking import ask_again, finish, go_on, next_question
from flows.beside import SHORT, answer_beside, declines, is_beside, wants_free_text
from flows.choosing import fill_chosen
from flows.filling import Filled, fill, fill_press
from flows.moved import fill_move
from flows.moves import back, change, choose_change, dont_know, reopen, skip, stop_changing
from flows.papers import take_papers
from flows.say import Say
from flows.several import ask_for_more, said_nothing_else
from flows.starting import is_other_task, start
from flows.state import Asked, Frame
from flows.steps import AnyFlow
from flows.summing_up import in_words
from flows.talk import Press, Talk
from flows.which_wrong import wrong_one
from nlu.types import Cue, Intent

A_FEW_WORDS = 6  # characters
YES = re.compile("[对是行好嗯中成]|可以|没错|没问题|同意|确认|ok|都对|正确|交|报", re.IGNORECASE)


async def hear(talk: Talk, frame: Frame) -> None:
    """Let the flow under way have a message."""
    flow = talk.flow_of(frame)
    if frame.stage == "guarding":
        await _guarded(talk, flow, frame)
    elif await said_nothing_else(talk, frame) or await take_papers(talk, flow, frame):
        return
    elif (chosen := await fill_chosen(talk, flow, frame)) is not None:
        await _answered(talk, flow, frame, chosen)
    elif _is_move(talk, flow, frame) and await _moved(talk, flow, frame):
        return
    elif is_beside(talk, flow, frame):
        await answer_beside(talk)
    elif is_other_task(talk, flow, frame):
        await start(talk, talk.intent)
    elif not await _moved(talk, flow, frame):
        await _answered(talk, flow, frame, fill(flow, talk.moment(frame)))


async def hear_press(talk: Talk, frame: Frame, press: Press) -> None:
    """A pressed answer button of the flow under way."""
    flow = talk.flow_of(frame)
    if frame.stage == "guarding":
        frame.stage = "asking"
    filled = await fill_press(flow, talk.moment(frame), press)
    if filled.problem is not None or not await ask_for_more(talk, frame, press, filled):
        await _answered(talk, flow, frame, filled)


async def _guarded(talk: Talk, flow: AnyFlow, frame: Frame) -> None:
    """The flow asked whether it should begin at all."""
    if talk.intent is Intent.DENY or Cue.NONE in talk.understood.cues:
        talk.state.stack.pop()
        talk.say(Say(f"{flow.name}.not_started").marked(cancelled=flow.shown))
        return
    frame.stage = "asking"
    filled = fill(flow, talk.moment(frame))
    await go_on(talk, *_acknowledge(flow, frame, filled))


def _is_move(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """A no or a yes that is clear, whatever else the words resemble."""
    return declines(talk, flow, frame) or agrees_at_once(talk, flow, frame)


async def _moved(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Moves by cue; they count only when the message is no firm answer to what was asked."""
    moment = talk.moment(frame)
    if talk.has(Cue.BACK):
        await back(talk, frame)
    elif names_a_slot(talk, flow, frame) and not fill_would_do(talk, flow, frame):
        await change(talk, frame, slot_named(talk, flow, frame))
    elif frame.stage in ("confirming", "choosing_change"):
        return await wrong_one(talk, flow, frame) or await agreed(talk, flow, frame)
    elif _holds_answers(talk, flow):
        return False
    elif (filled := fill_move(flow, moment)).anything:
        await _answered(talk, flow, frame, filled)
    elif _skips(talk, flow, frame):
        await skip(talk, frame)
    elif talk.has(Cue.DONT_KNOW) and not _is_matter(talk, flow, frame):
        await dont_know(talk, frame)
    else:
        return False
    return True


def _skips(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    if talk.has(Cue.SKIP):
        return not _is_matter(talk, flow, frame)
    return _optional(flow, frame) and _says_none(talk)


def _is_matter(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """ "补助没到，问谁都不知道" tells what it is about; "不知道" does not."""
    least = SHORT if _optional(flow, frame) else A_FEW_WORDS
    return wants_free_text(flow, frame) and len(talk.heard.text) > least


def _holds_answers(talk: Talk, flow: AnyFlow) -> bool:
    """Whether something in the message may answer the flow: in aid 过两天 is no date."""
    takes = {kind for step in flow.steps for kind in step.takes}
    return any(e.entity in takes and not e.weak for e in talk.understood.entities)


def _says_none(talk: Talk) -> bool:
    return talk.has(Cue.NONE) or talk.intent is Intent.DENY


def _optional(flow: AnyFlow, frame: Frame) -> bool:
    step = flow.step(frame.asked.slot) if frame.asked else None
    return step is not None and step.optional


def slot_named(talk: Talk, flow: AnyFlow, frame: Frame) -> Asked:
    """The answer meant by "改 学校": the child asked about last, else the first."""
    slot = next(s for s in talk.understood.change_slots if flow.step(s) is not None)
    item = frame.history[-1].item if frame.history else 0
    return Asked(slot=slot, item=min(item, len(frame.items) - 1))


def names_a_slot(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message names an answer to change."""
    return any(flow.step(slot) is not None for slot in talk.understood.change_slots)


def fill_would_do(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the message already holds the new value ("学校不对，是二中")."""
    takes = {
        kind for s in talk.understood.change_slots if (step := flow.step(s)) for kind in step.takes
    }
    return any(entity.entity in takes for entity in talk.understood.entities)


async def _answered(talk: Talk, flow: AnyFlow, frame: Frame, filled: Filled) -> None:
    asked = frame.asked
    _settle(frame, filled)
    if filled.problem is not None and filled.problem_at is not None:
        reopen(frame, filled.problem_at)
        await ask_again(talk, filled.problem_at, filled.problem)
    elif _refused(talk, flow, frame, filled):
        return
    elif filled.anything or frame.stage == "confirming":
        await _progress(talk, flow, frame, filled)
    elif frame.stage == "choosing_change":
        frame.misses += 1
        await choose_change(talk, flow, frame)
    elif asked is not None and _same_again(talk, flow, frame, asked):
        stop_changing(frame)
        await go_on(talk, Say("common.left_as_it_was"))
    elif _kept_unheard(talk, flow, frame) or asked is None:
        await go_on(talk)
    else:
        await ask_again(talk, asked)


def _kept_unheard(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Whether the flow has a use for words that answer nothing."""
    outcome = flow.unheard(talk.moment(frame)) if flow.unheard else None
    if outcome is None:
        return False
    talk.say(*outcome.replies)
    talk.do(*outcome.commands)
    return True


def _settle(frame: Frame, filled: Filled) -> None:
    """What was answered is no longer missed, nor waiting to be changed."""
    if filled.anything:
        frame.misses = 0
    if frame.marks.get("changing") in {at.slot for at in (*filled.new, *filled.corrected)}:
        stop_changing(frame)


async def _progress(talk: Talk, flow: AnyFlow, frame: Frame, filled: Filled) -> None:
    if not filled.anything and _agrees(talk):
        await finish(talk)
    elif not filled.anything:
        frame.misses += 1
        key = "common.decide_hint" if flow.undoes else "common.confirm_hint"
        await go_on(talk, Say(key))
    elif flow.confirm is None and next_question(flow, frame) is None:
        await go_on(talk)  # the last words say all of it
    else:
        await go_on(talk, *_acknowledge(flow, frame, filled))


def _agrees(talk: Talk) -> bool:
    """A yes; an answer given once more ("也是二中") is one only when it says so."""
    is_said = any(not e.weak for e in talk.understood.entities)
    return talk.intent is Intent.AFFIRM and (
        not is_said or bool(YES.match(talk.heard.text.strip()))
    )


def _same_again(talk: Talk, flow: AnyFlow, frame: Frame, asked: Asked) -> bool:
    """The person was asked for a change and gave the old value again."""
    step = flow.step(asked.slot)
    old = frame.items[asked.item].slots.get(asked.slot)
    return step is not None and old is not None and frame.marks.get("changing") == asked.slot


def _refused(talk: Talk, flow: AnyFlow, frame: Frame, filled: Filled) -> bool:
    """A "no" that ends the flow, such as refused consent."""
    for at in (*filled.new, *filled.corrected):
        outcome = flow.refuse(at.slot, talk.moment(frame)) if flow.refuse else None
        if outcome is not None:
            talk.state.stack.pop()
            talk.say(*outcome.replies)
            talk.do(*outcome.commands)
            return True
    return False


def _acknowledge(flow: AnyFlow, frame: Frame, filled: Filled) -> tuple[Say, ...]:
    """Say back what was corrected, or what was understood besides the one answer asked for."""
    item = frame.asked.item if frame.asked else 0
    is_other = frame.stage == "asking" and frame.asked not in filled.new
    is_more = is_other or len(filled.new) > 1 or any(at.item != item for at in filled.new)
    told = [*filled.corrected, *(filled.new if is_more else [])]
    parts = tuple(_told(flow, frame, at) for at in told)
    if not parts:
        return ()
    key = "common.corrected" if filled.corrected else "common.noted"
    return (Say(key, {"parts": parts}),)


def _told(flow: AnyFlow, frame: Frame, at: Asked) -> Say:
    step = flow.step(at.slot)
    assert step is not None  # noqa: S101 - only slots of the flow are ever filled
    item = frame.items[at.item]
    name = None if step.shared or len(frame.items) < 2 else item.slots.get("child_name")
    whose = Say("common.whose", {"name": name}) if name and at.slot != "child_name" else ""
    value = in_words(flow, step, item.slots[at.slot])
    label = Say(f"{flow.name}.{at.slot}.label")
    return Say("common.told", {"whose": whose, "label": label, "value": value})
