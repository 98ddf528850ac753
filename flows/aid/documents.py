"""Which papers an application needs: as few as the rules allow.

教财〔2018〕16号: pledge instead of proofs; 教政法函〔2019〕12号: no stamps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.policy.types import Stage

_PROOFS = {
    "poverty_household": ("脱贫户手册或相关材料", "学校在系统里查不到时才要"),
    "monitored_household": ("防止返贫监测对象的材料", "学校在系统里查不到时才要"),
    "dibao": ("低保证", "学校在系统里查不到时才要"),
    "tekun": ("特困供养证", "学校在系统里查不到时才要"),
    "orphan": ("孤儿证或儿童福利证", "学校在系统里查不到时才要"),
    "disabled_student": ("孩子的残疾人证", "学校在系统里查不到时才要"),
    "disabled_parent": ("父母的残疾人证", "学校在系统里查不到时才要"),
    "martyr_child": ("烈士证明书", "学校在系统里查不到时才要"),
    "serious_illness": ("诊断书或住院单据", "有的话拍一张，能帮学校了解情况"),
    "disaster": ("受灾的照片或村里的说明", "有的话拍一张，能帮学校了解情况"),
    "unemployment": ("失业登记的材料", "有的话拍一张，没有也能申请"),
    "single_parent": ("能说明情况的材料", "有的话拍一张，没有也能申请"),
    "many_children": ("别的孩子的学生证或录取通知书", "有的话拍一张，没有也能申请"),
}


@dataclass(frozen=True)
class Document:
    """A paper to bring or photograph; optional ones never hold an application up."""

    key: str
    name: str
    why: str
    optional: bool


def checklist(hardship: Sequence[str], stage: Stage | None) -> list[Document]:
    """The papers for these hardship codes; no stamp of the civil affairs office is ever asked."""
    place = {Stage.PRESCHOOL: "幼儿园", Stage.COLLEGE: "大学", Stage.POSTGRADUATE: "大学"}
    at = place.get(stage, "学校") if stage else "学校"
    papers = [
        Document(
            "recognition_form",
            "家庭经济困难学生认定申请表",
            f"可以到{at}再签字，不用民政盖章",
            False,
        ),
        Document("household_register", "户口簿（孩子和家长的页）", "说明家里有几口人", False),
    ]
    for code in dict.fromkeys(hardship):
        if code in _PROOFS:
            name, why = _PROOFS[code]
            papers.append(Document(f"proof_{code}", name, why, True))
    return papers
