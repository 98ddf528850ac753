"""Judges from outside: what people were told, and what the database says afterwards."""

from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise

from flows.state import State
from tests.channels.telegram_standin import Taken
from tests.torture.people import Told
from tests.torture.telegram import BadTelegram
from tests.torture.traces import Archive, Trace, effects, shape

WRONG = (
    "lost",
    "doubled",
    "out of order",
    "half",
    "parked or failed",
    "held",
    "told wrongly",
    "sent twice without a reason",
)
"""What must be nought; the order of the report."""


@dataclass
class Verdict:
    """Counts, and for what is wrong the first examples."""

    wrong: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    messages: int = 0
    records: int = 0
    sends: int = 0
    sent_twice: Counter[str] = field(default_factory=Counter)

    def blame(self, kind: str, what: str, count: int = 1) -> None:
        """Something is wrong."""
        self.wrong[kind] += count
        if len(self.examples[kind]) < 5:
            self.examples[kind].append(what)


@dataclass(frozen=True)
class Evidence:
    """All that is known: the archive, the people, Telegram, and when things were done to it."""

    archive: Archive
    told: list[Told]
    telegram: BadTelegram
    disturbed: list[tuple[float, float, str]]
    """Spans of the loop's time in which a send may have been repeated, and why."""

    now: datetime


def judge(evidence: Evidence) -> Verdict:
    """Everything that is wrong."""
    verdict = Verdict()
    models = {
        (told.talk.script.id, told.talk.channel): _trace(evidence, told)
        for told in evidence.told
        if told.talk.calm
    }
    for told in evidence.told:
        trace = _trace(evidence, told)
        if trace is None:
            verdict.blame("lost", f"talk {told.talk.number}: nothing of it is there")
            continue
        _judge_messages(verdict, told, trace)
        model = models[told.talk.script.id, told.talk.channel]
        if model is not None:
            _judge_effects(verdict, told, trace, model, evidence.archive)
        _judge_rows(verdict, told, trace, evidence)
        if told.talk.channel == "telegram":
            _judge_sends(verdict, told, trace, evidence)
    _judge_records(verdict, evidence.archive)
    return verdict


def _trace(evidence: Evidence, told: Told) -> Trace | None:
    return evidence.archive.traces.get((told.talk.channel, told.talk.address))


def _judge_messages(verdict: Verdict, told: Told, trace: Trace) -> None:
    """Each once, in order; each answered by what answers it in a calm talk."""
    who, said = f"talk {told.talk.number} ({told.talk.script.id})", told.talk.said()
    verdict.messages += told.acknowledged
    for complaint in told.complaints:
        kind = "lost" if "never" in complaint else "told wrongly"
        verdict.blame(kind, f"{who}: {complaint}")
    missing = Counter(said[: told.acknowledged]) - Counter(trace.said)
    extra = Counter(trace.said) - Counter(said)
    if missing:
        verdict.blame("lost", f"{who}: {missing.total()} messages", missing.total())
    if extra:
        verdict.blame("doubled", f"{who}: {extra.total()} messages", extra.total())
    if not missing and not extra and trace.said != said[: len(trace.said)]:
        verdict.blame("out of order", f"{who}: taken in another order than they were said")
    order = [number for number, _ in trace.replies]
    if order != sorted(order):
        verdict.blame("out of order", f"{who}: answered in the order {order}")
    for number, answer in enumerate(told.answers):
        there = Counter(row.text for row in trace.outbox)
        if any(each["text"] not in there for each in answer):
            verdict.blame("lost", f"{who}: an answer to line {number + 1} is not kept")


def _judge_effects(
    verdict: Verdict, told: Told, trace: Trace, model: Trace, archive: Archive
) -> None:
    who = f"talk {told.talk.number} ({told.talk.script.id})"
    mine, theirs = effects(trace, archive), effects(model, archive)
    mine.update(f"reply {number} {what}" for number, what in trace.replies)
    theirs.update(f"reply {number} {what}" for number, what in model.replies)
    for what, count in (theirs - mine).items():
        verdict.blame("lost", f"{who}: {what}", count)
    for what, count in (mine - theirs).items():
        verdict.blame("doubled", f"{who}: {what}", count)


