"""Danger to a child: how much of it is noticed, and how often nothing was the matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.evaluate import Reading
from nlu.types import Intent


@dataclass(frozen=True)
class Alarms:
    """Of `dangerous` sentences `found` raised an alarm, of `harmless` ones `false` did.

    A sentence that may be taken for danger, and may not, counts on neither side.
    """

    found: int = 0
    dangerous: int = 0
    false: int = 0
    harmless: int = 0


def count_alarms(readings: Sequence[Reading]) -> Alarms:
    """The alarms of these sentences, by the safety rules or by the intent."""
    danger = Intent.REPORT_EMERGENCY
    dangerous = [r for r in readings if r.row.intent == danger]
    harmless = [r for r in readings if danger not in (r.row.intent, *r.row.also)]
    return Alarms(
        sum(r.is_alarm for r in dangerous),
        len(dangerous),
        sum(r.is_alarm for r in harmless),
        len(harmless),
    )
