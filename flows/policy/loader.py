"""Reads the policy YAML beside this file once: defaults and sources filled in, then validated."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from flows.policy.types import (
    Aid,
    Amount,
    AnswersFile,
    Calendar,
    Concepts,
    Entry,
    Offices,
    Policy,
    Programme,
    Sla,
    Training,
    Wording,
    Workdays,
)

HERE = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INHERITED = ("effective_from", "review_by", "confidence", "scope", "source", "document")
_ROWS = frozenset(
    {"programmes", "amounts", "other_amounts", "entries", "hotlines", "psc_levels"}
    | {"psc_sessions", "events", "terms"}
)

Raw = dict[str, Any]


def read(path: Path) -> Any:
    """The plain content of one YAML file."""
    return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506


@lru_cache(maxsize=4)
def sources(folder: Path = HERE) -> dict[str, dict[str, str]]:
    """The documents that rows may name, by id."""
    found: dict[str, dict[str, str]] = read(folder / "sources.yaml")
    return found


def _cited(row: Raw, known: dict[str, dict[str, str]]) -> Raw:
    """Replace a source id by the document's title and number."""
    document = known.get(str(row.get("source")))
    if document is None:
        return row
    return {**row, "source": document["title"], "document": document["document"]}


def _filled(raw: Raw, above: Raw, known: dict[str, dict[str, str]]) -> Raw:
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
    """One file with its `defaults` handed down and its sources cited, not yet validated."""
    raw = read(folder / name)
    defaults = raw.pop("defaults", {})
    filled = _filled(raw, defaults, sources(folder))
    further = further_questions(folder, name)
    for entry in filled.get("entries", ()):
        entry["ask"] = [*entry.get("ask", ()), *further.get(entry.get("id"), ())]
    return filled


def further_questions(folder: Path, name: str) -> dict[str, list[str]]:
    """More ways to ask, by the id of the entry: answers_aid.yaml has them in asked_aid.yaml."""
    path = folder / name.replace("answers_", "asked_")
    found: dict[str, list[str]] = read(path) if name.startswith("answers_") else {}
    return found


def answer_files(folder: Path = HERE) -> list[str]:
    """The names of the files with answers, in order."""
    return sorted(path.name for path in folder.glob("answers_*.yaml"))


def _entries(folder: Path) -> tuple[Entry, ...]:
    files = [AnswersFile(**load_raw(folder, name)) for name in answer_files(folder)]
    return tuple(entry for file in files for entry in file.entries)


@lru_cache(maxsize=4)
def load(folder: Path = HERE) -> Policy:
    """All policy data; raises pydantic's ValidationError when a file is wrong (see lint)."""
    return Policy(
        aid=Aid(**load_raw(folder, "aid.yaml")),
        wording=Wording(**load_raw(folder, "answers.yaml")),
        concepts=Concepts(**load_raw(folder, "concepts.yaml")),
        entries=_entries(folder),
        offices=Offices(**load_raw(folder, "offices.yaml")),
        sla=Sla(**load_raw(folder, "sla.yaml")),
        workdays=Workdays(**load_raw(folder, "workdays.yaml")),
        training=Training(**load_raw(folder, "training.yaml")),
        calendar=Calendar(**load_raw(folder, "calendar.yaml")),
    )


def programme(policy: Policy, key: str) -> Programme | None:
    """The programme of that id."""
    return next((p for p in policy.aid.programmes if p.id == key), None)


def amounts(policy: Policy) -> tuple[Amount, ...]:
    """Every sum that policy data holds, old ones too."""
    inside = tuple(a for p in policy.aid.programmes for a in p.amounts)
    return inside + policy.aid.other_amounts
