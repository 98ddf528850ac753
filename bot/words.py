"""The sentences of notices and refusals: read from YAML, filled in by name."""

from functools import lru_cache
from pathlib import Path

from flows.words import in_file

_FILE = Path(__file__).parent.parent / "flows" / "texts" / "notices.yaml"


@lru_cache(maxsize=1)
def sentences() -> dict[str, str]:
    """Every sentence by key."""
    return in_file(_FILE)


def render(key: str, **values: object) -> str:
    """The sentence with its values; a missing key or value is a programming error (KeyError)."""
    return sentences()[key].format(**values)
