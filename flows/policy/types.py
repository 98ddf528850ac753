"""The shape of policy data: every row is dated, sourced, scoped and says how sure it is."""

from datetime import date, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.policy.fields import MonthDay, Pattern, Several
from storage.kinds import EscalationType, RecordKind

REGION_WIDE = "15"


class Stage(StrEnum):
    """Where in school a child is; the aid rules differ by it."""

    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    COLLEGE = "college"
    POSTGRADUATE = "postgraduate"


class Confidence(StrEnum):
    """How far a fact may be trusted; K and U are never told as certain."""

    VERIFIED = "V"  # read in a primary text
    SECONDARY = "V2"  # read in a secondary text
    KNOWN = "K"  # general knowledge, text not read
    UNKNOWN = "U"
    DESIGN = "D"  # a rule of this service, not of law

    @property
    def firm(self) -> bool:
        """Whether the fact may be told without sending the person to an office."""
        return self not in (Confidence.KNOWN, Confidence.UNKNOWN)


class Level(StrEnum):
    """The five levels of administration, lowest first."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    BANNER = "banner"
    LEAGUE = "league"
    REGION = "region"


def significant(region: str) -> str:
    """A division code without the zeros that mean "all of it" (152200 is the league 1522)."""
    sizes = (2, 4, 6, 9, 12)
    return region[: next((n for n in sizes if not region[n:].strip("0")), len(region))]


class Model(BaseModel):
    """Frozen, and a misspelt key is an error rather than silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Model):
    """A dated fact: where it is written, when and where it holds, by when to look again."""

    source: str = Field(min_length=2)
    document: str = ""
    effective_from: date
    effective_to: date | None = None
    review_by: date
    confidence: Confidence
    scope: Several = (REGION_WIDE,)

    def in_force(self, on: date) -> bool:
        """Whether the row holds on the day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def is_stale(self, on: date) -> bool:
        """Whether somebody should have looked at the row again before the day."""
        return self.review_by < on

    def covers(self, region: str | None) -> bool:
        """Whether the row surely holds in the place (an unknown place is the whole region)."""
        code = significant(region or REGION_WIDE)
        return any(code.startswith(prefix) for prefix in self.scope)

    def may_cover(self, region: str | None) -> bool:
        """Whether the row may hold in the place, as far as the place is known."""
        code = significant(region or REGION_WIDE)
        return any(code.startswith(s) or s.startswith(code) for s in self.scope)


class Amount(Row):
    """A sum of yuan for a stage between two dates; no sum means that it is not known."""

    key: str
    stages: tuple[Stage, ...] = ()
    label: str = ""
    per: str = ""
    yuan: int | None = Field(default=None, gt=0)
    noted: str = ""

    @property
    def text(self) -> str | None:
        """The sum in words with its year; a sum that nobody verified is told as one to check."""
        if self.yuan is None:
            return None
        noted = self.noted if self.confidence.firm else f"{self.noted}，现在多少要核实".lstrip("，")
        return f"{self.label}{self.per}{self.yuan}元" + (f"（{noted}）" if noted else "")


class Needs(Model):
    """What must be true of a family, as data."""

    poor: bool = False  # the school must recognise the family as poor
    hardship: tuple[str, ...] = ()  # one of these codes of the contract
    boarder: bool | None = None
    grades: tuple[str, ...] = ()
    from_year: int | None = None


class Programme(Row):
    """One kind of help: for whom, how much, how to get it."""

    id: str
    name: str
    stages: tuple[Stage, ...] = Field(min_length=1)
    who: str
    kind: str = Field(pattern="^(cash|waiver|meals|loan|other)$")
    needs: Needs = Needs()
    apply: str
    window: str = ""
    documents: tuple[str, ...] = ()
    paid: str = ""
    note: str = ""
    amounts: tuple[Amount, ...] = ()


class SuggestionRule(Model):
    """How answers are weighed into a suggested level; a rule of this service, not of law."""

    special_groups: tuple[str, ...]
    weights: dict[str, int]
    income_bands: tuple[tuple[int, int], ...]  # yuan a head and year below which, points
    special_from: int
    moderate_from: int
    confidence: Confidence
    source: str


class Aid(Model):
    """aid.yaml."""

    programmes: tuple[Programme, ...]
    other_amounts: tuple[Amount, ...] = ()
    suggestion: SuggestionRule


class Entry(Row):
    """One answer to a question of policy, and how people ask for it."""

    id: str
    title: str
    topic: str
    stage: Stage | None = None
    text: str = Field(min_length=10)
    ask: tuple[str, ...] = Field(min_length=4, max_length=200)
    keywords: tuple[str, ...] = Field(min_length=1)


class AnswersFile(Model):
    """One answers_*.yaml."""

    entries: tuple[Entry, ...] = ()


class Wording(Model):
    """answers.yaml: what is not ours to answer, and what is said beside every answer."""

    off_topic: tuple[str, ...]
    hedges: tuple[str, ...]
    cited: str
    hand_over: str
    stale: str
    expired: str
    unknown_amount: str


class Sums(Model):
    """When a question about a sum is too vague to quote one programme, and what answers it then."""

    asked: str
    vague: frozenset[str]
    answer: str


class Concepts(Model):
    """concepts.yaml: what questions may name, and which wordings mean the same."""

    concepts: dict[str, Pattern]
    same: dict[str, Pattern]
    sums: Sums


class Hotline(Row):
    """A number that anybody may call."""

    number: str
    name: str
    role: str
    hours: str = ""


class Office(Model):
    """A desk of a place, filled in by the client."""

    region: str = Field(pattern=r"^15(\d{2}){0,5}$")
    duty: str = "aid"
    name: str
    phone: str = ""
    address: str = ""
    hours: str = ""


class Offices(Model):
    """offices.yaml."""

    default: dict[str, str]
    hotlines: tuple[Hotline, ...]
    purposes: dict[str, tuple[str, ...]]
    offices: tuple[Office, ...] = ()


class Span(Model):
    """A time to act; `working` counts office days, else the plain clock."""

    minutes: int = Field(default=0, ge=0, le=10_000)
    hours: int = Field(default=0, ge=0, le=10_000)
    days: int = Field(default=0, ge=0, le=1000)
    working: bool = False


class SlaRule(Span):
    """Within what time somebody must act."""

    id: str
    kind: RecordKind
    type: EscalationType | None = None
    status: str
    level: Level
    action: str
    confidence: Confidence = Confidence.DESIGN
    source: str = Field(min_length=2)


class LadderRule(Span):
    """Within what time the one to whom a record went up must act, else it goes on."""

    type: EscalationType | None = None


class CatchAll(Model):
    """Who answers in a place where nobody does: an officer by the name of the account."""

    scope: str = Field(pattern=r"^15(\d{2}){0,5}$")
    officer: str = Field(min_length=1)


class Asking(Model):
    """How long the clock waits for the family, and what the officer has at least afterwards."""

    days: int = Field(default=5, gt=0, le=366)
    least_hours: int = Field(default=4, gt=0, le=1000)


class Sla(Model):
    """sla.yaml: `remind` is the share of the time after which the owner is reminded."""

    rules: tuple[SlaRule, ...]
    remind: float = Field(default=0.75, gt=0, lt=1)
    ladder: tuple[LadderRule, ...] = Field(
        default=(LadderRule(days=1, working=True),), min_length=1
    )
    transfer: Span = Span(days=2, working=True)
    data_request: Span = Span(days=15, working=True)
    asking: Asking = Asking()
    snooze_days: int = Field(default=14, gt=0, le=366)
    catch_all: tuple[CatchAll, ...] = ()


class Hours(Model):
    """Office hours of a place: spans of local time, in order."""

    scope: str = REGION_WIDE
    spans: tuple[tuple[time, time], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_after_the_other(self) -> "Hours":
        edges = [edge for span in self.spans for edge in span]
        if any(edge.tzinfo for edge in edges) or sorted({*edges}) != edges:
            raise ValueError("spans 要从早到晚，一段接一段")
        return self


class Workdays(Model):
    """workdays.yaml."""

    hours: tuple[Hours, ...] = Field(min_length=1)
    statutory: tuple[MonthDay, ...] = Field(max_length=60)  # every year
    movable: dict[int, tuple[date, ...]]  # lunar and solar-term feasts by year
    extra_workdays: tuple[date, ...] = ()
    extra_holidays: tuple[date, ...] = ()


class PscLevel(Row):
    """A level of the Putonghua test with its band of scores."""

    id: str
    name: str
    lowest: float
    highest: float
    who: str = ""
    who_confidence: Confidence


class PscSession(Row):
    """An announced sitting of the Putonghua test."""

    day: date
    place: str
    apply_from: date
    apply_to: date
    phone: str = ""


class Named(Model):
    """A code and what people call it."""

    id: str
    name: str
    help: str = ""


class Training(Model):
    """training.yaml."""

    psc_levels: tuple[PscLevel, ...]
    psc_sessions: tuple[PscSession, ...]
    psc_site: str
    levels: tuple[Named, ...]
    modes: tuple[Named, ...]
    purposes: tuple[Named, ...]


class YearEvent(Row):
    """Something that comes round every year between two days (MM-DD)."""

    id: str
    starts: MonthDay
    ends: MonthDay
    what: str
    audience: str
    local_of: str = ""  # these are a place's own dates for that event


class Term(Row):
    """The first day of a school term; no day means that the school must be asked."""

    year: int
    term: str = Field(pattern="^(autumn|spring)$")
    starts_on: date | None = None


class Calendar(Model):
    """calendar.yaml."""

    events: tuple[YearEvent, ...]
    terms: tuple[Term, ...]
    usual_terms: dict[str, str]  # MM-DD, to be hedged


class Policy(Model):
    """All policy data, validated."""

    aid: Aid
    wording: Wording
    concepts: Concepts
    entries: tuple[Entry, ...]
    offices: Offices
    sla: Sla
    workdays: Workdays
    training: Training
    calendar: Calendar
