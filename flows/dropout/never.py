"""A child who never went to school has no school, no grade there and no day of the last lesson."""

import re

from flows.say import Outcome, Say
from flows.steps import Moment
from flows.words import render

_NEVER = re.compile(
    "(?:没|没有|未|不曾)(?:上|念|读|入|进)过|没报过名|没(?:有)?(?:学校|学籍)|(?:没|未)入(?:过)?学"
    "|(?:从来|压根|根本|一天也?)(?:都|就|也)?(?:没|没有)(?:上|念|读|去)"
)
_OF_THE_CHILD = re.compile(
    "(?:孩子|娃|[他她]|岁[了的]?[,，、 ]?)(?:从来|一直|还|都|就)?"
    "(?:没|没有)(?:上|念|读)过(?:一天|几天)?(?:学|书)"
)


def never_went() -> str:
    """What stands in place of the school's name."""
    return render(Say("dropout.never_at_school"))


def said_at_the_start(moment: Moment) -> None:
    """ "9岁了，没上过学": told before it is asked."""
    if _OF_THE_CHILD.search(moment.heard.text) and not _names_a_school(moment):
        moment.frame.items[0].slots.setdefault("school", never_went())


def said_when_asked(moment: Moment) -> Outcome | None:
    """原来在哪个学校？"从来没上过"."""
    asked = moment.frame.asked
    if asked is None or asked.slot != "school" or not _NEVER.search(moment.heard.text):
        return None
    moment.frame.items[asked.item].slots["school"] = never_went()
    moment.frame.history.append(asked)
    return Outcome((Say("dropout.never_noted"),))


def _names_a_school(moment: Moment) -> bool:
    return any(e.entity == "school" for e in moment.heard.understood.entities)
