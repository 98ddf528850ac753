"""One message may fill any slots, in any order, for several children; this is where it does."""

import re
from dataclasses import dataclass, field
from typing import Any

from flows import unclear
from flows.children import Group, by_child
from flows.pointing import in_order
from flows.reading import one_reason, read
from flows.state import Asked, Frame, Item
from flows.steps import AnyFlow, Ask, Moment, Problem
from flows.talk import Press
from flows.values import UNKNOWN, value_of, value_of_press
from nlu.types import Cue, Entity, Intent

ONE_MORE = re.compile(
    "(?:还有|另外|再加|加上|再报|还得报|还要报)"
    "(?:一个?|个|孩子|娃|老[二三四]|小的|那个|的|叫|是|[,，:： ])*$"
)


@dataclass
class Filled:
    """What a message changed, and the first answer in it that could not be used."""

    new: list[Asked] = field(default_factory=list)
    corrected: list[Asked] = field(default_factory=list)
    problem: Problem | None = None
    problem_at: Asked | None = None

    @property
    def anything(self) -> bool:
        """Whether some slot has a new value."""
        return bool(self.new or self.corrected)

    def blame(self, at: Asked, problem: Problem) -> None:
        """Keep the first problem; one thing at a time."""
        if self.problem is None:
            self.problem, self.problem_at = problem, at


def is_correcting(moment: Moment) -> bool:
    """Whether the person is putting an earlier answer right."""
    heard = moment.heard.understood
    agreed_stage = moment.frame.stage in ("confirming", "choosing_change")
    is_edit = bool(moment.frame.marks.get("editing"))
    return is_edit or agreed_stage or heard.intent is Intent.CORRECT or Cue.CHANGE in heard.cues


def fill(flow: AnyFlow, moment: Moment) -> Filled:
    """Put everything the message says into the slots of the frame."""
    filled = Filled()
    entities = in_order(_with_contact(moment), moment.heard.text, _known_names(moment))
    known = len(moment.frame.items)
    groups = by_child(entities, known) if flow.children else [Group(None, list(entities))]
    for place, group in enumerate(groups):
        index = _item_for(flow, moment, group, one_of_several=place > 0)
        if group.name is not None:
            group.entities.insert(0, group.name)
        for entity in one_reason(group.entities):
            _put(flow, moment, filled, index, entity)
    return filled


def _with_contact(moment: Moment) -> tuple[Entity, ...]:
    entities = read(moment.heard.understood.entities, moment.heard.text)
    if moment.heard.phone:
        return (*entities, Entity("phone", moment.heard.phone, 0, 0))
    return entities


def _known_names(moment: Moment) -> list[str]:
    """The children spoken of by name, when there are several to tell apart.

    Not while a name is put right: "不是巴图，是巴特尔" names one child.
    """
    names = [item.slots.get("child_name") for item in moment.frame.items]
    known = [name for name in names if isinstance(name, str) and name != UNKNOWN]
    said = {e.value for e in moment.heard.understood.entities if e.entity == "child_name"}
    if len(known) < 2 or (is_correcting(moment) and said - set(known)):
        return []
    return known


def _item_for(flow: AnyFlow, moment: Moment, group: Group, one_of_several: bool = False) -> int:
    """The child that a group of words is about; an unheard-of name is one more child."""
    frame = moment.frame
    current = frame.asked.item if frame.asked else 0
    if group.order is not None:
        return _in_order(flow, frame, group.order)
    if group.name is None or not flow.children or _is_grown_up(group.name, moment):
        return min(current, len(frame.items) - 1)
    for index, item in enumerate(frame.items):
        if item.slots.get("child_name") == group.name.value:
            return index
    if frame.items[current].is_open("child_name") or _was_own_name(frame.items[current]):
        return current
    one_of_several = one_of_several or _is_one_more(group.name, moment)
    is_answer = frame.asked is not None and frame.asked.slot == "child_name"
    if not one_of_several and (is_answer or group.name.weak or is_correcting(moment)):
        return current
    unnamed = next((n for n, i in enumerate(frame.items) if i.is_open("child_name")), None)
    return _in_order(flow, frame, len(frame.items) if unnamed is None else unnamed)


def _is_one_more(name: Entity, moment: Moment) -> bool:
    """ "还有李梅，五年级" takes no name back."""
    return bool(ONE_MORE.search(moment.heard.text[: name.start]))


def _in_order(flow: AnyFlow, frame: Frame, number: int) -> int:
    """The place of that child, made when it is the next new one."""
    while len(frame.items) <= number:
        frame.items.append(_one_more(flow, frame.items[0]))
    return number


def _was_own_name(item: Item) -> bool:
    """ "我叫乌云", said when the child was asked for, gives way to the child's name."""
    own = item.slots.get("applicant_name")
    if own is None or item.slots["child_name"] != own or item.slots.get("relation") == "self":
        return False
    item.slots.pop("child_name")
    return True


def _one_more(flow: AnyFlow, first: Item) -> Item:
    shared = {step.slot for step in flow.steps if step.shared}
    return Item(
        slots={k: v for k, v in first.slots.items() if k in shared},
        skipped=[slot for slot in first.skipped if slot in shared],
    )


def _put(flow: AnyFlow, moment: Moment, filled: Filled, index: int, entity: Entity) -> None:
    step = _step_for(flow, moment, index, entity, filled)
    if step is None:
        return
    at = Asked(slot=step.slot, item=index)
    item = moment.frame.items[index]
    old = None if _replaces(moment, step) else item.slots.get(step.slot)
    value = value_of(flow, step, entity, old)
    problem = value if isinstance(value, Problem) else _check(step, value, moment)
    if problem is None:
        if entity.entity == "region":
            value = unclear.made_clear(moment.frame, value, moment)
        store(flow, moment.frame, at, value, filled)
    elif moment.frame.asked == at or not problem.only_if_asked:
        filled.blame(at, problem)
    else:
        unclear.keep(moment.frame, at, entity, problem)


