"""Why a dropout case may be closed, and what must be there before anybody is asked to."""

from collections.abc import Mapping
from datetime import date

from flows.dropout.standing import Standing

CODES = (
    *("returned", "placed", "completed", "transferred", "deferred", "abroad"),
    *("deceased", "data_error", "duplicate", "excluded", "untraceable"),
)
NO_DROPOUT = ("data_error", "transferred", "completed", "abroad", "deceased")
"""The codes of cases that turn out, when they are looked into, to be no dropout."""

_NEEDS_NO_LOOK = frozenset({"duplicate"})

_SPOKEN: Mapping[str, str] = {
    "复学": "returned",
    "安置": "placed",
    "完成义务教育": "completed",
    "超龄": "completed",
    "转学": "transferred",
    "外地就读": "transferred",
    "延缓入学": "deferred",
    "休学": "deferred",
    "出国": "abroad",
    "去世": "deceased",
    "死亡": "deceased",
    "信息有误": "data_error",
    "信息错误": "data_error",
    "重复": "duplicate",
    "身体原因": "excluded",
    "不具备学习条件": "excluded",
    "失联": "untraceable",
}


def code_of(words: str) -> str:
    """The code meant by a code or by words; other words stay as they are."""
    said = words.strip()
    if said in CODES:
        return said
    return next((code for spoken, code in _SPOKEN.items() if spoken in said), said)


def obstacle(
    code: str, standing: Standing, has_approval: bool, note: str, today: date
) -> str | None:
    """The key of the sentence that says why the case cannot be closed so; None when it can."""
    if code == "excluded":
        if not note.strip():
            return "refused.reason_missing"
        return None if has_approval else "refused.approval_missing"
    if code == "deferred":
        until = standing.back.until if standing.back is not None else None
        is_deferral = standing.placement is not None and standing.placement.is_deferral
        if not is_deferral or until is None or until <= today:
            return "refused.deferral_missing"
        return None if has_approval else "refused.approval_missing"
    if code == "untraceable" and not standing.visits:
        return "refused.never_looked"
    return None


def doubts(code: str, standing: Standing) -> tuple[str, ...]:
    """What a second person should know before agreeing: keys of what the file does not show.

    Doubts refuse nothing; a case may be closed on what the second person has seen elsewhere.
    """
    found = []
    if code not in _NEEDS_NO_LOOK and standing.verified is None:
        found.append("doubt.not_verified")
    if code in ("returned", "placed") and standing.back is None:
        found.append("doubt.not_back")
    if code == "returned" and standing.back is not None and not standing.checks:
        found.append("doubt.not_checked")
    return tuple(found)
