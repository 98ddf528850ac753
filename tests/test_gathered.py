"""What is checked in one go still fails for every line that does not hold."""

import pytest

from tests.gathered import each


def _is_even(number: int) -> None:
    if number == 5:
        raise ZeroDivisionError("five")
    assert number % 2 == 0, "odd"


def test_nothing_is_said_when_all_hold() -> None:
    each([2, 4], _is_even)


def test_every_failure_is_told_with_its_name_and_reason() -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        each([1, 2, 3, 5], _is_even, lambda number: f"number {number}")
    told = str(failure.value)
    assert "3 of 4 do not hold" in told
    assert "number 1\n  AssertionError: odd" in told
    assert "number 3\n  AssertionError: odd" in told
    assert "number 5\n  ZeroDivisionError: five" in told
    assert "number 2" not in told


def test_a_list_that_became_empty_is_noticed() -> None:
    with pytest.raises(AssertionError, match="proves nothing"):
        each([], _is_even)
