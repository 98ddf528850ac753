"""Handing in papers for an application that is already filed."""

from dataclasses import dataclass, replace

from flows.commands import AmendRecord, DocumentRef
from flows.common.choosing import begin_with, is_mine, mine, open_records
from flows.say import Choice, Outcome, Say
from flows.steps import Ask, Flow, Moment
from flows.words import render
from nlu.types import Intent
from storage.kinds import RecordKind


@dataclass(frozen=True)
class Papers:
    """Which application, and the keys of the papers received."""

    reference: str | None = None
    documents: list[str] | None = None


async def _begin(moment: Moment) -> Say | None:
    guard = await begin_with(RecordKind.AID_APPLICATION, moment, "documents.nothing")
    await _prefer_sent_back(moment)
    apply = Choice("menu.aid", "!start=apply_aid")
    return replace(guard, choices=(apply, *guard.choices)) if guard else None


async def _prefer_sent_back(moment: Moment) -> None:
    """A photo alone, with several applications open, is for the one that waits for a photo."""
    slots = moment.frame.items[0].slots
    if slots.get("reference") or moment.heard.text.strip() or not moment.frame.files:
        return
    records = await mine(RecordKind.AID_APPLICATION, moment)
    waiting = [r for r in records if set(r.sent_back) & set(r.missing_documents)]
    if len(waiting) == 1:
        slots["reference"] = waiting[0].reference


async def _heed(moment: Moment) -> Outcome:
    """Each photo goes to the application at once, with what the office still misses."""
    frame, reference = moment.frame, moment.frame.items[0].slots.get("reference")
    record = await moment.lookup.my_record(reference) if reference else None
    missing = list(record.missing_documents) if record else []
    sent = int(frame.marks.get("sent", 0))
    refs = tuple(
        DocumentRef(attachment, key or (missing.pop(0) if missing else "other"))
        for attachment, key in (frame.files[sent:] if record else ())
    )
    frame.marks["sent"] = sent + len(refs)
    names = "、".join(render(Say(f"documents.documents.options.{key}")) for key in missing)
    frame.marks["values"] = {"missing": f"还差：{names}。" if names else ""}
    if record is None or not refs:
        return Outcome()
    if not missing:
        frame.items[0].skipped.append("documents")
    told = () if frame.asked else (Say("papers.taken", {"reference": record.reference}),)
    return Outcome(told, (AmendRecord(record.reference, documents=refs),))


def _all_sent(moment: Moment) -> Outcome | None:
    """ "发完了", "就这些", "好了"."""
    if moment.heard.understood.intent not in (Intent.AFFIRM, Intent.SUBMIT_DOCUMENT):
        return None
    moment.frame.items[0].skipped.append("documents")
    return Outcome()


async def _thanks(views: list[Papers], moment: Moment) -> Outcome:
    reference = views[0].reference or ""
    key = "documents.done" if moment.frame.files else "documents.none_sent"
    return Outcome((Say(key, {"reference": reference}).marked(status=reference),))


PAPERS = Flow(
    name="documents",
    slots=Papers,
    starts_on=frozenset({Intent.SUBMIT_DOCUMENT}),
    confirm=None,
    keeps_draft=False,
    begin=_begin,
    heed=_heed,
    unheard=_all_sent,
    steps=(
        Ask(
            "reference",
            takes=("case_number",),
            choices=open_records(RecordKind.AID_APPLICATION, "documents"),
            check=is_mine,
        ),
        Ask("documents", optional=True),
    ),
    finish=_thanks,
)
