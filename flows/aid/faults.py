"""Why a paper is sent back: the usual faults, each with a sentence and an example in the texts."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a photo; the names stand under `fault.*` in notices.yaml."""

    BLURRED = "blurred"  # 看不清
    PAGE_MISSING = "page_missing"  # 缺页
    WRONG_PAPER = "wrong_paper"  # 不是这张
    EXPIRED = "expired"  # 过期
