"""Handing in papers for an application that is already filed."""

from dataclasses import dataclass

from flows.commands import AmendRecord, DocumentRef
from flows.common.choosing import begin_with, is_mine, open_records
from flows.say import Outcome, Say
from flows.steps import Ask, Flow, Moment
from nlu.types import Intent
from storage.kinds import RecordKind


@dataclass(frozen=True)
class Papers:
    """Which application, and the keys of the papers received."""

    reference: str | None = None
    documents: list[str] | None = None


async def _begin(moment: Moment) -> Say | None:
    return await begin_with(RecordKind.AID_APPLICATION, moment, "documents.nothing")


async def _heed(moment: Moment) -> Outcome:
    """Each photo goes to the application at once, with what the office still misses."""
    files = moment.frame.files
    reference = moment.frame.items[0].slots.get("reference")
    sent = int(moment.frame.marks.get("sent", 0))
    if reference is None or len(files) <= sent:
        return Outcome()
    record = await moment.lookup.my_record(reference)
    missing = list(record.missing_documents) if record else []
    refs = tuple(
        DocumentRef(attachment, key or (missing.pop(0) if missing else "other"))
        for attachment, key in files[sent:]
    )
    moment.frame.marks["sent"] = len(files)
    moment.frame.items[0].slots["documents"] = [ref.document for ref in refs]
    return Outcome((), (AmendRecord(reference, documents=refs),))


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
