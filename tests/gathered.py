"""One test for a long list: a test of its own for each line would cost more than what it checks."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")


def each(
    cases: Iterable[Case], check: Callable[[Case], None], name: Callable[[Case], object] = str
) -> None:
    """Check every case, then fail with all that do not hold, each with its name and its reason."""
    checked, failed = 0, []
    for case in cases:
        checked += 1
        try:
            check(case)
        except Exception as error:  # whatever breaks one case hides no other
            failed.append(f"{name(case)}\n  {type(error).__name__}: {error}")
    if failed:
        pytest.fail(f"{len(failed)} of {checked} do not hold:\n" + "\n".join(failed), pytrace=False)
    assert checked, "a check of nothing proves nothing"
