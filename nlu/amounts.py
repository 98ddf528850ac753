"""Heads of a family and numbers of children."""

import re
from collections.abc import Iterator

from nlu.numerals import SMALL, parse_small, says_number
from nlu.types import Entity

_HOUSEHOLD = re.compile(
    rf"(?<![老小])({SMALL})\s*(?:口人|(?<![俩两])口子|口之家|口(?!子))"
    r"|(?:全家|家里|家中|我家|一家|家庭(?:成员|人口)|人口)(?:一共|总共|共|有|是|就|现在|:|数)*"
    rf"\s*({SMALL})\s*(?:个人|人|口)(?!挣|赚|干|上班|打工)"
    r"|人口\s*(?:是|有|:|数)?\s*(\d{1,2})(?=[,。;\s]|$)"
)
_CHILDREN = re.compile(
    rf"(?P<said>({SMALL})\s*[个名位]?)(?:上学的|念书的|读书的|小|大|中|高中|初中|在读|适龄|辍学|失学|在校|贫困|困难)*"
    r"(?:孩子|娃娃|[大中小]学生|男娃|女娃|娃|小孩|男孩|女孩|儿童|少年|学生|儿子|女儿|闺女|姑娘|小子|丫头"
    r"|孙子|孙女)"
)
# 四个念书的, 带着仨, 俩都没来: heads of children without the word.
_PUPILS = re.compile(
    rf"(?<!兄弟)(?<!姐妹)(?<!姐弟)(?<!兄妹)(?<!父子)(?<!母女)(?<!母子)(?<!父女)(?<![娘爷])(?:({SMALL})个|([俩仨]))(?=(?:还|都|全|正)?在?(?:念|上|读)(?:书|学)|(?:都|全)(?:没|不|在家|是))"
    rf"|(?:带着?|拉扯着?|供着?|养着?|养活)([俩仨])(?=[,。;!?\s]|$)"
    rf"|(?:[没未]|不)[^,。;!?]{{0,6}}的有([俩仨]|{SMALL}个)(?=[,。;!?\s]|$)"
)
# 学生3名未返校, 七年级4人今日未到校: heads of pupils in official style.
_NOTED = re.compile(
    r"(?:学生|儿童|孩子|幼儿|少年|年级|未入学|辍学|未报到|未成年(?:用|童)?工|疑似辍学|子女|幼童|新生)[^,。;!?\d]{0,4}"
    rf"({SMALL})[名人](?!次|均|大)|({SMALL})名(?=学生|儿童|孩子|未|适龄|辍学|失学|疑似|挂账|残疾|重残|孤儿|留守|随迁|女童|男童)"
)
_TOGETHER = re.compile(r"(?:兄弟|姐妹|姐弟|兄妹|哥|姐)([二三]人|[两三]个)")
_OWN_TWO = re.compile(r"(?:[娘爷]儿?|爷孙|祖孙|母子|母女|父子|父女)(俩|仨|[两三四二](?:人|个|口))")
_NUMBER_OF = re.compile(
    rf"(?:人数|人口数?|几口人|家里人)[^,。;!?\d]{{0,8}}(?:是|为|改成|改为|应为|有)\s*({SMALL})人?(?=$|[,。])"
)
_COUPLE = re.compile(r"老两口|两口子|俩口子|老俩口|小两口")
_ORDINAL = re.compile(r"[二三四五六](?:小子|丫头|闺女|姑娘|儿子|女儿|孙子|孙女)")  # 二小子
_RUN = re.compile("[一二三四五六七八九]{2}")
_POINTING = ("第", "老", "这", "那", "哪")
_ONLY = re.compile(r"(?:就|只|只有|就有|家里有|家有|独生)\s*$")


def find(text: str) -> Iterator[Entity]:
    """Counts in cleaned `text`, with role household or children."""
    if not says_number(text):
        return
    yield from _household(text)
    yield from _children(text)
    yield from _others(text)
    for match in _PUPILS.finditer(text):
        said = next(group for group in match.groups() if group)
        value = parse_small(said.rstrip("个"))
        if value is not None and value > 1:
            yield Entity("count", value, *match.span(), role="children")


def _others(text: str) -> Iterator[Entity]:
    """Heads said together with what the people are to each other, or in official style."""
    for pattern, role in _OTHERS:
        for match in pattern.finditer(text):
            said = next(group for group in match.groups() if group)
            value = parse_small(said.rstrip("人个口"))
            if value is not None and said != "一" and 0 < value < _MOST:
                yield Entity("count", value, *match.span(), role=role)


_MOST = 100
_OTHERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_NOTED, "children"),
    (_TOGETHER, "children"),
    (_OWN_TWO, "household"),
)
_OTHERS += ((_NUMBER_OF, "household"),)


def _household(text: str) -> Iterator[Entity]:
    for match in _HOUSEHOLD.finditer(text):
        value = parse_small(match[1] or match[2] or match[3])
        if value is not None and not _is_couple(text, match.start()):
            yield Entity("count", value, *match.span(), role="household")


def _children(text: str) -> Iterator[Entity]:
    for match in _CHILDREN.finditer(text):
        value = _heads(match[2])
        if value is None or (value == 1 and not _ONLY.search(text[: match.start()])):
            continue
        if _ORDINAL.fullmatch(match[0]) or text[: match.start()].endswith(_POINTING):
            continue
        yield Entity("count", value, *match.span("said"), role="children")


def _is_couple(text: str, start: int) -> bool:
    return any(m.start() <= start < m.end() for m in _COUPLE.finditer(text))


def _heads(said: str) -> int | None:
    """张三李四王五三个: the last figure counts, the one before it belongs to a name."""
    value = parse_small(said)
    is_run = _RUN.fullmatch(said) and value is not None and value > 10
    return parse_small(said[-1]) if is_run else value
