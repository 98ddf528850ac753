"""Policy data on publication: how long, where not at all, and nothing private is ever shown."""

from typing import Any

import pytest
from pydantic import ValidationError

from flows.policy.recognition import Recognition, recognition
from flows.policy.types import Stage


def changed(**values: Any) -> Recognition:
    return Recognition(**{**recognition().model_dump(), **values})


def test_as_shipped_every_result_is_published_for_five_days() -> None:
    rule = recognition()
    assert rule.days_in("152222") == 5 and rule.days_in(None) == 5
    assert all(rule.is_required(stage, "152222") for stage in (*Stage, None))


def test_the_narrowest_place_decides() -> None:
    local = ({"scope": "1522", "days": 6}, {"scope": "152222", "days": 7})
    rule = changed(local=local)
    assert (rule.days_in("152222103"), rule.days_in("152201"), rule.days_in("1501")) == (7, 6, 5)


def test_an_exemption_holds_for_its_stage_and_place_only() -> None:
    exemption = {"stages": ["preschool"], "scope": "152222", "why": "本旗文件"}
    rule = changed(not_required=(exemption,))
    assert not rule.is_required(Stage.PRESCHOOL, "152222103")
    assert rule.is_required(Stage.PRESCHOOL, "150100")
    assert rule.is_required(Stage.PRIMARY, "152222") and rule.is_required(None, "152222")


@pytest.mark.parametrize("slot", ["id_number", "phone", "region", "hardship", "age"])
def test_nothing_private_can_be_published(slot: str) -> None:
    with pytest.raises(ValidationError):
        changed(shows=("child_name", slot))
