"""A little of `make fuzz-dialogue` in every check: always the same lives, and Hypothesis' own."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.channels.base import Inbound
from nlu.types import Intent, Understanding
from tests.conversation import START
from tests.fuzz.dialogue import Kind, Lives, play, shortest, where
from tests.fuzz.inline import statements_here
from tests.fuzz.laws import Heard, Laws, Step
from tests.fuzz.machine import Talking
from tests.fuzz.memory import Memory, Spoken
from tests.fuzz.world import World

HEARD = Heard("a", Inbound("rest", "u", "1", START, text="你好"), None)
DANGER = Understanding("打", Intent.REPORT_EMERGENCY, 0.99, emergency=True)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "inputs"), [(Memory, 500), (World, 120)])
def test_the_laws_hold_whatever_happens(
    kind: Kind, inputs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements_here(monkeypatch)
    assert Lives(kind, 20261126).run(inputs, 0) == 0


@pytest.mark.slow
def test_a_machine_of_hypothesis_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    statements_here(monkeypatch)
    found = settings(
        max_examples=3,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Talking, settings=found)


def step(text: str = "好的。", heard: Heard = HEARD, **more: Any) -> Step:
    return Step(heard, [Spoken(1, text, more.pop("buttons", []), more.pop("custom", {}))], {}, [])


@pytest.mark.parametrize(
    "broken",
    [
        Step(HEARD, [], {}, []),
        step(""),
        step("您好{who}"),
        step("None岁"),
        step("aid.child_name"),
        step("敖敦格日乐玛的申请"),
        step(custom={"asks": "shoe_size"}),
        step(custom={"secret": 1}),
        step(buttons=[{"title": "好", "payload": "好"}]),
        step(heard=Heard("a", HEARD.inbound, DANGER)),
    ],
)
def test_each_law_notices(broken: Step) -> None:
    with pytest.raises(AssertionError):
        Laws().check(broken)


def test_a_broken_life_is_made_as_short_as_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(world: Any, name: str, seed: int) -> None:
        if seed == 7:
            raise ZeroDivisionError

    monkeypatch.setattr("tests.fuzz.dialogue.act", breaks)
    actions = [("says", random.Random(1).randint(8, 99)) for _ in range(20)] + [("says", 7)]
    error = play(Memory, actions)
    assert isinstance(error, ZeroDivisionError)
    assert shortest(Memory, actions, where(error)) == [("says", 7)]
