"""Writes Rasa's lookup tables and patterns from our own data: `python make_lookups.py OUT.yml`.

Runs in Rasa's Python 3.10 at training time, so it may import nothing of ours.
"""

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = frozenset({"league", "county", "town"})  # 14,592 villages would cost more than they tell
PATTERNS = {
    "phone": [r"(?<!\d)1[3-9]\d{9}(?!\d)"],
    "id_number": [r"(?<![\dA-Za-z])[1-9]\d{16}[\dXx](?![\dA-Za-z])"],
    "case_number": [r"(?<![\dA-Za-z])[A-Z]\d{2}-\d{4}-\d{3}(?!\d)"],
    "school": [r"第?[一二三四五六七八九十]{1,2}(?:中学|小学|中|小)(?![午间时组学])"],
}


def places() -> Iterator[str]:
    """Leagues, banners and townships, as they are written and as people call them."""
    with gzip.open(DATA / "regions.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                _, _, name, short, kind, _ = line.rstrip("\n").split("\t")
                if kind in KINDS:
                    yield from (word for word in (name, short) if len(word) > 1)
    for line in (DATA / "lexicon" / "region_aliases.tsv").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")[0]


def schools() -> Iterator[str]:
    """The schools annotated in the training sentences."""
    for path in sorted((DATA / "intents").glob("*.yml")):
        yield from re.findall(r"\[([^]]+)\]\(school\)", path.read_text("utf-8"))


def hardships() -> Iterator[str]:
    """The patterns of our word list: the list items, whatever value they stand for."""
    for line in (DATA / "lexicon" / "hardship.yaml").read_text("utf-8").splitlines():
        item = re.fullmatch(r"\s+- (.+)", line)
        if item:
            yield item[1].strip("'\"")


def block(kind: str, name: str, examples: Iterable[str]) -> str:
    """One lookup table or list of patterns in Rasa's format; longer words first."""
    words = sorted(set(examples), key=lambda word: (-len(word), word))
    lines = "".join(f"    - {word}\n" for word in words)
    return f"- {kind}: {name}\n  examples: |\n{lines}"


def training_data() -> str:
    """The whole file."""
    blocks = [block("lookup", "region", places()), block("lookup", "school", schools())]
    blocks += [block("regex", "hardship", hardships())]
    blocks += [block("regex", name, patterns) for name, patterns in PATTERNS.items()]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(training_data(), "utf-8")
