"""Reaching a human: a wish to talk, a complaint, and the few questions after an emergency."""

import re
from dataclasses import dataclass, field
from typing import Any

from flows import checks
from flows.commands import AmendRecord, FileRecord
from flows.escalation.alarm import plain, region_code
from flows.escalation.sla import rule_for, within
from flows.papers import VOICE, refs_of, voices_of
from flows.say import Choice, Outcome, Say
from flows.steps import Ask, Flow, Moment
from flows.words import render
from nlu.types import Cue, Intent
from storage.kinds import EscalationStatus, EscalationType, RecordKind


@dataclass(frozen=True)
class Escalation:
    """What a human is asked for; contract section 5."""

    detail: str | None = None
    child_name: str | None = None
    age: int | None = None
    school: str | None = None
    region: dict[str, Any] | None = field(default=None)
    phone: str | None = None


WORTH_KEEPING = 6  # characters beyond the wish itself
A_SENTENCE = 6  # characters
MOVES = frozenset({Cue.SKIP, Cue.SKIP_REST, Cue.DONT_KNOW, Cue.NONE})
YES_OR_NO = frozenset({Intent.AFFIRM, Intent.DENY})
ONLY_A_WISH = re.compile(
    r"人工|真人|活人|客服|工作人员|麻烦|[转找叫想要个人跟和给帮我您你们说话聊能吗吧呢的了太]|\W"
)


async def _begin(moment: Moment) -> Say | None:
    """The first message may already say what it is about."""
    heard = moment.heard
    complaint = heard.understood.intent is Intent.COMPLAIN
    kind = EscalationType.COMPLAINT if complaint else EscalationType.HUMAN
    moment.frame.marks["type"] = kind.value
    if heard.press is None and len(ONLY_A_WISH.sub("", heard.text)) >= WORTH_KEEPING:
        moment.frame.items[0].slots["detail"] = heard.text
    spoken = [voice for beneath in moment.state.stack[:-1] for voice in voices_of(beneath)]
    moment.frame.files.extend((voice, VOICE) for voice in spoken)
    if "detail" not in moment.frame.items[0].slots and voices_of(moment.frame):
        moment.frame.items[0].slots["detail"] = render(Say("papers.voice_detail"))
    if moment.me.phone:
        moment.frame.items[0].slots["phone"] = moment.me.phone
    return None


async def _file(views: list[Escalation], moment: Moment) -> Outcome:
    kind = EscalationType(moment.frame.marks.get("type", "human"))
    reference = moment.lookup.new_reference(RecordKind.ESCALATION, kind)
    slots = moment.frame.items[0].slots
    command = FileRecord(
        RecordKind.ESCALATION,
        reference,
        plain(slots),
        region=region_code(slots) or moment.state.home,
        type=kind,
        documents=refs_of(moment.frame),
    )
    filed = [{"kind": RecordKind.ESCALATION.value, "reference": reference}]
    answer = within(rule_for(RecordKind.ESCALATION, EscalationStatus.OPEN, kind))
    say = Say(f"escalation.filed.{kind}", {"reference": reference, "within": answer})
    return Outcome((say.marked(flow="escalation", filed=filed, handoff=reference),), (command,))


ESCALATION = Flow(
    name="escalation",
    slots=Escalation,
    starts_on=frozenset({Intent.TALK_TO_HUMAN, Intent.COMPLAIN}),
    begin=_begin,
    steps=(
        Ask("detail", takes=("detail",), check=checks.some_words("detail")),
        Ask("region", takes=("region",), optional=True, check=checks.in_a_banner),
        Ask("phone", takes=("phone",), optional=True),
        Ask("child_name", takes=("child_name",), optional=True, when=lambda s: False),
        Ask("age", takes=("age",), optional=True, when=lambda s: False),
        Ask("school", takes=("school",), optional=True, when=lambda s: False),
    ),
    finish=_file,
)


