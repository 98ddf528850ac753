"""What a work group may read of a case: number, kind, township, deadline, who did what. No child.

Everybody in the group sees it, also who joined yesterday: names, words and photos stay out.
"""

from collections.abc import Mapping, Sequence

from bot.cases.notices import due_words, kind_name
from bot.cases.records import Record
from bot.clock import spoken
from bot.rights.territory import place_name
from bot.web.labels import label
from bot.words import render
from storage.kinds import EscalationType, RecordKind
from storage.models.audit import AuditEntry

SHOWN = frozenset(
    {
        "file", "route", "assign", "verify", "responsible", "visit", "correct_visit", "plan",
        "attendance", "return", "report_return", "said_gone", "keep_paper", "note", "reply",
        "hand_back", "ask", "answer", "no_answer", "join", "amend", "snooze", "supervise",
        "lift_supervision", "supervision_over", "transfer", "accept_transfer", "reject_transfer",
        "transfer_lapsed", "escalate", "remind", "overdue", "mark_duplicate", "request_close",
        "approve_close", "decline_close", "reopen", "withdraw",
    }
)  # fmt: skip
"""The changes a group hears of; that somebody read a record is nobody's news."""

_TOWNSHIP = 9
_MOST_LINES = 10


def is_shown(record: Record) -> bool:
    """Whether groups hear of the record: of children and calls for help.

    A complaint may be about somebody in the group, an application is no work of several.
    """
    if record.kind == RecordKind.DROPOUT_CASE:
        return True
    type_ = getattr(record, "type", None)
    return record.kind == RecordKind.ESCALATION and type_ != EscalationType.COMPLAINT


def title(record: Record) -> str:
    """The name of the topic."""
    return render(
        "group.title", reference=record.reference, kind=kind_name(record), place=_place(record)
    )


def post(
    record: Record, news: Sequence[AuditEntry], names: Mapping[int, str], is_first: bool
) -> str:
    """What happened, and how the case stands now."""
    lines = [_line(entry, names) for entry in news[-_MOST_LINES:]]
    stands = render(
        "group.stands",
        status=render(f"status.{record.kind}.{record.status}"),
        officer=names.get(record.assigned_to_id or 0) or render("line.nobody"),
        due=due_words(record.due_at),
    )
    parts = [title(record), *lines, stands] if is_first else [*lines, stands]
    return "\n".join([*parts, render("group.how")] if is_first else parts)


def _line(entry: AuditEntry, names: Mapping[int, str]) -> str:
    who = names.get(entry.actor_id or 0) if entry.actor_kind == "officer" else None
    what = label(f"action.{entry.action}")
    return f"{spoken(entry.at)} {who}：{what}" if who else f"{spoken(entry.at)} {what}"


def _place(record: Record) -> str:
    code = (record.region_code or "")[:_TOWNSHIP]
    return place_name(code) or render("officer.unknown_place")
