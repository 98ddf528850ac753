"""Files that colleagues edit, as inputs: the first line, a remark, says which one it is."""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.fuzz import mutating
from tests.fuzz.bending import bent

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_MOST_ROWS = 4
_LARGE = 12_000


def seeds(paths: Iterable[Path]) -> list[bytes]:
    """Each file, shortened when it is large, under a line with its name."""
    return [_headed(path.name, _short(path.read_text("utf-8"))) for path in paths]


def name_of(content: bytes) -> str:
    """The name in the first line."""
    return content.split(b"\n", 1)[0].decode("utf-8", "replace").removeprefix("# ").strip()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file with some values in it changed, or some letters."""
    try:
        document = yaml.load(content, _LOADER)
        changed = yaml.dump(bent(document, chance), Dumper=_DUMPER, allow_unicode=True)
    except Exception:  # damaged before, or something in it cannot be written
        changed = mutating.text(content.decode("utf-8", "replace"), "- ", chance)
    return _headed(name_of(content), changed)


def _headed(name: str, text: str) -> bytes:
    return f"# {name}\n{text}".encode("utf-8", "replace")


def _short(text: str) -> str:
    if len(text.encode()) < _LARGE:
        return text
    short = _shortened(yaml.load(text, _LOADER), depth=0)
    return str(yaml.dump(short, Dumper=_DUMPER, allow_unicode=True, sort_keys=False))


def _shortened(value: Any, depth: int) -> Any:
    if isinstance(value, list):
        return [_shortened(each, depth + 1) for each in value[:_MOST_ROWS]]
    if isinstance(value, dict):
        most = 40 if depth == 0 else 12
        return {key: _shortened(each, depth + 1) for key, each in list(value.items())[:most]}
    return value
