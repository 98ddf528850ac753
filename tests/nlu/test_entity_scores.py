"""What counts as an entity read right."""

import pytest

from nlu.entity_scores import ALL, Score, score_entities


def test_the_value_decides() -> None:
    found = score_entities(
        [([("age", "14"), ("grade", "小学")], [("age", "14"), ("grade", "初中")])]
    )
    assert found["age"] == Score(1.0, 1.0, 1.0, 1)
    assert found["grade"] == Score(0.0, 0.0, 0.0, 1)
    assert found[ALL] == Score(0.5, 0.5, 0.5, 2)


def test_the_type_decides() -> None:
    found = score_entities([([("child_name", "苏和")], [("person_name", "苏和")])])
    assert (found["child_name"].recall, found["person_name"].precision) == (0.0, 0.0)


def test_a_value_twice_counts_once() -> None:
    found = score_entities([([("region", "通辽市")], [("region", "通辽市"), ("region", "通辽市")])])
    assert found["region"] == Score(1.0, 1.0, 1.0, 1)


def test_what_is_too_much_costs_precision_and_what_is_missed_recall() -> None:
    found = score_entities(
        [
            ([("age", "9")], [("age", "9"), ("age", "10")]),
            ([("age", "11")], []),
            ([], [("age", "12")]),
        ]
    )
    assert found["age"].precision == pytest.approx(1 / 3)
    assert found["age"].recall == pytest.approx(1 / 2)
    assert found["age"].f1 == pytest.approx(2 / 5)


def test_nothing_is_said_where_nothing_is_labelled_or_read() -> None:
    assert score_entities([([], [])]) == {}
