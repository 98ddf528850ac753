"""Made-up understandings: any intent with any entities, as a language engine might hear them.

Cheap, and wilder than a real engine; the values are of the kinds that contract section 3 allows.
"""

from functools import lru_cache
from random import Random
from typing import Any

from flows.all import FLOWS
from nlu import regions
from nlu.types import Cue, Entity, Intent, Understanding

PEOPLE = {
    "a": ("乌力吉巴雅尔", "13811110001", "红格尔第九小学"),
    "b": ("敖敦格日乐玛", "13822220002", "那林第八中学"),
}
"""A name, a phone and a school that only this person ever says."""

OFFICER = ("王芳", "13800000000", "三中")
NAMES = (
    "小军",
    "苏日娜",
    "其其格",
    "张三",
    "a",
    "12345",
    "甲",
    "哈斯·巴根",
    "<b>粗</b>",
    "二" * 30,
)
GRADES = (
    "小学一年级",
    "小学六年级",
    "初中二年级",
    "高中三年级",
    "中职一年级",
    "幼儿园大班",
    "初中",
)
SCHOOLS = ("旗二中", "好腰苏木镇中心校", "蒙古族小学", "...", "校" * 60, "{school}")
PLACES = ("150000", "152200", "152222", "152222", "152222105", "152222105", "150422", "150402")
DAYS = ("2026-11-20", "2026-10-08", "2026-11-24", "2024-02-29", "1990-01-01", "2030-01-01")
PHONES = ("13947820000", "04824123456", "139478", "12345678901")
IDS = ("15222220180101123X", "150102201203072223", "1501022012")
CLASSES = ("S26-0000-001", "S26-9999-999", "interest")
ROLES = (None, None, None, None, "self", "guardian", "household", "children", "income")
CONFIDENCES = (0.95, 0.95, 0.95, 0.7, 0.5, 0.3, 0.0)
SLOTS = ("school", "age", "child_name", "phone", "region", "grade")
WORDS = ("去包头打工了", "补助没收到，老师也不知道", "...", "x" * 3000)


@lru_cache(maxsize=1)
def _options() -> dict[str, tuple[str, ...]]:
    """What the flows themselves offer, by type of entity; () for types without."""
    found: dict[str, set[str]] = {}
    for flow in FLOWS.by_name.values():
        for step in flow.steps:
            for kind in step.takes:
                found.setdefault(kind, set()).update(step.options)
    return {kind: tuple(sorted(values)) for kind, values in sorted(found.items())}


def _value(kind: str, person: str, chance: Random) -> Any:
    name, phone, school = PEOPLE.get(person, OFFICER)
    fixed: dict[str, tuple[Any, ...]] = {
        "child_name": (name, *NAMES),
        "person_name": (name, *NAMES),
        "age": (7, 12, 14, 15, 17, 35, 0, 130),
        "grade": GRADES,
        "school": (school, *SCHOOLS),
        "date": DAYS,
        "money": (0, 800, 20_000, 10**9),
        "count": (0, 1, 3, 5, 40),
        "phone": (phone, *PHONES),
        "id_number": IDS,
        "session": CLASSES,
        "remind_at": ("2026-12-01T01:00:00+00:00", "2020-01-01T01:00:00+00:00"),
    }
    return chance.choice(fixed.get(kind) or _options().get(kind) or (name, *WORDS))


def _entity(person: str, chance: Random) -> Entity:
    kind = chance.choice(tuple(_options()))
    if kind == "region":
        return _place(chance)
    value, role = _value(kind, person, chance), chance.choice(ROLES)
    is_valid, is_weak = chance.random() > 0.1, chance.random() < 0.15
    return Entity(kind, value, 0, 0, valid=is_valid, role=role, weak=is_weak)


def _place(chance: Random) -> Entity:
    found, other = regions.lookup(chance.choice(PLACES)), regions.lookup("150422")
    assert found is not None and other is not None
    if chance.random() < 0.8:
        return Entity("region", found.name, 0, 0, code=found.code, path=found.path)
    paths, codes = ("/".join(found.path), "/".join(other.path)), (found.code, other.code)
    return Entity("region", "大板", 0, 0, candidates=paths, candidate_codes=codes)


def anything(person: str, chance: Random) -> Understanding:
    """What might have been heard of somebody's message."""
    is_danger = chance.random() < 0.03
    intents = tuple(Intent)
    intent = Intent.REPORT_EMERGENCY if is_danger else chance.choice(intents)
    confidence = chance.choice(CONFIDENCES)
    cues = chance.sample(tuple(Cue), chance.choice((0, 0, 0, 1, 2)))
    return Understanding(
        "",
        intent,
        confidence,
        ranking=((intent, confidence), (chance.choice(intents), confidence * 0.9)),
        entities=tuple(_entity(person, chance) for _ in range(chance.choice((0, 1, 1, 2, 4, 7)))),
        cues=frozenset(cues),
        choice=None if is_danger else chance.choice((None, None, None, None, 1, 2, 3, 9)),
        change_slots=tuple(chance.sample(SLOTS, chance.choice((0, 0, 0, 1, 2)))),
        emergency=is_danger,
        keyword="violence:打" if is_danger else "",
    )


def everything_of(flow: str, person: str, chance: Random) -> Understanding:
    """A message that answers every question of a form at once, each with something usable."""
    name, phone, school = PEOPLE.get(person, OFFICER)
    fixed: dict[str, Any] = {
        "child_name": chance.choice((name, "苏日娜", "小军")),
        "person_name": name,
        "age": chance.choice((12, 14)),
        "grade": "初中二年级",
        "school": school,
        "date": chance.choice(DAYS[:2]),
        "money": 20_000,
        "count": 5,
        "phone": phone,
        "id_number": IDS[0],
        "session": CLASSES[0],
    }
    found = []
    for step in FLOWS.by_name[flow].steps:
        kind = step.takes[0] if step.takes else ""
        role = next((role for role in step.roles if role), None)
        if kind == "region":
            place = regions.lookup(chance.choice(PLACES[2:]))
            assert place is not None
            found.append(Entity("region", place.name, 0, 0, code=place.code, path=place.path))
        elif kind and (value := fixed.get(kind) or chance.choice((*step.options, ""))):
            found.append(Entity(kind, value, 0, 0, role=role))
    left_out = chance.choice((None, None, *range(len(found))))
    kept = tuple(entity for place, entity in enumerate(found) if place != left_out)
    starts = FLOWS.by_name[flow].starts_on
    return Understanding("", next(iter(starts)), 0.95, entities=kept)
