"""What people write, to begin from: training sentences, golden talks, oddities of all scripts."""

import json
import re
from functools import lru_cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
_EXAMPLE = re.compile(r"^\s+- (.+)$", re.MULTILINE)
_MARKED = re.compile(r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\))")

_ODDITIES = yaml.safe_load((Path(__file__).parent / "oddities.yaml").read_text("utf-8"))
_LONG = ("一" * 500, "啊" * 5000, "9" * 4500, "哈 " * 2000, "对" * 80, "不" * 81, "🇨🇳" * 30)
ODD: tuple[str, ...] = (*_ODDITIES["odd"], *_LONG, "a" * 64, "13800138000" * 30)
PIECES: tuple[str, ...] = tuple(_ODDITIES["pieces"])


@lru_cache(maxsize=1)
def training() -> tuple[str, ...]:
    """The training sentences, without their marks."""
    found: list[str] = []
    for path in sorted((ROOT / "nlu" / "data" / "intents").glob("*.yml")):
        found += [_MARKED.sub(r"\1", said) for said in _EXAMPLE.findall(path.read_text("utf-8"))]
    return tuple(found)


@lru_cache(maxsize=1)
def talks() -> tuple[tuple[str, ...], ...]:
    """What is typed in each golden conversation, in its order."""
    found = []
    for path in sorted((ROOT / "tests" / "conversations").glob("*.yaml")):
        turns = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["turns"]
        found.append(tuple(str(turn["user"]) for turn in turns if turn.get("user")))
    return tuple(lines for lines in found if lines)


@lru_cache(maxsize=1)
def labelled() -> tuple[str, ...]:
    """Sentences written to test the understanding, with places, days and numbers in them."""
    path = ROOT / "tests" / "nlu" / "entities_dev.jsonl"
    return tuple(json.loads(line)["text"] for line in path.read_text("utf-8").splitlines())


@lru_cache(maxsize=1)
def everything() -> tuple[str, ...]:
    """All of it, each sentence once."""
    spoken = (line for talk in talks() for line in talk)
    return tuple(dict.fromkeys([*training(), *labelled(), *spoken, *ODD]))
