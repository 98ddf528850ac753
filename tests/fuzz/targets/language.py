"""Words to meaning: entities, days, moments, numbers, places, danger, cues."""

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flows.all import FLOWS
from nlu import cues, days, dialogue, fold, numerals, regions, safety
from nlu.classify.local import LocalClassifier
from nlu.entities import extract
from nlu.moments import parse_moment
from nlu.normalize import clean
from nlu.parse import as_json, read_line
from nlu.types import Context, Engine, Entity
from nlu.understand import LocalEngine
from tests.fuzz.sentences import ODD, everything, labelled
from tests.fuzz.targets.base import Target, one_of, words

MOMENTS = (
    datetime(2026, 11, 23, 2, tzinfo=UTC),
    datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC),  # the last second of the year in Hohhot
    datetime(2026, 12, 31, 16, tzinfo=UTC),
    datetime(2028, 2, 29, 4, tzinfo=UTC),
    datetime(2028, 2, 28, 16, tzinfo=UTC),
    datetime(2027, 3, 31, 1, tzinfo=UTC),
    datetime(2000, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, 23, tzinfo=UTC),
)
SLOTS: tuple[str | None, ...] = (
    *(None,) * 5,
    *(step.slot for flow in FLOWS.by_name.values() for step in flow.steps),
)
HOMES = (None, None, "152222", "152222105", "150422", "150000")


def context_of(content: bytes) -> Context:
    """Now, the open question and the home that go with an input."""
    return Context(
        one_of(MOMENTS, content, 1), one_of(SLOTS, content, 2), one_of(HOMES, content, 3)
    )


def check_entity(entity: Entity, text: str) -> None:
    """Within the text, of a value that the contract allows."""
    assert 0 <= entity.start <= entity.end <= len(text), entity
    json.dumps(entity.value)
    value: Any = entity.value
    if entity.entity == "date" and entity.valid:
        assert date.fromisoformat(value).isoformat() == value, entity
    elif entity.entity == "region":
        codes = (entity.code,) if entity.code else entity.candidate_codes
        assert codes and all(code and regions.lookup(code) for code in codes), entity
        assert len(entity.candidates) == len(entity.candidate_codes), entity
    elif entity.entity in ("age", "count", "money") and entity.valid:
        assert isinstance(value, int) and value >= 0, entity


def _entities(content: bytes) -> None:
    said = words(content)
    for entity in extract(said, context_of(content)):
        check_entity(entity, said)


def _days(content: bytes) -> None:
    said, context = words(content), context_of(content)
    plain = clean(said)
    assert len(plain) == min(len(said), 4000)
    for entity in days.find(plain, context):
        check_entity(entity, plain)
    moment = parse_moment(said, context.now)
    assert moment is None or moment.tzinfo is UTC


def _numbers(content: bytes) -> None:
    said = words(content)
    for read in (numerals.parse, numerals.parse_small):
        value = read(said)
        assert value is None or type(value) is int, (said, value)


def _places(content: bytes) -> None:
    said, home = words(content), one_of(HOMES, content)
    plain = clean(said)
    for entity in regions.find(plain, home, bare=one_of((True, False), content)):
        check_entity(entity, plain)
    for region in regions.resolve(said, home):
        assert regions.lookup(region.code) == region


def _danger(content: bytes) -> None:
    said = words(content)
    danger = safety.find_danger(said)
    assert danger is None or (danger.kind and danger.phrase)
    left = safety.without_harmless(said)
    assert left is None or isinstance(left, str)


def _cues(content: bytes) -> None:
    said = words(content)
    cues.find_cues(said)
    choice = cues.find_choice(said)
    assert choice is None or 0 < choice < 1000, choice
    assert all(slot.isidentifier() for slot in cues.find_change_slots(said))
    dialogue.settled(said)
    dialogue.agreed(said)
    folded = fold.fold(fold.fold(said))  # twice: 贰 仟 is a number once the blank is gone
    assert fold.fold(folded) == folded


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return LocalEngine(LocalClassifier.load())


def _parse(content: bytes) -> None:
    """The public command: whole lines, JSON or plain."""
    line = words(content).split("\n")[0]
    said, now = read_line(line, MOMENTS[0])
    understood = _engine().understand(said, Context(now))
    shown = json.loads(json.dumps(as_json(understood), allow_nan=False))
    assert shown["text"] == said
    assert 0 <= shown["intent"]["confidence"] <= 1


def _lines() -> list[bytes]:
    return [said.encode() for said in everything()]


def _labelled() -> list[bytes]:
    return [said.encode() for said in (*labelled(), *ODD)]


def _spoken_numbers() -> list[bytes]:
    said = [
        "三千五",
        "两万二",
        "十二",
        "七八",
        "一万六七",
        "1.5万",
        "2-3万",
        "廿三",
        "仨",
        "壹万贰仟",
        "半",
        "百十来",
        "3千5",
    ]
    return [one.encode() for one in (*said, *ODD)]


def _parse_lines() -> list[bytes]:
    now = "2026-11-23T10:00:00+08:00"
    said = [json.dumps({"text": text, "now": now}, ensure_ascii=False) for text in labelled()[:50]]
    return [*(line.encode() for line in said), *_labelled()]


SHORT = 900
"""Bytes: longer than anything a person says at once; the whole books are among the seeds."""

TARGETS = (
    Target("entities", _entities, _lines, 0.012, longest=SHORT),
    Target("dates", _days, _labelled, 0.03, longest=SHORT),
    Target("numerals", _numbers, _spoken_numbers, 0.2),
    Target("regions", _places, _labelled, 0.02, longest=SHORT),
    Target("danger", _danger, _lines, 0.02, longest=SHORT),
    Target("cues", _cues, _lines, 0.06, longest=SHORT),
    Target("parse", _parse, _parse_lines, 0.003, longest=SHORT),
)
