"""What comes next in a flow: the first question whose slot is empty, the summary, or the end."""

from typing import Any

from flows import unclear
from flows.later import offer
from flows.say import Choice, Say
from flows.state import Asked, Frame
from flows.steps import AnyFlow, Ask, Problem
from flows.summing_up import sum_up
from flows.talk import Talk
from flows.values import UNKNOWN

SKIP = Choice("common.skip", "!cmd=skip")
SKIP_REST = Choice("common.skip_rest", "!cmd=skip_rest")
OFFER_PERSON_AFTER = 3
EXAMPLES_AFTER = 2


async def go_on(talk: Talk, *lead: Say) -> None:
    """Ask for the next missing thing, sum up when nothing is missing, or finish."""
    frame = talk.frame
    if frame is None:
        talk.say(*lead)
        return
    flow = talk.flow_of(frame)
    if flow.heed is not None:
        outcome = await flow.heed(talk.moment(frame))
        talk.do(*outcome.commands)
        if outcome.replies and "handoff" not in outcome.replies[0].custom:  # danger comes first
            talk.say(outcome.replies[0].after(*lead), *outcome.replies[1:])
            lead = ()
        else:
            talk.say(*outcome.replies)
    at = next_question(flow, frame)
    if at is not None:
        frame.stage = "asking"
        await ask(talk, at, *lead)
    elif flow.confirm is not None:
        talk.say((await sum_up(flow, talk.moment(frame))).after(*lead))
    else:
        await finish(talk, *lead)


def next_question(flow: AnyFlow, frame: Frame) -> Asked | None:
    """The first open question; an answer being changed comes before all others."""
    changing = frame.marks.get("changing")
    if changing is not None:
        return Asked(slot=changing, item=frame.marks.get("changing_item", 0))
    last = len(frame.items) - 1
    for index, item in enumerate(frame.items):
        for step in flow.steps if index == last else flow.of_each_child:
            if flow.wants(step, item):
                return Asked(slot=step.slot, item=index)
    return None


async def ask(talk: Talk, at: Asked, *lead: Say) -> None:
    """Ask one question."""
    frame = talk.frame
    assert frame is not None  # noqa: S101 - asking without a flow is a programming error
    flow = talk.flow_of(frame)
    step = flow.step(at.slot)
    assert step is not None  # noqa: S101
    frame.asked = at
    say = unclear.question(flow, frame, at)
    if say is None:
        choices = await choices_of(talk, flow, step, at)
        tail = ".again" if step.short_again and _was_told(frame, at.slot) else ""
        say = Say(f"{flow.name}.{at.slot}{tail}", question_values(flow, frame, at), choices)
    talk.say(say.after(*lead).marked(flow=flow.shown, asks=at.slot))


def _was_told(frame: Frame, slot: str) -> bool:
    """Whether the question stood in full in this form before; from now on it did."""
    told: list[str] = frame.marks.setdefault("told_in_full", [])
    if slot in told:
        return True
    told.append(slot)
    return False


def question_values(flow: AnyFlow, frame: Frame, at: Asked) -> dict[str, Any]:
    """What a question may mention: the child's name, so that each child is asked for by name."""
    name = frame.items[at.item].slots.get("child_name")
    known = name if isinstance(name, str) and name != UNKNOWN else None
    return {"who": known or Say(f"{flow.name}.who"), **frame.marks.get("values", {})}


async def choices_of(talk: Talk, flow: AnyFlow, step: Ask[Any], at: Asked) -> tuple[Choice, ...]:
    """The buttons of a question, with a way out where there is one."""
    frame = talk.frame
    assert frame is not None  # noqa: S101
    choices: tuple[Choice, ...] = ()
    if step.choices is not None:
        view = flow.view(frame.items[at.item])
        choices = await step.choices(view, talk.moment(frame))
    if step.yes_no:
        keys = (("yes", "yes"), ("no", "no"))
        choices = tuple(
            Choice(f"{flow.name}.{step.slot}.{key}", f"!{flow.name}.{step.slot}={value}")
            for key, value in keys
        )
    choices += tuple(
        Choice(f"{flow.name}.{step.slot}.options.{option}", f"!{flow.name}.{step.slot}={option}")
        for option in step.options
    )
    if step.may_be_unknown:
        choices += (Choice("common.dont_know", f"!{flow.name}.{step.slot}={UNKNOWN}"),)
    return (*choices, *_ways_past(flow, step, frame, at))


def _ways_past(flow: AnyFlow, step: Ask[Any], frame: Frame, at: Asked) -> tuple[Choice, ...]:
    """Skipping one optional question, or all that are left when there are more."""
    if not step.optional:
        return ()
    item = frame.items[at.item]
    left = [s for s in flow.steps if s.optional and flow.wants(s, item)]
    return (SKIP, SKIP_REST) if len(left) > 1 else (SKIP,)


async def ask_again(talk: Talk, at: Asked, problem: Problem | None = None) -> None:
    """The answer could not be used: say why with an example, then help more, then offer a person.

    Nothing that was said before is lost.
    """
    frame = talk.frame
    assert frame is not None  # noqa: S101
    flow = talk.flow_of(frame)
    step = flow.step(at.slot)
    assert step is not None  # noqa: S101
    frame.asked = at
    frame.misses += 1
    choices = await choices_of(talk, flow, step, at)
    values = question_values(flow, frame, at)
    if problem is not None:
        say = Say(problem.key, {**values, **problem.values}, problem.choices or choices)
    else:
        tail = "retry" if frame.misses < EXAMPLES_AFTER else "help"
        say = Say(f"{flow.name}.{at.slot}.{tail}", values, choices)
    if frame.misses >= OFFER_PERSON_AFTER:
        say = offer_person(say)
    talk.say(say.marked(flow=flow.shown, asks=at.slot, invalid=at.slot))


def offer_person(say: Say) -> Say:
    """The same question with ways out of it first."""
    person = Choice("common.find_person", "!cmd=human")
    later = Choice("common.later", "!cmd=cancel")
    offer = Say("common.offer_person")
    return Say(say.key, say.values, (person, later, *say.choices), say.custom, (offer, *say.lead))


async def finish(talk: Talk, *lead: Say) -> None:
    """Turn the answers into commands, close the flow and return to the one beneath it."""
    frame = talk.state.stack[-1]
    flow = talk.flow_of(frame)
    outcome = await flow.finish(flow.views(frame), talk.moment(frame))
    talk.state.stack.pop()
    first, *rest = outcome.replies
    talk.say(first.after(*lead), *rest)
    talk.do(*outcome.commands)
    await back_to_beneath(talk)
    offer(talk)


async def back_to_beneath(talk: Talk) -> None:
    """Go on with the flow that was interrupted, if there is one."""
    beneath = talk.frame
    if beneath is not None:
        name = Say(f"{beneath.flow}.title")
        beneath.misses = 0
        await go_on(talk, Say("common.back_to", {"flow": name}))
