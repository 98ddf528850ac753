"""Inputs that once broke something, kept as files: each is replayed by the tests."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
FOUND = Path(__file__).parent / "found"
"""Where a run puts what it finds; once mended, a case goes to the corpus under a telling name."""


def kept(target: str) -> Iterator[Path]:
    """The kept cases of a target."""
    yield from sorted(path for path in (CORPUS / target).glob("*") if path.is_file())


def keep(target: str, content: bytes) -> Path:
    """Write a new case down."""
    path = folder_of(target) / hashlib.sha256(content).hexdigest()[:16]
    path.write_bytes(content)
    return path


def folder_of(target: str) -> Path:
    """Where new cases of a target go."""
    folder = FOUND / target
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def grown_of(target: str) -> Path:
    """Where inputs gather that reached something new: the next run goes on from them."""
    folder = folder_of(target) / "grown"
    folder.mkdir(exist_ok=True)
    return folder
