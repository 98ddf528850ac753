"""The documents of a child's file (一生一案) in the JSON API; days are ISO dates."""

from typing import Literal, TypedDict

from storage.kinds import ResponsibleSide


class Verified(TypedDict):
    """What looking into the case brought to light."""

    on: str
    is_dropout: bool
    whereabouts: str
    code: str
    note: str


class Responsible(TypedDict):
    """One of the two who answer for bringing the child back; `officer` is their account's name."""

    side: ResponsibleSide
    name: str
    post: str
    phone: str
    officer: str | None
    since: str


class Plan(TypedDict):
    """The family's plan in its newest version."""

    version: int
    on: str
    by: str
    measures: str
    resources: list[Literal["aid", "psychology", "study", "law"]]
    deadline: str | None


class Visit(TypedDict):
    """One entry of the log; `corrects` and `corrected_by` are ids of other entries."""

    id: int
    on: str
    method: str
    who: str
    met: str
    result: str
    next_on: str | None
    files: list[int]
    corrects: int | None
    corrected_by: int | None


class PlacementDocument(TypedDict):
    """Where the child is; `until` when it was let off school for a time."""

    code: str
    name: str
    school: str
    on: str
    until: str | None


class Attendance(TypedDict):
    """How often somebody looked since the return, and when to look next."""

    present: int
    absent: int
    absent_in_a_row: int
    last_on: str | None
    next_on: str


class ChildFile(TypedDict):
    """What is known of a dropout case, and the next step in one sentence."""

    verified: Verified | None
    responsible: list[Responsible]
    plan: Plan | None
    visits: list[Visit]
    placement: PlacementDocument | None
    attendance: Attendance | None
    times_gone: int
    next_step: str | None
