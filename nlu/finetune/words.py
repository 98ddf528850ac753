"""The words of our own field that the pruned vocabulary should keep whole."""

from nlu import divisions
from nlu.lexicon import DATA


def our_words() -> list[str]:
    """Place names, personal names and the words of our jieba dictionary."""
    places = [row.name for row in divisions.table().rows.values()]
    files = (DATA.parent / "jieba.txt", DATA.parent / "names.txt")
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    return places + [line.split()[0] for line in lines if line.strip() and line[0] not in "#["]
