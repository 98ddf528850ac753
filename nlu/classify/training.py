"""Reads the training sentences (Rasa 3.1 YAML) and says in words what is wrong with them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from rapidfuzz import fuzz, process

from nlu.fold import bare
from nlu.types import Intent

INTENTS_FOLDER = Path(__file__).parent.parent / "data" / "intents"
ENTITY_TYPES = frozenset(
    {"child_name", "person_name", "age", "grade", "school", "region", "date", "reason"}
    | {"hardship", "money", "phone", "id_number", "case_number", "count"}
)
"""The entity types of the public interface; the extractor may know more for its own use."""
_INTENTS = frozenset(str(intent) for intent in Intent)
FEWEST = 30  # examples an intent needs before its regression weights mean much
_TOO_LIKE = 92  # of 100: one character in thirteen changed, or one put into seven
_SHORTEST = 6  # characters; below that one changed sign is another word, or a mishearing to learn

_UNREADABLE = (OSError, ValueError, OverflowError, RecursionError, yaml.YAMLError)
"""What reading a file raises: the library lets days of month 13 and signs beyond all pass."""

_MARK = re.compile(r"\[([^\]]*)\](?:\(([^)]*)\)|(\{[^}]*\}))")
_MUTE = re.compile(r"[\W_]+")
_BULLET = re.compile(r"^\s*-\s+(.*?)\s*$")


@dataclass(frozen=True)
class Example:
    """One training sentence without its marks, and the entity types marked in it."""

    text: str
    intent: str
    entities: tuple[str, ...] = ()


def read(folder: Path = INTENTS_FOLDER) -> list[Example]:
    """All examples of known intents, in file order; unreadable files count as empty."""
    return [example for _, example in _examples(folder) if example.intent in _INTENTS]


def check(folder: Path = INTENTS_FOLDER) -> list[str]:
    """What is wrong with the training data, one Chinese sentence each; empty when all is well."""
    problems = list(_broken_files(folder))
    examples = list(_examples(folder))
    problems += _unknown(examples)
    problems += _duplicates([example for _, example in examples])
    problems += _near_duplicates([example for _, example in examples])
    counts: dict[str, int] = defaultdict(int)
    for _, example in examples:
        counts[example.intent] += 1
    for intent in Intent:
        if not counts[intent]:
            problems.append(f"意图 {intent} 没有例句：缺少 {folder.name}/{intent}.yml 或文件为空。")
        elif counts[intent] < FEWEST:
            problems.append(f"意图 {intent} 只有 {counts[intent]} 条例句，至少要 {FEWEST} 条。")
    return problems


def _unknown(examples: list[tuple[Path, Example]]) -> list[str]:
    problems: dict[str, None] = {}
    for path, example in examples:
        if example.intent not in _INTENTS:
            problems[f"{path.name}：不认识的意图 {example.intent}。"] = None
        for entity in example.entities:
            if entity not in ENTITY_TYPES:
                problems[f"{path.name}：“{example.text}”里有不认识的实体 {entity}。"] = None
    return list(problems)


def _duplicates(examples: list[Example]) -> list[str]:
    """Sentences written twice; other scripts and widths count only across intents."""
    problems = []
    written: set[tuple[str, str]] = set()
    owner: dict[str, str] = {}
    for example in examples:
        if (example.intent, example.text) in written:
            problems.append(f"意图 {example.intent} 里重复的例句：“{example.text}”。")
        written.add((example.intent, example.text))
        first = owner.setdefault(bare(example.text) or example.text, example.intent)
        if first != example.intent:
            problems.append(f"“{example.text}”同时属于 {first} 和 {example.intent}。")
    return problems


def _near_duplicates(examples: list[Example]) -> list[str]:
    """Longer sentences of one intent that hardly differ: they only make a frame look common."""
    by_intent: dict[str, dict[str, str]] = defaultdict(dict)
    for example in examples:
        key = _MUTE.sub("", bare(example.text))
        if len(key) >= _SHORTEST:
            by_intent[example.intent].setdefault(example.text, key)
    return [
        f"意图 {intent} 里几乎一样的例句：“{first}”和“{second}”，留一条就够了。"
        for intent, keys in by_intent.items()
        for first, second in _alike(keys)
    ]


def _alike(keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pairs of texts whose keys are too like each other."""
    texts = list(keys)
    folded = list(keys.values())
    scores = process.cdist(
        folded, folded, scorer=fuzz.ratio, score_cutoff=_TOO_LIKE, dtype=np.float32
    )
    for first, second in np.argwhere(np.triu(scores, 1)):
        yield texts[first], texts[second]


def _broken_files(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        yield f"找不到例句文件夹 {folder.name}。"
    for path in sorted(folder.glob("*.yml")):
        try:
            data = yaml.safe_load(path.read_text("utf-8"))
        except _UNREADABLE as error:
            yield f"{path.name}：读不了（{type(error).__name__}）。"
            continue
        if not isinstance(data, dict) or not isinstance(data.get("nlu"), list):
            yield f"{path.name}：不是 Rasa 3.1 例句文件，顶层要有 nlu 列表。"


def _examples(folder: Path) -> Iterator[tuple[Path, Example]]:
    for path in sorted(folder.glob("*.yml")):
        try:
            data = yaml.safe_load(path.read_text("utf-8"))
        except _UNREADABLE:
            continue
        blocks = data.get("nlu") if isinstance(data, dict) else None
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, dict) and block.get("intent"):
                for example in _of_block(block):
                    yield path, example


def _of_block(block: dict[str, object]) -> Iterator[Example]:
    for line in str(block.get("examples") or "").splitlines():
        bullet = _BULLET.match(line)
        if bullet and bullet[1]:
            yield _example(bullet[1], str(block["intent"]))


def _example(marked: str, intent: str) -> Example:
    entities = tuple(_entity_type(mark) for mark in _MARK.finditer(marked))
    return Example(_MARK.sub(r"\1", marked), intent, entities)


def _entity_type(mark: re.Match[str]) -> str:
    if mark[2] is not None:
        return mark[2].split(":")[0].strip()
    try:
        long_form = yaml.safe_load(mark[3])
    except _UNREADABLE:
        return mark[3]
    return str(long_form.get("entity", "")) if isinstance(long_form, dict) else ""
