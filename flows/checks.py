"""What an answer must be to be used; each problem is told kindly, with what to send instead."""

import re
from datetime import date, timedelta
from typing import Any

from flows.local_time import local_day
from flows.steps import Check, Moment, Problem
from flows.values import NOT_YET

SHORTEST_NAME, LONGEST_NAME = 2, 20
LONGEST_DETAIL = 2000
BANNER_CODE = 6
_SAID = re.compile("[别不我你您他她谁啥吗]|什么|怎么|知道")


def between(slot: str, low: int, high: int) -> Check:
    """A whole number within sensible bounds."""

    def check(value: Any, moment: Moment) -> Problem | None:
        if isinstance(value, int) and low <= value <= high:
            return None
        return Problem(f"slot.{slot}.out_of_range", {"low": low, "high": high, "said": value})

    return check


def a_name(slot: str) -> Check:
    """A person's name as people write it: Han characters, perhaps with a middle dot."""

    def check(value: Any, moment: Moment) -> Problem | None:
        text = str(value)
        fits = SHORTEST_NAME <= len(text) <= LONGEST_NAME
        return None if fits and _is_name(text) else Problem(f"slot.{slot}.not_a_name")

    return check


def _is_name(text: str) -> bool:
    return all("\u4e00" <= c <= "\u9fff" or c in "·•." or "\u3400" <= c <= "\u4dbf" for c in text)


def not_in_future(value: Any, moment: Moment) -> Problem | None:
    """A day on which something has already happened, or not yet."""
    if value == NOT_YET:
        return None
    day = date.fromisoformat(str(value))
    today = local_day(moment.heard.at)
    if day > today + timedelta(days=1):
        return Problem("slot.absent_since.future", {"said": value})
    if day < today - timedelta(days=366 * 15):
        return Problem("slot.absent_since.long_ago", {"said": value})
    return None


def in_a_banner(value: Any, moment: Moment) -> Problem | None:
    """At least a banner: a league alone does not tell which office answers."""
    if len(str(value["code"]).rstrip("0")) > BANNER_CODE - 2 and len(value["path"]) > 2:
        return None
    moment.state.home = moment.state.home or str(value["code"])
    return Problem("slot.region.too_wide", {"said": value["name"]}, only_if_asked=True)


def some_words(slot: str) -> Check:
    """A matter in one's own words, neither empty nor a book."""

    def check(value: Any, moment: Moment) -> Problem | None:
        text = str(value).strip()
        if len(text) > LONGEST_DETAIL:
            return Problem(f"slot.{slot}.too_long", {"most": LONGEST_DETAIL})
        return None if any(c.isalnum() for c in text) else Problem(f"slot.{slot}.retry")

    return check


def a_school(value: Any, moment: Moment) -> Problem | None:
    """A name of a school; "别说我是谁" is none."""
    problem = short("school")(value, moment)
    return problem or (Problem("slot.school.retry") if _SAID.search(str(value)) else None)


def short(slot: str, longest: int = 40) -> Check:
    """A name of something, not a story."""

    def check(value: Any, moment: Moment) -> Problem | None:
        text = str(value).strip()
        fits = text and len(text) <= longest and any(c.isalnum() for c in text)
        is_markup = any(c in text for c in "<>{};=")
        return None if fits and not is_markup else Problem(f"slot.{slot}.retry")

    return check
