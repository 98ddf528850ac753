"""Which child a word belongs to, when Chinese does not say it behind the name."""

import pytest

from flows.pointing import in_order
from nlu.types import Entity


def of(text: str, *said: tuple[str, str]) -> tuple[Entity, ...]:
    """Entities of the text: (type, words)."""
    return tuple(Entity(t, w, text.index(w), text.index(w) + len(w)) for t, w in said)


def order(text: str, known: list[str], *said: tuple[str, str]) -> list[object]:
    return [e.value for e in in_order(of(text, *said), text, known)]


def test_a_known_name_is_heard_again() -> None:
    said = order("巴图打工，小军病了", ["巴图", "小军"], ("reason", "打工"), ("reason", "病"))
    assert said == ["巴图", "打工", "小军", "病"]


@pytest.mark.parametrize("text", ["不是巴图，15岁", "不叫巴图，15岁", "15岁"])
def test_a_name_taken_back_or_not_said_is_none(text: str) -> None:
    assert order(text, ["巴图", "小军"], ("age", "15岁")) == ["15岁"]


def test_a_name_inside_a_school_is_no_child() -> None:
    text = "在巴图希望小学，15岁"
    said = order(text, ["巴图", "小军"], ("school", "巴图希望小学"), ("age", "15岁"))
    assert said == ["巴图希望小学", "15岁"]


def test_what_describes_a_child_before_the_name_goes_behind_it() -> None:
    text = "巴图15岁，还有11岁五年级的小军"
    known = ("child_name", "巴图"), ("child_name", "小军")
    years = ("age", "15岁"), ("age", "11岁"), ("grade", "五年级")
    assert order(text, [], *known, *years) == ["巴图", "15岁", "小军", "11岁", "五年级"]
    apart = "巴图15岁，初三，小军11岁"
    grades = ("age", "15岁"), ("grade", "初三"), ("age", "11岁")
    assert order(apart, [], *known, *grades) == ["巴图", "15岁", "初三", "小军", "11岁"]


def test_said_of_all_belongs_to_every_name_so_far() -> None:
    text = "巴图15岁，小军11岁，都是二中的"
    said = ("child_name", "巴图"), ("age", "15岁"), ("child_name", "小军"), ("age", "11岁")
    ordered = order(text, [], *said, ("school", "二中"))
    assert ordered == ["巴图", "15岁", "小军", "11岁", "巴图", "小军", "二中"]
