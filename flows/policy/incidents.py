"""What must be done and who be told when something went wrong with data; from incidents.yaml."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from flows.content import read, understood
from flows.policy.cited import Cited
from flows.policy.loader import HERE, sources
from flows.policy.types import Model


class Duty(Cited):
    """One thing to do, in which cases, within how many hours by our own rule."""

    id: str = Field(pattern=r"^[a-z_]+$")
    what: str
    whom: str = ""
    hours: int = Field(ge=1, le=10_000)
    law_time: str = ""
    kinds: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    people_from: int = 0
    effective_from: date
    review_by: date

    def applies(self, kind: str, data: Collection[str], people: int, on: date) -> bool:
        """Whether it is to be done in such a case on that day."""
        return (
            self.effective_from <= on
            and (not self.kinds or kind in self.kinds)
            and (not self.data or not set(self.data).isdisjoint(data))
            and people >= self.people_from
        )

    def due_at(self, found_at: datetime) -> datetime:
        """By when, counted from when it was found."""
        return found_at + timedelta(hours=self.hours)

    @property
    def time_words(self) -> str:
        """The limit, and whose it is."""
        own = f"发现后 {self.hours} 小时内（本服务的规定）"
        law = f"法律：{self.law_time}" if self.law_time else "法律写的几小时没有查到，请先打电话问"
        return f"{own}；{law}" if self.whom else own


class Incidents(Model):
    """incidents.yaml."""

    kinds: Mapping[str, str]
    data: Mapping[str, str]
    duties: tuple[Duty, ...]
    to_families: str
    to_authority: str

    @model_validator(mode="after")
    def _names_are_known(self) -> "Incidents":
        for duty in self.duties:
            unknown = {*duty.kinds} - self.kinds.keys() | {*duty.data} - self.data.keys()
            if unknown or duty.source not in sources():
                raise ValueError(f"{duty.id}: {sorted(unknown) or duty.source}")
        return self

    def to_do(self, kind: str, data: Collection[str], people: int, on: date) -> tuple[Duty, ...]:
        """What is to be done in such a case, the most pressing first."""
        found = [duty for duty in self.duties if duty.applies(kind, data, people, on)]
        return tuple(sorted(found, key=lambda duty: duty.hours))


@lru_cache(maxsize=4)
def load_incidents(folder: Path = HERE) -> Incidents:
    """The file; raises BadContent when it is wrong."""
    with understood(path := folder / "incidents.yaml"):
        return Incidents.model_validate(read(path))


def overdue(today: date) -> list[str]:
    """Duties that somebody should have looked at again, a sentence each."""
    late = [duty for duty in load_incidents().duties if duty.review_by < today]
    return [f"安全事件的“{duty.what}”该再核对了（{duty.review_by}）。" for duty in late]
