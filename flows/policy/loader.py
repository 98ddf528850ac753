"""Reads the policy YAML beside this file once: defaults and sources filled in, then validated."""

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from flows.content import read, understood
from flows.policy.types import (
    Aid,
    Amount,
    AnswersFile,
    Calendar,
    Concepts,
    Entry,
    Model,
    Offices,
    Policy,
    Programme,
    Sla,
    Training,
    Wording,
    Workdays,
)

HERE = Path(__file__).parent
_INHERITED = ("effective_from", "review_by", "confidence", "scope", "source", "document")
_ROWS = frozenset(
    {"programmes", "amounts", "other_amounts", "entries", "hotlines", "psc_levels"}
    | {"psc_sessions", "events", "terms"}
)

Raw = dict[str, Any]
_Model = TypeVar("_Model", bound=Model)


class Source(Model):
    """A document that rows may name."""

    title: str
    document: str


_SOURCES = TypeAdapter(dict[str, Source])
_QUESTIONS = TypeAdapter(dict[str, list[str]])


@lru_cache(maxsize=4)
def sources(folder: Path = HERE) -> dict[str, Source]:
    """The documents that rows may name, by id. Raises BadContent."""
    with understood(path := folder / "sources.yaml"):
        return _SOURCES.validate_python(read(path))


def _cited(row: Raw, known: dict[str, Source]) -> Raw:
    """Replace a source id by the document's title and number."""
    document = known.get(str(row.get("source")))
    if document is None:
        return row
    return {**row, "source": document.title, "document": document.document}


def _filled(raw: Raw, above: Raw, known: dict[str, Source]) -> Raw:
    """Hand what is above down to the dated rows below; a row's own values win."""
    out = dict(raw)
    for key in _ROWS & raw.keys():
        rows = []
        for item in raw[key]:
            row = {**above, **item}
            below = {k: row[k] for k in _INHERITED if k in row}
            rows.append(_cited(_filled(row, below, known), known))
        out[key] = rows
    return out


def load_raw(folder: Path, name: str) -> Raw:
    """One file with its `defaults` handed down and its sources cited, not yet validated.

    Raises BadContent.
    """
    with understood(path := folder / name):
        raw = read(path)
        defaults = raw.pop("defaults", {})
        filled = _filled(raw, defaults, sources(folder))
        further = further_questions(folder, name)
        for entry in filled.get("entries", ()):
            entry["ask"] = [*entry.get("ask", ()), *further.get(entry.get("id"), ())]
        return filled


def load_file(folder: Path, name: str, model: type[_Model]) -> _Model:
    """One file, filled and validated. Raises BadContent."""
    with understood(folder / name):
        return model.model_validate(load_raw(folder, name))


def further_questions(folder: Path, name: str) -> dict[str, list[str]]:
    """More ways to ask, by the id of the entry: answers_aid.yaml has them in asked_aid.yaml."""
    if not name.startswith("answers_"):
        return {}
    with understood(path := folder / name.replace("answers_", "asked_")):
        return _QUESTIONS.validate_python(read(path))


def answer_files(folder: Path = HERE) -> list[str]:
    """The names of the files with answers, in order."""
    return sorted(path.name for path in folder.glob("answers_*.yaml"))


def _entries(folder: Path) -> tuple[Entry, ...]:
    files = [load_file(folder, name, AnswersFile) for name in answer_files(folder)]
    return tuple(entry for file in files for entry in file.entries)


@lru_cache(maxsize=4)
def load(folder: Path = HERE) -> Policy:
    """All policy data; raises BadContent when a file is wrong (see lint)."""
    return Policy(
        aid=load_file(folder, "aid.yaml", Aid),
        wording=load_file(folder, "answers.yaml", Wording),
        concepts=load_file(folder, "concepts.yaml", Concepts),
        entries=_entries(folder),
        offices=load_file(folder, "offices.yaml", Offices),
        sla=load_file(folder, "sla.yaml", Sla),
        workdays=load_file(folder, "workdays.yaml", Workdays),
        training=load_file(folder, "training.yaml", Training),
        calendar=load_file(folder, "calendar.yaml", Calendar),
    )


def programme(policy: Policy, key: str) -> Programme | None:
    """The programme of that id."""
    return next((p for p in policy.aid.programmes if p.id == key), None)


def amounts(policy: Policy) -> tuple[Amount, ...]:
    """Every sum that policy data holds, old ones too."""
    inside = tuple(a for p in policy.aid.programmes for a in p.amounts)
    return inside + policy.aid.other_amounts
