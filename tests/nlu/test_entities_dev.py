"""The entity rules on the sentences they were developed with: nothing that was right may break."""

import json
from collections import Counter
from pathlib import Path

import pytest

from nlu.entities import extract
from nlu.parse import as_json, as_moment
from nlu.types import Context, Intent, Understanding

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "entities_dev.jsonl").read_text("utf-8").splitlines()
]


def pairs(entities: list[dict[str, object]]) -> Counter[tuple[str, str, bool]]:
    """What counts as the same entity: type, value and whether it is valid."""
    return Counter(
        (str(e["entity"]), str(e["value"]), bool(e.get("valid", True))) for e in entities
    )


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_all_entities_of_a_sentence(row: dict[str, str]) -> None:
    context = Context(as_moment(row["now"]), home=row.get("home"))
    read = Understanding(row["text"], Intent.HELP, 1.0, entities=extract(row["text"], context))
    assert pairs(as_json(read)["entities"]) == pairs(row["entities"])  # type: ignore[arg-type]
