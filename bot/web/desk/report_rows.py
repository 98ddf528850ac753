"""The filters behind a number of a report: read from an address, and said in words."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.errors import Refused
from bot.reports.aid import STAGES
from bot.reports.climbing import LADDER
from bot.reports.scope import is_month, month_bounds, month_days
from bot.web import labels
from bot.web.numbers import row_number
from bot.words import render, sentences
from storage.kinds import RecordKind
from storage.repositories.counted import NONE, Acted, Cut, Happened
from storage.repositories.record_query import RecordQuery

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_SEVERAL = "，一条里可能有几次"
_YES_NO: dict[str, bool] = {"1": True, "0": False}


def query_of(asked: Mapping[str, str]) -> RecordQuery:
    """What to ask the database. Raises Refused with a sentence for an address nobody offered."""
    kinds = tuple(kind for kind in RecordKind if kind == asked.get("kind"))
    first, last = _month(asked, "from"), _month(asked, "to")
    region = asked.get("region", "")
    closed_in = _month(asked, "closed_in")
    since, before = month_bounds(closed_in) if closed_in else (None, None)
    if closed_to := _month(asked, "closed_to"):
        before = month_bounds(closed_to)[1]
    if asked.get("closed_at") == "1":
        since = _EVER
    ladder = asked.get("ladder", "")
    session = asked.get("session", "")
    cut = Cut(
        first_month=first,
        last_month=last,
        stage=asked.get("stage") or None,
        level=asked.get("level") or None,
        ladder=int(ladder) if ladder in "01234" and ladder else None,
        is_acted=_YES_NO.get(asked.get("acted", "")),
        is_closed=_YES_NO.get(asked.get("closed", "")),
        closed_since=since,
        closed_before=before,
        is_unvisited=asked.get("unvisited") == "1",
        closing=asked.get("closing") or None,
        fact=_fact(asked),
        act=_act(asked),
        session_id=row_number(session),
    )
    return RecordQuery(
        kinds=kinds,
        type=asked.get("type") or None,
        statuses=tuple(status for status in asked.get("status", "").split(",") if status),
        region=region if region.isascii() and region.isdecimal() else None,
        cut=cut,
    )


def _fact(asked: Mapping[str, str]) -> Happened | None:
    month = _month(asked, "in")
    return Happened(asked["fact"], *month_days(month)) if month and asked.get("fact") else None


def _act(asked: Mapping[str, str]) -> Acted | None:
    """`act` is an action and who did it: escalate.system."""
    month, (action, _, actor) = _month(asked, "in"), asked.get("act", "").partition(".")
    return Acted(action, actor, *month_bounds(month)) if month and action else None


def said_of(asked: Mapping[str, str]) -> str:
    """The filters in words, for the head of the list."""
    kind, month = asked.get("kind", ""), asked.get("in", "")
    ways: dict[str, Callable[[str], str]] = {
        "kind": lambda value: sentences().get(f"kind.{value}", ""),
        "region": labels.place_path,
        "from": lambda value: f"{value} 起登记",
        "to": lambda value: f"到 {value}",
        "stage": lambda value: STAGES.get(value, value),
        "level": lambda value: "未定等级" if value == NONE else render(f"level.{value}"),
        "status": lambda value: "、".join(
            labels.label(f"status.{kind}.{status}") for status in value.split(",")
        ),
        "acted": lambda value: "已有人办" if value == "1" else "还没人办",
        "closed": lambda value: "已办结" if value == "1" else "没办结",
        "closed_at": lambda _: "已办结",
        "closed_in": lambda value: f"{value} 起办结" if "closed_to" in asked else f"{value} 办结",
        "closed_to": lambda value: f"到 {value} 办结",
        "unvisited": lambda _: "一次也没走访",
        "closing": lambda value: f"依据：{_closing(value)}",
        "fact": lambda value: (
            f"{asked.get('in', '')} {labels.label(f'action.{value}')}，一条里可能有几次"
        ),
        "act": lambda value: f"{month} {_acted(value)}{_SEVERAL}",
        "session": lambda _: "一个班",
        "ladder": lambda value: f"在{LADDER[int(value)]}这一级",
    }
    return " · ".join(
        words for key, way in ways.items() if asked.get(key) and (words := _said(way, asked[key]))
    )


def _closing(code: str) -> str:
    return "没有写" if code == NONE else sentences().get(f"closing.{code}", code)


def _acted(act: str) -> str:
    action, _, actor = act.partition(".")
    who = "到点自动" if actor == "system" else "工作人员"
    return f"{who}{labels.label(f'action.{action}')}"


def _said(way: Callable[[str], str], value: str) -> str:
    try:
        return way(value)
    except (KeyError, ValueError, IndexError):  # an address typed by hand
        return value


def _month(asked: Mapping[str, str], name: str) -> str | None:
    value = asked.get(name, "")
    if value and not is_month(value):
        raise Refused("月份请这样写：2026-11。")
    return value or None
