"""The entity rules on the sentences they were developed with: nothing that was right may break."""

import json
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import Any

from nlu.entities import extract
from nlu.parse import as_json, as_moment
from nlu.types import Context, Intent, Understanding
from tests.gathered import each

ROWS = [
    json.loads(line)
    for name in ("entities_dev.jsonl", "entities_more.jsonl")
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()
]


def pairs(entities: list[dict[str, object]]) -> Counter[tuple[str, str, bool]]:
    """What counts as the same entity: type, value and whether it is valid."""
    return Counter(
        (str(e["entity"]), str(e["value"]), bool(e.get("valid", True))) for e in entities
    )


def test_all_entities_of_a_sentence() -> None:
    def check(row: dict[str, Any]) -> None:
        context = Context(as_moment(row["now"]), home=row.get("home"))
        read = Understanding(row["text"], Intent.HELP, 1.0, entities=extract(row["text"], context))
        assert pairs(as_json(read)["entities"]) == pairs(row["entities"])

    each(ROWS, check, itemgetter("text"))
