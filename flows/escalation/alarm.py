"""Danger to a child: answered at once with 110, filed at once from whatever is known.

Runs before any classifier's word and inside any flow. Basis of the duty to report:
高检发〔2020〕9号; 未成年人保护法 art. 11.
"""

from datetime import datetime, timedelta
from typing import Any

from flows.asking import go_on
from flows.commands import AmendRecord, Command, FileRecord
from flows.filling import fill
from flows.papers import refs_of
from flows.policy.offices import hotlines
from flows.ports import Lookup
from flows.say import Say
from flows.state import Emergency, Frame, State
from flows.talk import Talk
from storage.kinds import EscalationType, RecordKind

SAME_EMERGENCY = timedelta(hours=2)
CARRIED = ("child_name", "age", "school", "region", "phone")


async def alarm(talk: Talk) -> None:
    """Name 110, open the case or add to the one just opened, and ask only where the child is."""
    last = talk.state.emergency
    if last is not None and is_fresh(last, talk.now):
        await _add(talk, last)
        return
    frame = _frame(talk)
    _keep_beneath(talk)
    reference = talk.lookup.new_reference(RecordKind.ESCALATION, EscalationType.EMERGENCY)
    frame.marks["reference"] = reference
    talk.state.emergency = Emergency(reference=reference, at=talk.now, slots=_for_a_report(talk))
    slots = plain(frame.items[0].slots)
    talk.do(emergency_record(reference, slots, frame))
    frame.marks["told"], frame.marks["sent"] = slots, len(frame.files)
    lines = hotline_lines(talk.understood.keyword, slots)
    say = Say("emergency.alarm", {"care": _care(talk.understood.keyword), "lines": lines})
    filed = [{"kind": RecordKind.ESCALATION.value, "reference": reference}]
    talk.say(say.marked(flow="escalation", filed=filed, handoff=reference))
    talk.state.stack.append(frame)
    talk.enter(frame)
    await go_on(talk)


def is_fresh(emergency: Emergency, now: datetime) -> bool:
    """Whether more words are about the same danger."""
    return now - emergency.at < SAME_EMERGENCY


def _keep_beneath(talk: Talk) -> None:
    """What the message says about the form under way is not lost, and no second case is opened."""
    beneath = talk.frame
    if beneath is not None and beneath.flow != "emergency":
        fill(talk.flow_of(beneath), talk.moment(beneath))
        beneath.marks["alarmed"] = list(range(len(beneath.items)))


def _for_a_report(talk: Talk) -> dict[str, Any]:
    """All that the message says of the child, so that a report afterwards does not ask again."""
    frame = Frame(flow="dropout")
    fill(talk.flows.by_name[frame.flow], talk.moment(frame))
    return frame.items[0].slots


def emergency_record(reference: str, slots: dict[str, Any], frame: Frame) -> Command:
    """The record of an emergency, filed without a summary."""
    return FileRecord(
        RecordKind.ESCALATION,
        reference,
        slots,
        region=region_code(frame.items[0].slots),
        type=EscalationType.EMERGENCY,
        documents=refs_of(frame),
    )


def region_code(slots: dict[str, Any]) -> str | None:
    """The division code in the slots, if a place is known."""
    region = slots.get("region")
    return str(region["code"]) if isinstance(region, dict) else None


def plain(slots: dict[str, Any]) -> dict[str, Any]:
    """Slots as records keep them: a place by its official name, its code beside."""
    return {k: v["name"] if isinstance(v, dict) else v for k, v in slots.items() if v is not None}


def _care(keyword: str) -> Say:
    """The first sentence; who wants to die may be the child who writes."""
    is_despair = keyword.partition(":")[0] == "self_harm"
    return Say("emergency.care_despair") if is_despair else Say("emergency.care")


def hotline_lines(keyword: str, slots: dict[str, Any]) -> list[Say]:
    """The right numbers for the danger, 110 first."""
    purpose = keyword.partition(":")[0] or "danger"
    return [Say("emergency.line", {"number": h.number, "role": h.role}) for h in hotlines(purpose)]


def _frame(talk: Talk) -> Frame:
    """A frame that knows what this message and the flow under way already said."""
    flow = talk.flows.by_name["emergency"]
    frame = Frame(flow=flow.name)
    beneath = talk.frame
    if beneath is not None and beneath.flow != flow.name:
        known = beneath.items[0].slots
        frame.items[0].slots = {k: known[k] for k in CARRIED if known.get(k) is not None}
        frame.files = list(beneath.files)
    frame.files.extend((file.attachment, "") for file in talk.heard.files)
    fill(flow, talk.moment(frame))
    frame.items[0].slots["detail"] = talk.heard.text
    return frame


async def _add(talk: Talk, last: Emergency) -> None:
    """More words about the same danger go to the same case."""
    refs = refs_of(Frame(flow="emergency", files=[(f.attachment, "") for f in talk.heard.files]))
    talk.do(AmendRecord(last.reference, note=talk.heard.text, documents=refs))
    say = Say("emergency.added", {"reference": last.reference})
    talk.say(say.marked(flow="escalation", handoff=last.reference))
    frame = talk.frame
    if frame is None or frame.flow != "emergency":
        talk.stand_aside()
    if frame is not None and frame.flow == "emergency":
        fill(talk.flow_of(frame), talk.moment(frame))
    if frame is not None:
        await go_on(talk)


def silent_alarm(
    state: State, lookup: Lookup, slots: dict[str, Any], region: str | None, linked_to: str | None
) -> tuple[FileRecord, Say]:
    """An emergency that a form's own answers reveal: child work under 16, child marriage."""
    reference = lookup.new_reference(RecordKind.ESCALATION, EscalationType.EMERGENCY)
    command = FileRecord(
        RecordKind.ESCALATION,
        reference,
        slots,
        region=region,
        type=EscalationType.EMERGENCY,
        linked_to=linked_to,
    )
    filed = [{"kind": RecordKind.ESCALATION.value, "reference": reference}]
    return command, Say("emergency.from_form").marked(filed=filed, handoff=reference)
