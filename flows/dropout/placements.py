"""Where a child who is no longer out of school may be, by the codes of the ledgers."""

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"


@dataclass(frozen=True)
class Placement:
    """One way of being in school, or of being let off it for a time.

    `is_return` when the child sits in an ordinary class again; `is_deferral` when somebody
    approved that it need not, until a day; `is_watched` when somebody can look whether it attends.
    """

    code: str
    is_return: bool = False
    is_deferral: bool = False
    is_watched: bool = True


_ALL = (
    Placement("same_school", is_return=True),
    Placement("transfer_in", is_return=True),
    Placement("separate_class"),
    Placement("integrated"),
    Placement("vocational"),
    Placement("inclusive"),
    Placement("special_school"),
    Placement("special_class"),
    Placement("home_teaching"),
    Placement("institution"),
    Placement("specialised_school"),
    Placement("elsewhere"),
    Placement("deferred_entry", is_deferral=True, is_watched=False),
    Placement("leave", is_deferral=True, is_watched=False),
    Placement(OTHER),
)
PLACEMENTS: Mapping[str, Placement] = {placement.code: placement for placement in _ALL}

_SPOKEN: Mapping[str, str] = {
    "": "same_school",
    "return": "same_school",
    "returned": "same_school",
    "复学": "same_school",
    "回校": "same_school",
    "原校复学": "same_school",
    "回原来的学校": "same_school",
    "插班复学": "transfer_in",
    "插班": "transfer_in",
    "转到别的学校": "transfer_in",
    "单独编班": "separate_class",
    "普职融合": "integrated",
    "职校": "vocational",
    "职业学校": "vocational",
    "中职": "vocational",
    "随班就读": "inclusive",
    "特教学校": "special_school",
    "特殊教育学校": "special_school",
    "特教班": "special_class",
    "送教上门": "home_teaching",
    "远程": "home_teaching",
    "福利": "institution",
    "康复": "institution",
    "专门学校": "specialised_school",
    "转学": "elsewhere",
    "外地就读": "elsewhere",
    "延缓入学": "deferred_entry",
    "休学": "leave",
}
"""What people write instead of the code; the longest that is found in their words counts."""


def placement_of(words: str) -> Placement:
    """The placement meant by a code or by words; words that are none of them are `other`."""
    said = words.strip()
    known = PLACEMENTS.get(said)
    if known is not None:
        return known
    if said in _SPOKEN:
        return PLACEMENTS[_SPOKEN[said]]
    found = [part for part in _SPOKEN if part and part in said]
    return PLACEMENTS[_SPOKEN[max(found, key=len)] if found else OTHER]
