"""Several wishes in one message, and whose words are whose."""

from datetime import UTC, datetime

import pytest

from flows.heard import Heard
from flows.later import own_words, wishes
from nlu.types import Entity, Intent, Understanding

AID, DROPOUT, TRAINING = Intent.APPLY_AID, Intent.REPORT_DROPOUT, Intent.FIND_TRAINING


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我想给孙子申请助学金，还想报个普通话班，邻居家李明不上学了", (AID, TRAINING, DROPOUT)),
        ("我们村三个孩子辍学了，还有一个想学普通话", (DROPOUT, TRAINING)),
        ("我想申请助学金，还想问问怎么办", ()),
        ("我不想学普通话，还想申请助学金", ()),
        ("李明不上学了，他家想申请补助", ()),  # one story: nothing says that it is two
        ("想申请补助，还想知道普通话班哪天开", ()),
    ],
)
def test_wishes_are_several_only_where_it_is_said(text: str, found: tuple[Intent, ...]) -> None:
    assert wishes(text) == found


def heard(text: str, *names: str) -> Heard:
    entities = tuple(
        Entity("child_name", name, text.index(name), text.index(name) + len(name)) for name in names
    )
    return Heard(
        Understanding(text, AID, 1.0, entities=entities), datetime(2026, 11, 27, tzinfo=UTC)
    )


def names(found: Heard) -> list[object]:
    return [entity.value for entity in found.understood.entities]


def test_each_form_takes_the_child_of_its_own_wish() -> None:
    message = heard("想给巴图申请补助，还有村里李明辍学了", "巴图", "李明")
    assert names(own_words(message, {AID})) == ["巴图"]
    assert names(own_words(message, {DROPOUT})) == ["李明"]


def test_a_child_named_before_the_wish_stays_with_it() -> None:
    message = heard("李明没钱不上学了，想给他申请补助，还要贷款", "李明")
    assert names(own_words(message, {AID})) == ["李明"]


def test_a_child_named_after_the_wish_is_somebody_else() -> None:
    message = heard("想给孙子申请补助，还有村里李明辍学了", "李明")
    assert names(own_words(message, {AID})) == []


def test_one_wish_keeps_all_its_words() -> None:
    message = heard("想给巴图申请补助，李明也要", "巴图", "李明")
    assert own_words(message, {AID}) is message
