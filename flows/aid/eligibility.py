"""Pure rules: which programmes a family may get, and which level of hardship to suggest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.policy.loader import load
from flows.policy.types import Amount, Confidence, Policy, Programme, Stage, SuggestionRule
from storage.kinds import HardshipLevel

HARDSHIP_NAMES = {
    "poverty_household": "脱贫户（原建档立卡户）",
    "monitored_household": "防止返贫监测对象",
    "dibao": "低保家庭",
    "tekun": "特困供养",
    "orphan": "孤儿",
    "disabled_student": "残疾学生",
    "disabled_parent": "父母有残疾",
    "martyr_child": "烈士子女",
    "single_parent": "单亲家庭",
    "serious_illness": "家里有人得大病",
    "disaster": "遭了灾",
    "unemployment": "家里有人失业",
    "many_children": "上学的孩子多",
}
_STAGE_WORDS = (
    ("幼儿园", Stage.PRESCHOOL), ("学前", Stage.PRESCHOOL), ("小学", Stage.PRIMARY),
    ("初中", Stage.JUNIOR), ("中职", Stage.VOCATIONAL), ("职高", Stage.VOCATIONAL),
    ("技校", Stage.VOCATIONAL), ("技工", Stage.VOCATIONAL), ("中专", Stage.VOCATIONAL),
    ("高中", Stage.SENIOR), ("普高", Stage.SENIOR), ("研究生", Stage.POSTGRADUATE),
    ("硕士", Stage.POSTGRADUATE), ("博士", Stage.POSTGRADUATE), ("大学", Stage.COLLEGE),
    ("大专", Stage.COLLEGE), ("高职", Stage.COLLEGE), ("专科", Stage.COLLEGE),
    ("本科", Stage.COLLEGE), ("预科", Stage.COLLEGE),
)  # fmt: skip
_YEARS = {"一年级": 1, "二年级": 2, "三年级": 3, "四年级": 4, "五年级": 5, "六年级": 6}
_CHECK = "要先由学校认定家庭经济困难"


@dataclass(frozen=True)
class Family:
    """What a family said about itself; None means that it did not say."""

    grade: str
    hardship: tuple[str, ...] = ()
    boarder: bool | None = None
    region: str | None = None
    relocated: bool | None = None
    household_size: int | None = None
    annual_income: int | None = None


@dataclass(frozen=True)
class Match:
    """A programme that a family may ask for; never a promise that it will get it."""

    programme: str
    name: str
    amount: str | None
    why: str
    confidence: Confidence
    note: str
    missing: tuple[str, ...] = ()  # what would have to be known: boarder, region, grade


@dataclass(frozen=True)
class Suggestion:
    """A level to start from; the school decides."""

    level: HardshipLevel
    reasons: list[str]


def stage_of(grade: str) -> Stage | None:
    """The stage of a grade as the contract writes it, or of a bare stage."""
    return next((stage for word, stage in _STAGE_WORDS if word in grade), None)


def stages_in(text: str) -> frozenset[Stage]:
    """All stages that a sentence names."""
    return frozenset(stage for word, stage in _STAGE_WORDS if word in text)


def year_of(grade: str) -> int | None:
    """The year within the stage, when it is said."""
    return next((year for word, year in _YEARS.items() if word in grade), None)


def amount_now(rows: Sequence[Amount], key: str, on: date, region: str | None) -> Amount | None:
    """The row of that key in force on the day, the one written for the narrowest place first."""
    found = [a for a in rows if a.key == key and a.in_force(on) and a.covers(region)]
    return max(found, key=lambda a: min(len(s) for s in a.scope), default=None)


def amount_text(rows: Sequence[Amount], on: date, region: str | None, stage: Stage) -> str | None:
    """All sums of a programme for the stage in words, or None when none is known."""
    keys = dict.fromkeys(a.key for a in rows if not a.stages or stage in a.stages)
    current = [amount_now(rows, key, on, region) for key in keys]
    texts = [a.text for a in current if a is not None and a.text]
    return "；".join(texts) or None


def _failed(programme: Programme, family: Family, stage: Stage) -> bool:
    """Whether something the family said rules the programme out."""
    needs, year = programme.needs, year_of(family.grade)
    return (
        stage not in programme.stages
        or not programme.may_cover(family.region)
        or (bool(needs.hardship) and not set(needs.hardship) & set(family.hardship))
        or (needs.boarder is not None and family.boarder == (not needs.boarder))
        or (bool(needs.grades) and _other_grade(family.grade, needs.grades))
        or (needs.from_year is not None and year is not None and year < needs.from_year)
    )


def _other_grade(grade: str, wanted: Sequence[str]) -> bool:
    """Whether a grade is named and is none of those wanted (a bare stage names none)."""
    return grade not in wanted and not any(w.startswith(grade) for w in wanted)


def _missing(programme: Programme, family: Family) -> tuple[str, ...]:
    needs, missing = programme.needs, []
    if needs.boarder is not None and family.boarder is None:
        missing.append("boarder")
    if not programme.covers(family.region):
        missing.append("region")
    if (needs.grades and family.grade not in needs.grades) or (
        needs.from_year and year_of(family.grade) is None
    ):
        missing.append("grade")
    return tuple(missing)


def _why(programme: Programme, family: Family, missing: tuple[str, ...]) -> str:
    """The grounds in plain words: what fits, and what must still be so."""
    needs = programme.needs
    fits = [HARDSHIP_NAMES[code] for code in family.hardship if code in needs.hardship]
    if needs.boarder is not None:
        word = "住校" if needs.boarder else "不住校"
        fits.append(f"如果孩子{word}" if "boarder" in missing else f"孩子{word}")
    if needs.poor:
        fits.append(_CHECK)
    return "，".join(fits) or programme.who


def programmes_for(family: Family, on: date, policy: Policy) -> list[Match]:
    """What the family may ask for on the day; [] when the stage is not known."""
    stage = stage_of(family.grade)
    if stage is None:
        return []
    held = (p for p in policy.aid.programmes if p.in_force(on))
    return [_match(p, family, stage, on) for p in held if not _failed(p, family, stage)]


def _match(programme: Programme, family: Family, stage: Stage, on: date) -> Match:
    missing = _missing(programme, family)
    note = programme.note
    if programme.is_stale(on):
        note = f"{note}。这条要再向旗县学生资助管理中心核实".lstrip("。")
    return Match(
        programme=programme.id,
        name=programme.name,
        amount=amount_text(programme.amounts, on, family.region, stage),
        why=_why(programme, family, missing),
        confidence=programme.confidence,
        note=note,
        missing=missing,
    )


def suggest_level(
    hardship: Sequence[str],
    household_size: int | None,
    annual_income: int | None,
    rule: SuggestionRule | None = None,
) -> Suggestion:
    """A level with its reasons; an income that is not known never counts against a family."""
    rule = rule or load().aid.suggestion
    special = [HARDSHIP_NAMES[c] for c in hardship if c in rule.special_groups]
    points = sum(rule.weights.get(code, 0) for code in set(hardship))
    reasons = [f"家里情况：{name}" for name in special]
    reasons += [HARDSHIP_NAMES[c] for c in dict.fromkeys(hardship) if c in rule.weights]
    income_points, income_reason = _income(household_size, annual_income, rule)
    reasons += [income_reason, "最后是哪一档，由学校认定"]
    return Suggestion(_level(bool(special), points + income_points, rule), reasons)


def _level(special: bool, points: int, rule: SuggestionRule) -> HardshipLevel:
    if special or points >= rule.special_from:
        return HardshipLevel.SPECIAL
    return HardshipLevel.MODERATE if points >= rule.moderate_from else HardshipLevel.GENERAL


def _income(size: int | None, income: int | None, rule: SuggestionRule) -> tuple[int, str]:
    if size is None or size < 1 or income is None or income < 0:
        return 0, "收入没有填，不影响申请"
    head = income // size
    points = max((p for below, p in rule.income_bands if head < below), default=0)
    return points, f"全家一年人均收入大约{head}元" + ("，比较低" if points else "")