def _replaces(moment: Moment, step: Ask[Any]) -> bool:
    return moment.frame.marks.get("changing") == step.slot


def _check(step: Ask[Any], value: Any, moment: Moment) -> Problem | None:
    return step.check(value, moment) if step.check and value != UNKNOWN else None


def _step_for(
    flow: AnyFlow, moment: Moment, index: int, entity: Entity, filled: Filled
) -> Ask[Any] | None:
    asked = moment.frame.asked
    if _is_grown_up(entity, moment):
        return None
    meant = _named(flow, moment, index, entity)
    if meant is not None:
        return meant
    if asked is not None and asked.item == index and not _is_filled(filled, asked):
        step = flow.step(asked.slot)
        if (
            step is not None
            and entity.entity in step.takes
            and not _is_another(step, entity, moment)
        ):
            return step
    if entity.weak and not is_correcting(moment):
        return None
    item = moment.frame.items[index]
    steps = _meant(flow, moment, entity)
    if entity.role is None and moment.frame.stage in ("confirming", "choosing_change"):
        takers = [step for step in steps if entity.entity in step.takes]
        if len(takers) == 1:  # "三万" can only be the income
            return takers[0]
    return next((s for s in steps if _fits(s, item, entity, moment)), None)


def _meant(flow: AnyFlow, moment: Moment, entity: Entity) -> tuple[Ask[Any], ...]:
    """The steps an unasked entity may fill; a correction that names one of its kind means that."""
    named = moment.heard.understood.change_slots if is_correcting(moment) else ()
    meant = tuple(s for s in flow.steps if s.slot in named and entity.entity in s.takes)
    return meant or flow.steps


def _is_another(step: Ask[Any], entity: Entity, moment: Moment) -> bool:
    """The name of a child spoken of is not who the speaker is, nor the other way round."""
    if step.slot == "child_name":
        return entity.role == "self"
    known = {item.slots.get("child_name") for item in moment.frame.items}
    return entity.entity == "child_name" and entity.value in known


def _is_grown_up(entity: Entity, moment: Moment) -> bool:
    """ "我叫包梅荣" names no child when it is known that a grandmother speaks."""
    if entity.entity != "child_name":
        return False
    relation = moment.frame.items[0].slots.get("relation")
    before = moment.heard.text[: entity.start].rstrip()
    return relation not in (None, "self") and before.endswith(("我叫", "俺叫", "我是", "俺是"))


def _named(flow: AnyFlow, moment: Moment, index: int, entity: Entity) -> Ask[Any] | None:
    """The earlier answer that "名字打错了，应该是…" puts right, the latest one first."""
    named = moment.heard.understood.change_slots
    if not named or moment.frame.stage != "asking" or "changing" in moment.frame.marks:
        return None
    given = [h.slot for h in reversed(moment.frame.history) if h.item == index]
    fitting = {s.slot: s for s in flow.steps if s.slot in named and entity.entity in s.takes}
    return next((fitting[slot] for slot in given if slot in fitting), None)


def _is_filled(filled: Filled, asked: Asked) -> bool:
    return asked in filled.new or asked in filled.corrected


def _fits(step: Ask[Any], item: Item, entity: Entity, moment: Moment) -> bool:
    if not step.unasked or entity.entity not in step.takes or entity.role not in step.roles:
        return False
    is_free = item.is_open(step.slot) or step.multiple or is_correcting(moment)
    return is_free or _is_deeper(item.slots.get(step.slot), entity)


def _is_deeper(old: Any, entity: Entity) -> bool:
    """A village said after its banner makes the place more exact; it is no contradiction."""
    if entity.entity != "region" or not entity.code or not isinstance(old, dict):
        return False
    return old["name"] in entity.path and entity.code != old["code"]


def store(flow: AnyFlow, frame: Frame, at: Asked, value: Any, filled: Filled) -> None:
    """Keep a value; a shared one goes to every child that has none of its own."""
    step = flow.step(at.slot)
    item = frame.items[at.item]
    before = item.slots.get(at.slot)
    if before == value:
        return
    for other in frame.items if step is not None and step.shared else [item]:
        if other is item or other.slots.get(at.slot) == before:
            other.slots[at.slot] = value
            if at.slot in other.skipped:
                other.skipped.remove(at.slot)
    if at not in filled.new:
        is_more = isinstance(before, list) and before and len(value) > len(before)
        (filled.new if before is None or is_more else filled.corrected).append(at)
    frame.history = [*[h for h in frame.history if h != at], at][-30:]


async def fill_press(flow: AnyFlow, moment: Moment, press: Press) -> Filled:
    """A press of an answer button, also of one under an older message."""
    filled = Filled()
    step = flow.step(press.slot or "")
    if step is None:
        return filled
    asked = moment.frame.asked
    index = asked.item if asked and asked.slot == step.slot else 0
    at = Asked(slot=step.slot, item=index)
    old = None if _replaces(moment, step) else moment.frame.items[index].slots.get(step.slot)
    value = await value_of_press(step, press.value, old, moment)
    problem = value if isinstance(value, Problem) else _check(step, value, moment)
    if problem is not None:
        filled.blame(at, problem)
    else:
        store(flow, moment.frame, at, value, filled)
    return filled
