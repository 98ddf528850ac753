"""When people are written to without having asked, how often, and when it is too late: data."""

from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from flows.content import read, understood
from flows.policy.loader import HERE
from flows.policy.types import Confidence, Model
from storage.kinds import ReminderKind, Role

_Days = Annotated[int, Field(ge=-366, le=366)]


class GateRules(Model):
    """How much a person is written to, and when not."""

    weekly: int = Field(ge=1, le=7)
    undated: int = Field(ge=1)
    talking_minutes: int = Field(ge=1, le=10_000)
    form_minutes: int = Field(ge=1, le=10_000)
    taken_over_minutes: int = Field(ge=1, le=10_000)
    together_hours: int = Field(ge=0, le=12)
    late_minutes: int = Field(ge=1, le=10_000)
    spread_minutes: int = Field(ge=1, le=180)
    mornings: tuple[time, time]
    answers_an_hour: int = Field(ge=1)
    share_answering: float = Field(gt=0, le=1)
    officers_if_none: int = Field(ge=1)
    days_at_most: int = Field(ge=1, le=366)

    @model_validator(mode="after")
    def _possible(self) -> "GateRules":
        if self.undated > self.weekly:
            raise ValueError("undated 不能比 weekly 多")
        start, end = self.mornings
        if start.tzinfo or end.tzinfo or (end.hour, end.minute) <= (start.hour, start.minute):
            raise ValueError("mornings 要先早后晚")
        return self


class Rule(Model):
    """One kind of reminder: how far from its day, at which hour, how often, until when."""

    kind: ReminderKind
    days: _Days = 0
    hours: int = Field(default=0, ge=-10_000, le=10_000)
    at: time = time(10)
    again_days: int | None = Field(default=None, ge=1, le=366)
    times: int = Field(default=1, ge=1, le=100)
    stale_hours: Annotated[int, Field(ge=1, le=10_000)]
    dated: bool = False
    mass: bool = False
    neutral: bool = False


class Window(Model):
    """Tells those who have not applied that a window opens or will close."""

    event: str
    edge: Literal["opens", "closes"]
    days: _Days
    who: Literal["families", "graduates"]
    what: str
    ask: str

    @property
    def id(self) -> str:
        """What tells this rule from the others."""
        return f"{self.event}.{self.edge}"


class Call(Model):
    """Tells officers of something that comes round, before its day."""

    id: str
    every: Literal["year", "month", "quarter"]
    event: str
    day: int = Field(default=28, ge=1, le=28)
    days: _Days
    least: Role
    text: str


class ReminderRules(Model):
    """reminders.yaml."""

    source: str
    document: str
    effective_from: date
    review_by: date
    confidence: Confidence
    gate: GateRules
    rules: tuple[Rule, ...]
    windows: tuple[Window, ...]
    calls: tuple[Call, ...]

    @model_validator(mode="after")
    def _whole(self) -> "ReminderRules":
        told = [rule.kind for rule in self.rules]
        if sorted(told) != sorted(ReminderKind):
            raise ValueError("rules 里每种提醒要有而且只有一条：" + "、".join(ReminderKind))
        return self

    def of(self, kind: str) -> Rule:
        """The rule of one kind."""
        return next(rule for rule in self.rules if rule.kind == kind)


@lru_cache(maxsize=4)
def reminder_rules(folder: Path = HERE) -> ReminderRules:
    """The rules, validated. Raises BadContent when the file is wrong."""
    with understood(path := folder / "reminders.yaml"):
        return ReminderRules.model_validate(read(path))
