"""Who looked at a record: each officer once for each way of looking, the latest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.cases.views import READS
from bot.web import labels
from storage.models.audit import AuditEntry


@dataclass(frozen=True)
class Seen:
    """What one officer saw in one way, how often, and when last."""

    who: str
    what: str
    at: str
    times: int


def seen_section(entries: Iterable[AuditEntry], names: Mapping[int, str]) -> list[Seen]:
    """The reads among the entries of a record, which come oldest first."""
    latest: dict[tuple[str, int | None, str], tuple[AuditEntry, int]] = {}
    for entry in entries:
        if entry.action not in READS:
            continue
        key = (entry.actor_kind, entry.actor_id, entry.action)
        _, times = latest.pop(key, (entry, 0))  # what is set again moves to the end
        latest[key] = (entry, times + 1)
    return [
        Seen(
            names.get(entry.actor_id or 0, "工作人员"),
            labels.label(f"action.{entry.action}"),
            labels.clock(entry.at),
            times,
        )
        for entry, times in reversed(latest.values())
    ]
