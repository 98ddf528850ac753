"""Reads the word lists that colleagues edit; what is wrong in one is told with its name."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from nlu.types import BadContent

DATA = Path(__file__).parent / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C: a start reads ten of them
_FAULTS = (
    *(OSError, ValueError, TypeError, AttributeError, LookupError, OverflowError),
    *(RecursionError, re.error, yaml.YAMLError),
)
_Built = TypeVar("_Built")


def built(path: Path, build: Callable[[Any], _Built]) -> _Built:
    """What is made of the content of a YAML file. Raises BadContent."""
    try:
        return build(yaml.load(path.read_text("utf-8"), Loader=_LOADER))  # noqa: S506 - safe
    except BadContent:
        raise
    except _FAULTS as error:
        raise BadContent(f"{path.parent.name}/{path.name}：{_said(error)}") from error


def pattern(source: str) -> re.Pattern[str]:
    """A regular expression that means something: none that matches where nothing stands."""
    made = re.compile(source)
    if made.search("") is not None:
        raise ValueError(f"“{source[:40]}”什么都没写也能对上")
    return made


def _said(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不见了"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 的文本，请另存成 UTF-8"
    mark = getattr(error, "problem_mark", None)
    line = f"第 {mark.line + 1} 行附近，" if mark is not None else ""
    detail = getattr(error, "problem", None) or str(error).strip() or type(error).__name__
    return f"格式读不懂（{line}{detail.splitlines()[-1].strip()}）"
