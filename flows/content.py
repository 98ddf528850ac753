"""Reads the files that colleagues edit; what is wrong in one is told with its name, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from nlu.types import BadContent

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAULTS = (
    *(OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
    *(RecursionError, re.error, yaml.YAMLError),
)
"""What reading and building can raise about a file that was written wrongly."""

_KNOWN = {
    "missing": "没有写",
    "extra_forbidden": "不认识这一项，是不是写错了名字",
    "model_type": "要写成“名字: 内容”的样子",
    "tuple_type": "要写成一列，每行前面一个“- ”",
    "string_type": "要写成文字",
}


def read(path: Path) -> Any:
    """The plain content of one YAML file. Raises BadContent."""
    with understood(path):
        return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Whatever cannot be made of this file is told as BadContent."""
    try:
        yield
    except BadContent:
        raise
    except _FAULTS as error:
        name = f"{path.parent.name}/{path.name}"
        raise BadContent(*(f"{name}：{said}" for said in _said(error))) from error


def _said(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        return [
            f"{_place(one['loc'])} {in_words(one['type'], one['msg'])}" for one in error.errors()
        ]
    if isinstance(error, FileNotFoundError):
        return ["文件不见了"]
    if isinstance(error, UnicodeDecodeError):
        return ["不是 UTF-8 的文本，请另存成 UTF-8"]
    mark = getattr(error, "problem_mark", None)
    line = f"第 {mark.line + 1} 行附近，" if mark is not None else ""
    detail = getattr(error, "problem", None) or str(error).strip() or type(error).__name__
    return [f"格式读不懂（{line}{detail.splitlines()[-1].strip()}）"]


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in parts)


def in_words(kind: str, detail: str) -> str:
    """One fault that pydantic found."""
    return _KNOWN.get(kind, f"写得不对（{detail.removeprefix('Value error, ')}）")
