"""The buttons under a push, by what it tells of; a press is understood however much later."""

from collections.abc import Mapping, Sequence

from bot.words import render
from flows.policy.reminders import reminder_rules
from storage.kinds import ReminderKind as K
from storage.models.reminder import Reminder

MOST = 3
_STOP = "stop"
_BUTTONS: Mapping[K, tuple[str, ...]] = {
    K.OWN: ("done", "again"),
    K.DOCUMENTS: ("handed_in", "later"),
    K.WINDOW: ("apply", "done"),
    K.PUBLICATION: ("ok", "object"),
    K.DECISION: ("ok", "object"),
    K.SESSION: ("going", "not_going", "other_time"),
    K.SESSION_SOON: ("going", "not_going"),
    K.PLACE: ("going", "not_going"),
    K.ATTENDANCE: ("went", "missed"),
    K.CAMPAIGN: ("apply", "declined", "person"),
}
"""The replies to each kind, the usual one first; their titles are `button.<kind>.<reply>`."""


def choices(rows: Sequence[Reminder], is_shared: bool = False) -> list[dict[str, str]]:
    """At most three replies and one that ends such pushes; on a shared phone they name nothing."""
    if not rows:
        return []
    rules = reminder_rules()
    if is_shared and any(rules.of(row.kind).neutral for row in rows):
        return [_button("button.neutral.ok", "ok", rows), _button("button.stop", _STOP, rows)]
    replies = _of_one(rows[0]) if len(rows) == 1 else _of_several(rows)
    pushes = [row for row in rows if row.kind not in (K.OWN, K.PLACE)]
    return [*replies[:MOST], *([_button("button.stop", _STOP, pushes)] if pushes else [])]


def _of_one(row: Reminder) -> list[dict[str, str]]:
    kind = K(row.kind)
    return [_button(f"button.{kind}.{reply}", reply, [row]) for reply in _BUTTONS[kind]]


def _of_several(rows: Sequence[Reminder]) -> list[dict[str, str]]:
    """The usual reply to each kind; which one is meant of several alike is asked after a press."""
    kinds = list(dict.fromkeys(K(row.kind) for row in rows))
    alike = {kind: [row for row in rows if row.kind == kind] for kind in kinds}
    return [_button(f"button.several.{kind}", _BUTTONS[kind][0], alike[kind]) for kind in kinds]


def _button(key: str, reply: str, rows: Sequence[Reminder]) -> dict[str, str]:
    ids = ".".join(str(row.id) for row in rows[:MOST])
    return {"title": render(key), "payload": f"!reply.{reply}={ids}"}
