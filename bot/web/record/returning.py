"""The parts of a dropout case's page on a child that is back: where it is, whether it stays."""

from typing import Any

from bot.cases.life import Life, life_view
from flows.dropout.standing import ABSENT_ALARM

_SHOWN = 14


def placement_section(life: Life) -> dict[str, Any]:
    """Where the child is, and how often it was gone again."""
    placement = life_view(life, {})["placement"]
    return {"now": placement, "times_gone": life.standing.times_gone}


def monitoring_section(life: Life) -> dict[str, Any]:
    """The days looked at, the newest first, and when to look next."""
    attendance = life_view(life, {})["attendance"]
    checks = life.standing.checks
    days = [
        {
            "on": day.isoformat(),
            "present": bool(checks[day].detail.get("present")),
            "note": str(checks[day].detail.get("note") or ""),
        }
        for day in sorted(checks, reverse=True)[:_SHOWN]
    ]
    is_alarm = life.standing.absent_days >= ABSENT_ALARM
    return {"attendance": attendance, "days": days, "alarm": is_alarm}
