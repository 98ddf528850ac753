"""The one thing to do next on a dropout case."""

from datetime import date, timedelta

import pytest

from flows.dropout.next_step import NextStep, Who, next_step
from flows.dropout.standing import Fact, Standing, standing_of
from storage.kinds import CaseFactKind as K

TODAY = date(2026, 11, 23)  # a Monday
DUE = date(2026, 11, 26)


def day(passed: int) -> date:
    return TODAY + timedelta(days=passed)


VERIFIED = Fact(K.VERIFIED, TODAY, {"is_dropout": True})
SCHOOL = Fact(K.RESPONSIBLE, TODAY, {"side": "school", "name": "李老师"})
VILLAGE = Fact(K.RESPONSIBLE, TODAY, {"side": "village", "name": "巴图"})
READY = (VERIFIED, SCHOOL, VILLAGE)
VISIT = Fact(K.VISIT, TODAY)
AGREED = Fact(K.VISIT, TODAY, until=day(3))
PLAN = Fact(K.PLAN, TODAY, until=day(30))
BACK = Fact(K.RETURN, TODAY, {"placement": "same_school"})


def checks(*said: bool, first: int = 1) -> tuple[Fact, ...]:
    return tuple(
        Fact(K.ATTENDANCE, day(first + n), {"present": present}) for n, present in enumerate(said)
    )


def step_of(*facts: Fact, close_asked: bool = False) -> NextStep | None:
    return next_step(standing_of(facts), DUE, close_asked, lambda d: d.weekday() < 5, TODAY)


@pytest.mark.parametrize(
    ("facts", "key", "who", "by"),
    [
        ((), "verify", Who.OWNER, DUE),
        ((VISIT,), "verify", Who.OWNER, DUE),
        ((VERIFIED,), "name_both", Who.OWNER, DUE),
        ((VERIFIED, SCHOOL), "name_village", Who.OWNER, DUE),
        ((VERIFIED, VILLAGE), "name_school", Who.OWNER, DUE),
        (READY, "visit", Who.BOTH, DUE),
        ((*READY, PLAN), "visit", Who.BOTH, DUE),
        ((*READY, VISIT), "plan", Who.BOTH, day(7)),
        ((*READY, VISIT, PLAN), "visit_again", Who.BOTH, day(7)),
        ((*READY, AGREED, PLAN), "visit_again", Who.BOTH, day(3)),
        (
            (*READY, AGREED, Fact(K.PLAN, TODAY, until=day(2))),
            "plan_again",
            Who.BOTH,
            day(2),
        ),
        ((*READY, VISIT, Fact(K.SAID_BACK, TODAY)), "confirm_back", Who.OWNER, DUE),
        ((BACK,), "check", Who.SCHOOL, day(1)),
        ((BACK, *checks(True, True, True, True)), "check", Who.SCHOOL, day(7)),
        ((BACK, *checks(True, first=15)), "check", Who.SCHOOL, day(22)),
        ((BACK, *checks(False, False, False)), "absent", Who.BOTH, day(3)),
        ((BACK, *checks(True, first=90)), "close", Who.OWNER, None),
        ((BACK, *checks(False, first=90)), "check", Who.SCHOOL, day(98)),
        (
            (Fact(K.RETURN, TODAY, {"placement": "leave"}, until=day(60)),),
            "wait",
            Who.OWNER,
            day(60),
        ),
        (
            (*READY, VISIT, PLAN, BACK, Fact(K.REOPEN, day(9))),
            "visit",
            Who.BOTH,
            DUE,
        ),
        ((Fact(K.BEFORE, TODAY, {"status": "monitoring"}),), "check", Who.SCHOOL, TODAY),
    ],
)
def test_the_next_step(facts: tuple[Fact, ...], key: str, who: Who, by: date | None) -> None:
    assert step_of(*facts) == NextStep(key, who, by)


def test_a_request_to_close_waits_for_the_second_person() -> None:
    assert step_of(*READY, close_asked=True) == NextStep("approve", Who.SECOND, DUE)


def test_nothing_is_left_once_settled() -> None:
    assert step_of(Fact(K.CLOSE, TODAY, {"code": "returned"})) is None
    assert next_step(Standing(), None, False, lambda _: True, TODAY) is not None
