"""How a result is published before it is final: how long, where not at all, what it may show."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from flows.policy.loader import HERE, load_file
from flows.policy.types import REGION_WIDE, Confidence, Model, Stage, significant

Shown = Literal["child_name", "school", "grade", "level"]
"""All that may ever be read on a published list; anything else is refused by the check."""


class LocalDays(Model):
    """A place that publishes longer."""

    scope: str = Field(pattern=r"^15\d{0,10}$")
    days: int = Field(ge=1, le=60)


class Exemption(Model):
    """Stages whose results need not be published in a place, and by which rule."""

    stages: tuple[Stage, ...] = Field(min_length=1)
    scope: str = Field(default=REGION_WIDE, pattern=r"^15\d{0,10}$")
    why: str = Field(min_length=4)


class Recognition(Model):
    """recognition.yaml."""

    days: int = Field(ge=1, le=60)
    local: tuple[LocalDays, ...] = ()
    not_required: tuple[Exemption, ...] = ()
    shows: tuple[Shown, ...] = Field(min_length=1)
    mask_name: bool = True
    confidence: Confidence
    source: str
    document: str
    review_by: date

    def days_in(self, region: str | None) -> int:
        """The fewest working days in a place; the narrowest rule holds."""
        code = significant(region or REGION_WIDE)
        fitting = [rule for rule in self.local if code.startswith(rule.scope)]
        return max(fitting, key=lambda r: len(r.scope)).days if fitting else self.days

    def is_required(self, stage: Stage | None, region: str | None) -> bool:
        """Whether a result has to be published before it is final; in doubt it has."""
        code = significant(region or REGION_WIDE)
        return not any(
            stage in rule.stages and code.startswith(rule.scope) for rule in self.not_required
        )


@lru_cache(maxsize=4)
def recognition(folder: Path = HERE) -> Recognition:
    """The rules of publication, validated. Raises BadContent."""
    return load_file(folder, "recognition.yaml", Recognition)
