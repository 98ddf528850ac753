"""Every word list that colleagues edit, and what is made of it; for `python -m bot check`."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nlu import cues, dialogue, intent_names, lexicon, normalize, safety
from nlu.classify import features
from nlu.content import DATA, built
from nlu.types import BadContent

Build = Callable[[Any], object]
LISTS: Mapping[Path, Build] = {
    cues.PATH: cues.table_of,
    safety.PATH: safety.rules_of,
    dialogue.PATH: dialogue.utterances_of,
    intent_names.PATH: intent_names.names_of,
    features.PATH: features.concepts_of,
    lexicon.DATA / "mishearings.yaml": normalize.mishearings_of,
}


def paths() -> list[Path]:
    """All of them, in order."""
    return [*sorted(DATA.glob("*.yaml")), *sorted(lexicon.DATA.glob("*.yaml"))]


def build_of(name: str) -> Build:
    """How the list of that name is read; any other is one of words by value."""
    return next((made for path, made in LISTS.items() if path.name == name), lexicon.patterns_of)


def check() -> Iterator[str]:
    """What is wrong with them, in words."""
    for path in paths():
        try:
            built(path, build_of(path.name))
        except BadContent as bad:
            yield from bad.sentences
