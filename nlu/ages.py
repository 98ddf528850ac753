"""How old somebody is: 九岁, 虚岁十四, 丫头十三了, 她才十一, 年龄不是十二是十三."""

import re
from collections.abc import Iterable, Iterator

from nlu.name_cues import CHILD_WORD
from nlu.numerals import SMALL, parse_small, says_number
from nlu.types import Entity

_AGE = re.compile(
    rf"(?<![\d.第])(?<![差大小多少]了)(?<![差大小多少])({SMALL})\s*(?:周|虚)?岁(?!以下|以上|以前|之前|以内|以后|到|至)"
)
_END = (
    r"(?=了|,|。|;|!|\?|\s|$|大的|小的|老[二三四]|在|就|也|还(?!钱)|没|跟|我|[他她]|被|让|要|从"
    r"|上(?!千|万|百)|念|读|初|高|去|说)"
)
_PLAIN_END = r"(?![\d年个月块元万千百多来几人口名点号届])"
_SAID = re.compile(
    rf"(?:今年|年龄|岁数|年纪|大概|大约)\s*(?:是|:|都|才|刚|满|有|虚岁|周岁|应该是|不是\s*{SMALL}\s*,?\s*是)*\s*({SMALL}){_PLAIN_END}"
)
_RECKONED = re.compile(rf"(?:虚|周)岁(?:是|有|:|都|才|刚|满|,|\s)*({SMALL})(?!以|[\d万千百元块])")
_OF = re.compile(
    rf"(?:{CHILD_WORD}子?|(?<![收给扣罚要补欠差退])[他她我俺额]|大的|小的|[男女]的|才|刚满|也就)"
    rf"(?:今年|现在|都|才|刚|也|已经|快|有|\s)*({SMALL}){_END}"
)
_CORRECTED = re.compile(
    rf"(?:年龄|岁数|年纪)[^。;!?\n\d]{{0,20}}(?:不是\s*{SMALL}\s*,?\s*)?(?:是|成|为|实际)\s*({SMALL}){_END}"
)
# 闺女不念了,14了: a number that is a whole clause, where a pupil is spoken of.
_TEEN = r"(?:[6-9]|1\d|[六七八九]|十[一二三四五六七八九]?)"
_ALONE = re.compile(rf"(?:(?<=[,。;\s])|^(?={_TEEN}了))({_TEEN})(?:了|了呢)?(?=[,。;!]|$)")
_PUPIL = re.compile(
    rf"{CHILD_WORD}|女孩|男孩|[初高][一二三]|年级|职高|[不没](?:上学|念|读)|辍学|退学"
)
# 特日格勒十二了: whose age it is has been said, or will be.
_GROWN = re.compile(
    r"(?<=[\u3400-\u9fff])(?<![第月年点号周期初高大早就到])(十[一二三四五六七]?|1[0-7]|[六七八九])了(?=没|不|还|也|,|。|!|$|\s)"
)
# 我在旗里住,四十五了: a grown speaker.
_ELDERLY = re.compile(
    r"(?:^|[,。;\s])([2-7]\d|[二三四五六七]十[一二三四五六七八九]?)了(?=[,。;!\s]|$)"
)
# 也就十一二, 看着十来岁, 大的十一小的九跟着: the word before says that it is an age.
_THINKS = re.compile(
    rf"(?:看着|顶多|最[大小]的(?:那个)?|[大小二]的|老[大二三四])(?:看着|也就|才|刚|有|是|都)*({SMALL})(?![\d年个岁月块元万千百人口天点号班级名只头周多])"
)
_MARKED = re.compile(
    r"[男女][,\s]+(\d{1,2})(?=[,。;\s]|$)|(?<![\d第初高])(1[0-7]|[6-9]|十[一二三四五六七])的(?=男|女|孩|娃|姑娘|小子|丫头|闺女|[,。;]|$)"
)
_PUT_RIGHT = re.compile(
    r"(?:应该|说的|其实|实际|改成|才|就)是?(1[0-7]|[6-9]|十[一二三四五六七]?)(?=$|[,。!])|(?:错了?|岔了|不对)[,\s]*(?:应该)?是?(1[0-7]|[6-9]|十[一二三四五六七]?)(?=$|[,。!])|不是(?:1\d|十[一-九]?)[,\s]*(?:是)?(1[0-7]|[6-9]|十[一二三四五六七])(?=$|[,。!])"
)
_COUNTED = re.compile("人|口|数|钱|年级|块|元|号|天|月|分|班")
_WRONG = re.compile(r"错|记岔|写|改|不对|不是|弄混")
# 我妈五十三了: a parent's age.
_PARENTS = re.compile(
    r"(?:爸爸?|妈妈?|爹|(?<!姑)娘|爷爷?|奶奶?|姥姥|姥爷|父亲|母亲|公公|婆婆|那口子|男人|叔叔?|大爷|老伴|丈夫|媳妇)(?:今年|都|也|快|已经|才|刚)*"
    r"([2-9]\d|[二三四五六七八九]十[一二三四五六七八九]?)(?=了|,|$)"
)
# 岁数说错了,十三不是十二: the first of the two.
_NOT_BUT = re.compile(
    rf"(?:岁数|年龄|年纪)[^。;!?\d]{{0,8}}?(?<![十一二三四五六七八九])({SMALL})岁?[,\s]*(?:可)?不是\s*{SMALL}"
)
_AFTER_WRONG = re.compile(  # 年龄写的十五不对,十六了
    rf"(?:岁数|年龄|年纪)[^。;!?]{{0,12}}(?:不对|错了?)[,\s]*(?:应该)?是?({SMALL})岁?(?=了|$|[,。])"
)
_EACH = re.compile(
    r"一个\s*(1\d|[6-9]|十[一二三四五六七八]?|[六七八九])岁?(?=[,。;、\s]*一个|[,。;!?\s]|$)"
)
_SET_RIGHT = re.compile(
    r"^\D{0,4}\d{1,2}岁?\s*,?\s*(?:啊|哦)?\s*(?:不对|错了|写错了?|说错了?)\s*,?\s*(?:是|应该是|改成)?\s*(1\d|[6-9])岁?(?=$|[,。!])"
)
_NOT_AGE = re.compile(r"(?:不满|未满|不到|没到|没满|年满|嫁给|[多少][说写报算]了?|到|至|-|~)\s*$")
_ELDER = re.compile(
    r"(?:[他她我]?(?:爸|妈|爷爷|奶奶|姥姥|姥爷|父亲|母亲|爹|(?<!姑)娘)|老人|老婆|老公|丈夫|媳妇|对象|大人)"
    r"(?:[他她都也已经今年才有快\s]|身体不好){0,6}$"
)
_SELF = re.compile(r"(?:^|[^\u3400-\u9fff他她])(?:我|本人|俺)(?:今年|都|已经|现在|有|是|才|,|\s)*$")
_LEAST, _MOST, _MOST_BARE_CHILD = 3, 100, 30