def _judge_rows(verdict: Verdict, told: Told, trace: Trace, evidence: Evidence) -> None:
    """Nothing is given up, nothing is still held, nothing waits that should be out."""
    who = f"talk {told.talk.number} ({told.talk.script.id}, {told.talk.channel})"
    for row in trace.inbox:
        if row.status != "handled":
            kind = "parked or failed" if row.status == "parked" else "lost"
            verdict.blame(kind, f"{who}: message {row.id} is {row.status}, {row.error}")
    _judge_outbox(verdict, who, told, trace, evidence.now)
    held = [f"inbox {row.id}" for row in trace.inbox if row.leased_until is not None]
    held += [f"outbox {row.id}" for row in trace.outbox if row.leased_until is not None]
    for row_name in held:
        verdict.blame("held", f"{who}: {row_name} is still leased")
    try:
        State.model_validate(trace.conversation.state)
    except ValueError as error:
        verdict.blame("half", f"{who}: its state cannot be read, {error}")


def _judge_outbox(verdict: Verdict, who: str, told: Told, trace: Trace, now: datetime) -> None:
    for out in trace.outbox:
        if out.status == "failed":
            verdict.blame("parked or failed", f"{who}: sending {out.id} failed, {out.error}")
        is_push = out.in_reply_to is None  # over HTTP it waits for the next call
        is_due = out.due_at <= now and not (is_push and told.talk.channel == "rest")
        if out.status == "queued" and is_due:
            verdict.blame("lost", f"{who}: {out.id} was never sent, {shape(out.custom)}")


def _judge_sends(verdict: Verdict, told: Told, trace: Trace, evidence: Evidence) -> None:
    """Each at least once and in order; who came twice had a reason."""
    who = f"talk {told.talk.number} ({told.talk.script.id})"
    sent = [row.text for row in trace.outbox if row.status == "sent"]
    got = evidence.telegram.taken_by(int(told.talk.address))
    verdict.sends += len(sent)
    if missing := Counter(sent) - Counter(each.text for each in got):
        verdict.blame("lost", f"{who}: {missing.total()} sent, never arrived", missing.total())
    runs = [list(run) for _, run in groupby(got, key=lambda each: each.text)]
    if [run[0].text for run in runs] != [text for text, _ in groupby(sent)]:
        verdict.blame("out of order", f"{who}: Telegram got its messages in another order")
    wanted = [len(list(run)) for _, run in groupby(sent)]
    for run, count in zip(runs, wanted, strict=False):
        for before, after in list(pairwise(run))[: max(0, len(run) - count)]:
            reason = _reason(evidence, before, after)
            if reason is None:
                verdict.blame("sent twice without a reason", f"{who}: {before.text[:20]}")
            else:
                verdict.sent_twice[reason] += 1


def _reason(evidence: Evidence, first: Taken, second: Taken) -> str | None:
    if not first.is_answered:
        return "Telegram took it without answering"
    for begun, over, why in evidence.disturbed:
        if begun <= second.at and over >= first.at:
            return why
    return None


def _judge_records(verdict: Verdict, archive: Archive) -> None:
    """No record without its trace, no trace without its record."""
    records = {r.reference: r for trace in archive.traces.values() for r in trace.records}
    verdict.records = len(records)
    for orphan in archive.orphans:
        verdict.blame("half", orphan)
    for reference, record in records.items():
        begun = [e.action for e in archive.audit.get(reference, ()) if e.action in ("file", "book")]
        if len(begun) != 1:
            verdict.blame("half", f"{reference}: {len(begun)} entries in the audit of its filing")
        if not archive.topics.get(reference):
            verdict.blame("half", f"{reference}: belongs to nothing that was said")
        if record.person_id is None:
            verdict.blame("half", f"{reference}: of nobody")
    for reference in {*archive.topics, *archive.audit} - records.keys():
        verdict.blame("half", f"{reference}: a trace of a record that is not there")
    for trace in archive.traces.values():
        _judge_reminders(verdict, trace, records.keys())


def _judge_reminders(verdict: Verdict, trace: Trace, records: Set[str]) -> None:
    """Each told once, in a message that is there."""
    outbox = {row.id for row in trace.outbox}
    for reminder in trace.reminders:
        if reminder.reference is not None and reminder.reference not in records:
            verdict.blame("half", f"reminder {reminder.id}: of no record")
        if reminder.status == "fired" and reminder.outbox_id not in outbox:
            verdict.blame("half", f"reminder {reminder.id}: told, and in no message")
        if reminder.kind == "own" and reminder.status != "fired":
            verdict.blame("lost", f"reminder {reminder.id}: {reminder.status}")
    pushes = Counter(row.text for row in trace.outbox if row.in_reply_to is None)
    if twice := {text: count for text, count in pushes.items() if count > 1}:
        verdict.blame("doubled", f"the same push again: {next(iter(twice))[:30]}", len(twice))
