"""The same actions as rules of a Hypothesis machine, which finds the shortest run that breaks."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.engine import engine
from tests.fuzz.actions import ACTIONS, act
from tests.fuzz.world import World

_WEIGHTED = [action.__name__ for action, weight in ACTIONS.items() for _ in range(weight)]


class Talking(RuleBasedStateMachine):
    """One service, one family in two chats, one stranger, one officer."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(engine())

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.world.close()

    @rule(name=st.sampled_from(_WEIGHTED), seed=st.integers(0, 1 << 30))
    def something_happens(self, name: str, seed: int) -> None:
        """Any action; each checks the laws by itself."""
        act(self.world, name, seed)
