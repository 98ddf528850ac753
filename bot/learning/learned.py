"""The file that training takes in: labelled sentences as Rasa YAML, one file an installation."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from nlu.anonymous import natural
from storage.db import Database
from storage.models.misheard import Misheard

_HEAD = """\
# 从“没听懂的话”里学来的例句：人名、地名、号码都换过了。这个文件由程序写，改了会被盖掉。
# 用它训练：python -m nlu train；训练完重新启动服务。
version: "3.1"
nlu:
"""
_MARKS = str.maketrans("[]{}()", "［］｛｝（）")
"""Signs that Rasa would take for the marks of an entity."""


async def write_learned(db: Database, path: Path) -> int:
    """Write all labelled sentences; how many there are."""
    async with db.read() as uow:
        rows = await uow.misheard.labelled()
    learned = _by_intent(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(as_yaml(learned), encoding="utf-8")
    draft.replace(path)
    return sum(len(sentences) for sentences in learned.values())


def as_yaml(learned: dict[str, list[str]]) -> str:
    """The sentences of each intent as a file of Rasa 3.1."""
    blocks = [
        f"- intent: {intent}\n  examples: |\n"
        + "".join(f"    - {sentence}\n" for sentence in sentences)
        for intent, sentences in sorted(learned.items())
    ]
    return _HEAD + "".join(blocks) if blocks else _HEAD.replace("nlu:\n", "nlu: []\n")


def _by_intent(rows: Iterable[Misheard]) -> dict[str, list[str]]:
    """Each sentence once; where two officers differ the later one is right."""
    latest = sorted(rows, key=lambda row: (str(row.decided_at), row.id))
    label = {_one_line(row.text): row.label or "" for row in latest}
    found: dict[str, list[str]] = defaultdict(list)
    for sentence, intent in label.items():
        if sentence and intent:
            found[intent].append(sentence)
    return found


def _one_line(masked: str) -> str:
    return re.sub(r"\s+", " ", natural(masked)).translate(_MARKS).strip("-/ ")