def _bare(match: re.Match[str]) -> bool:
    """Whether a number without 岁 can be an age: nobody says 才九百, a child is not fifty."""
    value = parse_small(match[1])
    grown = match[0].startswith(("我", "俺", "额"))
    return value is not None and _LEAST <= value <= (_MOST if grown else _MOST_BARE_CHILD)


def _matches(text: str) -> Iterator[re.Match[str]]:
    plain = [m for m in _plain(text) if "虚" not in m[0]]
    yield from plain
    if not plain:
        yield from _RECKONED.finditer(text)
        yield from _AGE.finditer(text)


def _plain(text: str) -> Iterator[re.Match[str]]:
    yield from (m for m in _RECKONED.finditer(text) if m[0].startswith("周"))
    yield from _AGE.finditer(text)
    yield from _SAID.finditer(text)
    yield from _CORRECTED.finditer(text)
    yield from (match for match in _OF.finditer(text) if _bare(match))
    if _PUPIL.search(text):
        yield from _ALONE.finditer(text)
        yield from _GROWN.finditer(text)
        yield from _THINKS.finditer(text)
        yield from _MARKED.finditer(text)
    if _WRONG.search(text) and not _COUNTED.search(text):
        yield from _PUT_RIGHT.finditer(text)
    yield from _SET_RIGHT.finditer(text)
    yield from _ELDERLY.finditer(text)
    yield from _PARENTS.finditer(text)
    yield from _NOT_BUT.finditer(text)
    yield from _AFTER_WRONG.finditer(text)
    if len(_EACH.findall(text)) > 1:
        yield from _EACH.finditer(text)


_AFTER_NAME = re.compile(rf"[,\s]*(?:今年|都|才|也|刚|已经|快|有)*({SMALL}){_END}")


def after_names(text: str, named: Iterable[Entity]) -> Iterator[Entity]:
    """大的叫金山十四, 我叫陈永贵,69了: a bare number after a name is an age."""
    for name in named:
        match = _AFTER_NAME.match(text, name.end)
        value = parse_small(match[1]) if match else None
        if match and value is not None and _LEAST < value <= _MOST:
            yield Entity("age", value, *match.span(1), role=name.role)


def find(text: str) -> Iterator[Entity]:
    """Ages in cleaned `text`, with role self when somebody says it of themselves.

    Any other age beats a 虚岁 in the same text; ages of parents and grandparents have role elder.
    """
    for match in _matches(text) if says_number(text) else ():
        group = next(n for n in range(1, len(match.groups()) + 1) if match[n])
        before = text[: match.start(group)]
        value = parse_small(match[group])
        if value is None or _NOT_AGE.search(before):
            continue
        end = match.end() if text[match.end() - 1] == "岁" else match.end(group)
        yield Entity("age", value, match.start(group), end, role=_role(text, match))


def _role(text: str, match: re.Match[str]) -> str | None:
    if _ELDER.search(text[: match.start(match.lastindex or 1)]):
        return "elder"
    return "self" if _is_self(text, match) else None


def _is_self(text: str, match: re.Match[str]) -> bool:
    if match[0].startswith(("我", "俺", "额")):
        return True
    return bool(_SELF.search(text[: match.start()]))
