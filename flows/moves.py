"""Moves within a flow: back, skip, change one answer, put aside, take up again."""

import re
from datetime import datetime, timedelta

from flows.asking import (
    OFFER_PERSON_AFTER,
    ask,
    ask_again,
    back_to_beneath,
    go_on,
    offer_person,
)
from flows.papers import TO_PERSON, voices_of
from flows.say import Choice, Say
from flows.state import Asked, Draft, Frame, State
from flows.steps import AnyFlow
from flows.summing_up import change_choices
from flows.talk import Flows, Talk

DRAFT_WAITS = timedelta(days=30)
MOST_DRAFTS = 5
BENEATH = re.compile("刚才|刚刚|前面|之前|原来|那个|先放|先不|不报了|不学了|不弄了|不办了|算了")


async def back(talk: Talk, frame: Frame) -> None:
    """Ask the last answered question again; the old answer stays until there is a new one."""
    asked = frame.asked
    earlier = [at for at in frame.history if at != asked and at.item < len(frame.items)]
    if not earlier:
        talk.say(Say("common.nothing_before"))
        await go_on(talk)
        return
    await change(talk, frame, earlier[-1])
    frame.history = earlier[:-1]


async def change(talk: Talk, frame: Frame, at: Asked) -> None:
    """Ask for one answer anew."""
    frame.marks["changing"], frame.marks["changing_item"] = at.slot, at.item
    frame.stage = "asking"
    await ask(talk, at, Say("common.changing"))


def reopen(frame: Frame, at: Asked) -> None:
    """An answer under a summary is to be given anew: a yes no longer files what was not shown."""
    if frame.stage in ("confirming", "choosing_change"):
        frame.stage = "asking"
        if not frame.items[at.item].is_open(at.slot):
            frame.marks["changing"], frame.marks["changing_item"] = at.slot, at.item


def stop_changing(frame: Frame) -> None:
    """The changed answer is in (or was left as it is)."""
    frame.marks.pop("changing", None)
    frame.marks.pop("changing_item", None)


async def skip(talk: Talk, frame: Frame) -> None:
    """Leave an optional question out; say kindly why a required one cannot be."""
    flow = talk.flow_of(frame)
    at = frame.asked
    step = flow.step(at.slot) if at else None
    if at is None or step is None:
        await go_on(talk)
    elif frame.marks.get("changing") == at.slot:
        stop_changing(frame)
        await go_on(talk, Say("common.left_as_it_was"))
    elif step.optional:
        for index, item in enumerate(frame.items):
            if index == at.item or step.shared:
                item.skipped.append(at.slot)
        await go_on(talk)
    elif not frame.items[at.item].is_open(at.slot):  # a file that came with the words answered it
        await go_on(talk)
    else:
        await ask(talk, at, Say("common.cannot_skip"))


async def dont_know(talk: Talk, frame: Frame) -> None:
    """ "I don't know": kept where that is an answer, skipped where it may be, else helped."""
    at = frame.asked
    step = talk.flow_of(frame).step(at.slot) if at else None
    if at is None or step is None:
        await go_on(talk)
    elif step.optional:
        await skip(talk, frame)
    else:
        frame.misses = max(frame.misses, 1)
        await ask_again(talk, at)


async def choose_change(
    talk: Talk, flow: AnyFlow, frame: Frame, choices: tuple[Choice, ...] = ()
) -> None:
    """ "No" at the summary: which answer is wrong?"""
    frame.stage, frame.asked = "choosing_change", None
    offered = (*(choices or change_choices(flow, frame)), Choice("common.none_wrong", "!cmd=again"))
    say = Say("common.which_wrong", choices=offered)
    if frame.misses >= OFFER_PERSON_AFTER:
        say = offer_person(say)
    talk.say(say.marked(flow=flow.shown, asks=flow.confirm))


async def put_aside(talk: Talk) -> None:
    """Stop the flow; its answers wait 30 days as a draft."""
    frame = talk.state.stack.pop()
    flow = talk.flow_of(frame)
    keeps = keep_draft(talk.flows, talk.state, frame, talk.now)
    left = "common.kept" if flow.undoes else "common.cancelled"
    key = "common.cancelled_kept" if keeps else left
    resume = (Choice("common.resume", "!cmd=resume"),) if keeps else ()
    listen = _hand_over(talk.state, frame)
    choices = (*listen, *resume, Choice("common.menu", "!cmd=menu"))
    say = Say(key, {"flow": Say(f"{flow.name}.title")}, choices)
    if listen:
        say = say.after(Say("papers.voice_waits"))
    talk.say(say.marked(cancelled=flow.shown))
    await back_to_beneath(talk)


def _hand_over(state: State, frame: Frame) -> tuple[Choice, ...]:
    """What was spoken in a form that is not filed can still reach somebody who listens."""
    spoken = voices_of(frame)
    state.loose_files = [*state.loose_files, *spoken]
    state.loose_voices = [*state.loose_voices, *spoken]
    return (TO_PERSON,) if spoken else ()


def keep_draft(flows: Flows, state: State, frame: Frame, now: datetime) -> bool:
    """Keep the answers of a flow put aside, if it is one that waits; whether it was kept."""
    keeps = flows.by_name[frame.flow].keeps_draft and any(item.slots for item in frame.items)
    if keeps:
        state.drafts = [Draft(saved_at=now, frame=frame), *state.drafts][:MOST_DRAFTS]
    return keeps


def fresh_drafts(drafts: list[Draft], now: datetime) -> list[Draft]:
    """The drafts that still wait; older ones are forgotten."""
    return [draft for draft in drafts if now - draft.saved_at <= DRAFT_WAITS]


def take_draft(talk: Talk, flow: str | None = None) -> Frame | None:
    """Take up the newest draft, of one flow if named."""
    for draft in talk.state.drafts:
        if flow is None or draft.frame.flow == flow:
            talk.state.drafts.remove(draft)
            draft.frame.stage, draft.frame.misses = "asking", 0
            draft.frame.marks.pop("told_in_full", None)  # after days it is told in full again
            return draft.frame
    return None


def _interrupted(talk: Talk) -> Frame | None:
    """The form beneath that "这个先放放，接着填刚才的" means; the one under way becomes a draft."""
    if len(talk.state.stack) < 2 or not BENEATH.search(talk.heard.text):
        return None
    meant = talk.flows.started_by(talk.intent)
    under_way = talk.state.stack[-1]
    if meant is not None and meant.name == under_way.flow:
        return None
    waiting = talk.state.stack[:-1]
    frame = next((f for f in reversed(waiting) if meant and f.flow == meant.name), waiting[-1])
    talk.state.stack = [*(f for f in waiting if f is not frame), frame]
    keep_draft(talk.flows, talk.state, under_way, talk.now)
    return frame


async def resume(talk: Talk) -> None:
    """ "Go on with what I left unfinished"."""
    frame = _interrupted(talk) or talk.frame or take_draft(talk)
    if frame is None:
        talk.say(Say("common.nothing_to_resume", choices=(Choice("common.menu", "!cmd=menu"),)))
        return
    if frame is not talk.frame:
        talk.state.stack.append(frame)
    talk.enter(frame)
    await go_on(talk, Say("common.resumed", {"flow": Say(f"{frame.flow}.title")}))
