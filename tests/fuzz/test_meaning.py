"""What does not change the meaning of a sentence changes nothing that we read in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.divisions import table
from nlu.entities import extract
from nlu.regions import lookup, resolve
from nlu.safety import find_danger
from nlu.types import Context
from tests.conversation import START
from tests.fuzz.sentences import labelled, training
from tests.fuzz.spelling import fullwidth, traditional

QUICK = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
VALUED = {"age", "grade", "date", "money", "count", "phone", "id_number", "reason", "hardship"}


def meant(text: str) -> list[tuple[str, str]]:
    found = extract(text, Context(START))
    plain = [(e.entity, str(e.value)) for e in found if e.entity in VALUED and not e.weak]
    places = [("region", str(e.code)) for e in found if e.entity == "region" and e.code]
    return sorted([*plain, *places])


@pytest.mark.parametrize(
    "change", [fullwidth, lambda s: f"  {s} ", lambda s: f"{s.rstrip('。')}。"]
)
@QUICK
@given(said=st.sampled_from(labelled()))
def test_width_blanks_and_a_full_stop_mean_nothing(said: str, change: object) -> None:
    assert callable(change)
    assert meant(change(said)) == meant(said)


@QUICK
@given(st.sampled_from(labelled()))
def test_what_is_invisible_means_nothing(said: str) -> None:
    assert meant("\ufeff" + said + "\u200b") == meant(said)


DANGERS = tuple(said for said in training() if find_danger(said) is not None)


@QUICK
@given(st.sampled_from(DANGERS))
def test_danger_is_danger_in_every_script(said: str) -> None:
    for other in (traditional(said), fullwidth(said), f" {said}！！", "\u200b".join(said)):
        assert find_danger(other) is not None, other


PLACES = tuple(code for code, row in table().rows.items() if row.level in (3, 4))


@QUICK
@given(st.sampled_from(sorted(PLACES)))
def test_the_whole_official_name_of_a_place_is_that_place(code: str) -> None:
    place = lookup(code)
    assert place is not None
    for said in ("".join(place.path), " ".join(place.path[1:]), "".join(place.path[1:])):
        assert [found.code for found in resolve(said)] == [code], said
        assert [found.code for found in resolve(traditional(said))] == [code], said
