"""A place said in passing that several places are called: kept until it is asked, or made clear.

"巴彦塔拉苏木" stays known as one of three; "科右中旗", said later, decides which.
"""

from typing import Any

from flows.say import Choice, Say
from flows.state import Asked, Frame
from flows.steps import AnyFlow, Moment, Problem
from flows.values import place_value
from nlu.types import Entity

BANNER = 6  # digits of its division code
MARK = "unclear"


def keep(frame: Frame, at: Asked, entity: Entity, problem: Problem) -> None:
    """Remember the candidates, so that the question offers them."""
    if problem.choices:
        frame.marks[MARK] = {
            "slot": at.slot,
            "said": entity.value,
            "codes": list(entity.candidate_codes),
            "titles": [[choice.title, choice.payload] for choice in problem.choices],
        }


def question(flow: AnyFlow, frame: Frame, at: Asked) -> Say | None:
    """The question with the candidates as its choices."""
    mark = frame.marks.get(MARK)
    if mark is None or mark["slot"] != at.slot:
        return None
    choices = tuple(Choice(title, payload, literal=True) for title, payload in mark["titles"])
    return Say(f"{flow.name}.{at.slot}.which", {"said": mark["said"]}, choices)


def made_clear(frame: Frame, value: Any, moment: Moment) -> Any:
    """The one candidate that lies in the place named now; else the place as named."""
    mark = frame.marks.pop(MARK, None)
    if mark is None or len(value["code"]) > BANNER:
        return value
    inside = [code for code in mark["codes"] if code.startswith(value["code"])]
    place = moment.lookup.place(inside[0]) if len(inside) == 1 else None
    return place_value(place) if place else value
