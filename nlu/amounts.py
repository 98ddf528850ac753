"""Heads of a family and numbers of children."""

import re
from collections.abc import Iterator

from nlu.numerals import SMALL, parse_small
from nlu.types import Entity

_HOUSEHOLD = re.compile(
    rf"(?<![老小])({SMALL})\s*(?:口人|(?<![俩两])口子|口之家|口(?!子))"
    r"|(?:全家|家里|家中|我家|一家)(?:一共|总共|共|有|是|就|现在|:)*"
    rf"\s*({SMALL})\s*(?:个人|人)(?!挣|赚|干|上班|打工)"
)
_CHILDREN = re.compile(
    rf"({SMALL})\s*[个名位]?(?:上学的|念书的|读书的|小|在读|适龄|辍学|失学|在校|贫困|困难)*"
    r"(?:孩子|娃娃|男娃|女娃|娃|小孩|男孩|女孩|儿童|少年|学生|儿子|女儿|闺女|姑娘|小子|丫头"
    r"|孙子|孙女)"
)
_ORDINAL = re.compile(r"[二三四五六](?:小子|丫头|闺女|姑娘|儿子|女儿|孙子|孙女)")  # 二小子
_ONLY = re.compile(r"(?:就|只|只有|就有|家里有|家有|独生)\s*$")


def find(text: str) -> Iterator[Entity]:
    """Counts in cleaned `text`, with role household or children."""
    for match in _HOUSEHOLD.finditer(text):
        value = parse_small(match[1] or match[2])
        if value is not None:
            yield Entity("count", value, *match.span(), role="household")
    for match in _CHILDREN.finditer(text):
        value = parse_small(match[1])
        if value is None or (value == 1 and not _ONLY.search(text[: match.start()])):
            continue
        if _ORDINAL.fullmatch(match[0]):
            continue
        if text[max(0, match.start() - 1) : match.start()] not in ("第", "老", "这", "那", "哪"):
            yield Entity("count", value, *match.span(), role="children")