async def _heed(moment: Moment) -> Outcome:
    """Each new fact goes to the open case at once; nobody waits for the end of a form."""
    known = moment.frame.items[0].slots
    slots, told = plain(known), moment.frame.marks.get("told", {})
    news = {k: v for k, v in slots.items() if told.get(k) != v}
    reference, papers = moment.frame.marks.get("reference"), refs_of(moment.frame)
    papers = papers[int(moment.frame.marks.get("sent", 0)) :]
    if reference is None or not (news or papers):
        return Outcome()
    moment.frame.marks["told"], moment.frame.marks["sent"] = slots, len(moment.frame.files)
    _share(moment, {k: known[k] for k in ("region", "phone") if k in news})
    place = region_code(known) if "region" in news else None
    amend = AmendRecord(reference, news, _words(moment), documents=papers, region=place)
    return Outcome((), (amend,))


def _words(moment: Moment) -> str:
    """What was said, as the case keeps it; danger has been noted by the alarm already."""
    heard = moment.heard
    is_move = bool(heard.understood.cues & MOVES) or heard.press is not None
    is_noted = is_move or heard.understood.emergency or len(heard.text) < A_SENTENCE
    return "" if is_noted else heard.text


def _share(moment: Moment, news: dict[str, Any]) -> None:
    """Nobody is asked twice: the phone holds for forms beneath, the place for a report too."""
    if moment.state.emergency is not None:
        moment.state.emergency.slots.update(news)
    for frame in moment.state.stack[:-1]:
        shared = news if frame.flow == "dropout" else {k: news[k] for k in ("phone",) if k in news}
        for item in frame.items:
            item.slots = {**shared, **item.slots}


def _more_words(moment: Moment) -> Outcome | None:
    """Words that answer nothing go to the case; nobody in danger is told to write more clearly."""
    reference, heard = moment.frame.marks.get("reference"), moment.heard
    if _nods(moment):
        return Outcome((Say("common.good"),))
    is_move = heard.understood.cues & MOVES or heard.understood.intent in YES_OR_NO
    words = "" if is_move or heard.press is not None else heard.text.strip()
    if reference is None or not any(char.isalpha() for char in words):
        return None
    say = Say("emergency.added", {"reference": reference})
    marked = say.marked(flow="escalation", handoff=reference)
    return Outcome((marked,), (AmendRecord(reference, note=words),))


def _nods(moment: Moment) -> bool:
    """ "好的" to what was said about danger is no wrong answer to the question, the first time."""
    is_nod = _NOD.fullmatch(moment.heard.text.strip()) is not None
    is_first = is_nod and "nodded" not in moment.frame.marks
    if is_first:
        moment.frame.marks["nodded"] = True
    return is_first


_NOD = re.compile(r"(?:好|嗯+|行|知道|明白|记住|收到)[了吧啊呀的,，.。!！]*")


async def _thanks(views: list[Escalation], moment: Moment) -> Outcome:
    reference = moment.frame.marks.get("reference", "")
    is_alone = len(moment.state.stack) == 1
    choices = (Choice("menu.dropout", "!start=report_dropout"),) if is_alone else ()
    return Outcome((Say("emergency.known", {"reference": reference}, choices),))


EMERGENCY = Flow(
    name="emergency",
    public="escalation",
    slots=Escalation,
    confirm=None,
    keeps_draft=False,
    heed=_heed,
    unheard=_more_words,
    steps=(
        Ask("region", takes=("region",), optional=True),
        Ask("phone", takes=("phone",), optional=True),
        Ask("detail", takes=("detail",), optional=True, when=lambda s: False),
        Ask("child_name", takes=("child_name",), optional=True, when=lambda s: False),
        Ask("age", takes=("age",), optional=True, when=lambda s: False),
        Ask("school", takes=("school",), optional=True, when=lambda s: False),
    ),
    finish=_thanks,
)
