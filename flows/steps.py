"""How a flow is defined: typed steps over a slots dataclass, no behaviour but small predicates."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Generic, TypeVar

from flows.heard import Heard
from flows.ports import Lookup, PersonView
from flows.say import Choice, Outcome, Say
from flows.state import Frame, Item, State
from nlu.types import Intent

S = TypeVar("S")


@dataclass(frozen=True)
class Problem:
    """Why an answer cannot be used; `key` is the text that says so, with what to send instead."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    only_if_asked: bool = False  # said in passing, it is left alone rather than complained about


@dataclass(frozen=True)
class Moment:
    """What hooks of a flow may look at during one turn."""

    state: State
    frame: Frame
    heard: Heard
    lookup: Lookup
    me: PersonView
    now: datetime


Check = Callable[[Any, Moment], Problem | None]


@dataclass(frozen=True)
class Ask(Generic[S]):
    """One question. The slot is filled by entities of the types in `takes`, asked for or not.

    `role` restricts which unasked entities may fill it; `shared` answers hold for every child of
    the message; `options` are keys under `<flow>.<slot>.options`; `choices` computes them instead.
    """

    slot: str
    takes: tuple[str, ...] = ()
    roles: tuple[str | None, ...] = (None,)
    unasked: bool = True
    optional: bool = False
    shared: bool = False
    options: tuple[str, ...] = ()
    choices: Callable[[S, Moment], Awaitable[tuple[Choice, ...]]] | None = None
    multiple: bool = False
    yes_no: bool = False
    may_be_unknown: bool = False
    fallback: str | None = None  # the value of "none of these" and "I do not know"
    short_again: bool = False  # a long question is told in full once, then as `<slot>.again`
    counts: bool = False  # a bare number is the answer, never the number of a choice
    when: Callable[[S], bool] | None = None
    check: Check | None = None


@dataclass(frozen=True)
class Flow(Generic[S]):
    """A conversation with a purpose.

    `begin` may prefill or guard, `heed` runs after every change of the slots (an early emergency),
    `finish` turns the agreed answers into commands and last words. `confirm` is the machine term of
    the summary; None finishes as soon as nothing is missing.
    """

    name: str
    slots: type[S]
    steps: tuple[Ask[S], ...]
    finish: Callable[[list[S], Moment], Awaitable[Outcome]]
    starts_on: frozenset[Intent] = frozenset()
    confirm: str | None = "confirm"
    children: bool = False
    keeps_draft: bool = True
    begin: Callable[[Moment], Awaitable[Say | None]] | None = None
    heed: Callable[[Moment], Awaitable[Outcome]] | None = None
    summary: Callable[[list[S], Moment], Awaitable[tuple[Say, ...]]] | None = None
    refuse: Callable[[str, Moment], Outcome | None] | None = None
    unheard: Callable[[Moment], Outcome | None] | None = None  # words that answer nothing
    undoes: bool = False  # the last question is a plain "really?"; a no leaves all as it is
    public: str = ""  # the machine term, when it differs from the name
    papers: bool = False  # photos sent at any time belong to this flow
    carries: bool = True  # files that come while it is under way reach the office with it

    @property
    def shown(self) -> str:
        """The flow's name in machine terms (contract section 4)."""
        return self.public or self.name

    def __post_init__(self) -> None:
        known = {f.name for f in fields(self.slots)}  # type: ignore[arg-type]
        unknown = [step.slot for step in self.steps if step.slot not in known]
        if unknown:
            raise ValueError(f"flow {self.name}: no such slots: {', '.join(unknown)}")

    @property
    def of_each_child(self) -> tuple[Ask[S], ...]:
        """The steps up to the last that differs from child to child; what follows holds for all."""
        own = [number for number, step in enumerate(self.steps) if not step.shared]
        return self.steps[: own[-1] + 1] if own else self.steps

    def view(self, item: Item) -> S:
        """The slots of one child as the flow's own dataclass."""
        known = {f.name for f in fields(self.slots)}  # type: ignore[arg-type]
        return self.slots(**{k: v for k, v in item.slots.items() if k in known})

    def views(self, frame: Frame) -> list[S]:
        """The slots of every child."""
        return [self.view(item) for item in frame.items]

    def step(self, slot: str) -> Ask[S] | None:
        """The step that asks for a slot."""
        return next((step for step in self.steps if step.slot == slot), None)

    def wants(self, step: Ask[S], item: Item) -> bool:
        """Whether a step still has to be asked for this child."""
        applies = step.when is None or step.when(self.view(item))
        return applies and item.is_open(step.slot)


AnyFlow = Flow[Any]
