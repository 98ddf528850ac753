"""Ages, sums of money and heads of a family."""

import re
from collections.abc import Iterator

from nlu.numerals import NUMBER, SMALL, parse, parse_small
from nlu.types import Context, Entity

_AGE = re.compile(rf"(?<![\d.第])({SMALL})\s*(?:周|虚)?岁(?!以下|以上|以前|之前|以内|以后|到|至)")
_AGE_SAID = re.compile(
    rf"(?:今年|年龄|岁数|年纪)\s*(?:是|:|都|才|刚|满|有)*\s*({SMALL})(?=了|,|。|;|\s|$)"
)
_NOT_AGE = re.compile(r"(?:不满|未满|不到|没到|没满|年满|到|至|-|~)\s*$")
_ELDER = re.compile(
    r"(?:[他她我]?(?:爸|妈|爷爷|奶奶|姥姥|姥爷|父亲|母亲|爹|娘)|老人|老婆|老公|丈夫|媳妇|对象|大人)"
    r"(?:[他她都也已经今年才有快\s]|身体不好){0,6}$"
)
_SELF_AGE = re.compile(
    r"(?:^|[^\u3400-\u9fff他她])(?:我|本人|俺)(?:今年|都|已经|现在|有|是|才|,|\s)*$"
)
_RANGE = (
    r"(?:\d{1,7}(?:\.\d{1,3})?\s*[-~到至]\s*\d{1,7}(?:\.\d{1,3})?\s*[千百万]?"
    r"|\d{1,7}(?:\.\d{1,4})?\s*[千百万]{1,2}\d?(?!\d)|\d{1,3}(?:,\d{3}){1,3}"
    rf"|{NUMBER})"
)
_MONEY = re.compile(
    rf"(?<![\d.])({_RANGE})\s*[多来几]?\s*(?:块钱|元钱|块|元|圆|人民币)(?!石|地|田|旦)"
)
_SUM = re.compile(rf"(?<![\d.])({_RANGE})(?=[多来]?(?:左右|上下|$|,|。|;|\s|吧|的?样子|[多来]))")
_INCOME = re.compile(
    r"(?:年收入|年纯收入|家庭收入|全家收入|总收入|收入|一年[^,。;]{0,4}(?:挣|收入|赚|进)|一年(?:下来|到头|也就|能|大概|差不多|就)*)"
    r"[^,。;\d]{0,8}$"
)
_EARNED = re.compile(
    r"(?:收入|挣|赚|工资)(?:个|到|了|是|大概|差不多|也就|有|才|不到|能|在|:|\s|就|只|大约|约|将近){0,6}$"
)
_NOT_INCOME = re.compile(
    r"人均|学费|住宿费|生活费|花|交|药费|欠|借|贷款|补助|补贴|[个每]?月(?:工资|收入|挣|能)"
)
_CLAUSE = re.compile(r"[^,。;!?\n]{0,16}$")
_HOUSEHOLD = re.compile(
    rf"({SMALL})\s*(?:口人|口子|口之家|口)|(?:全家|家里|家中|我家|一家)(?:一共|总共|共|有|是|就|现在|:)*"
    rf"\s*({SMALL})\s*(?:个人|人)(?!挣|赚|干|上班|打工)"
)
_CHILDREN = re.compile(
    rf"({SMALL})\s*个?(?:上学的|念书的|读书的|小|在读)?(?:孩子|娃娃|娃|小孩|学生|儿子|女儿|闺女|姑娘|小子|丫头|孙子|孙女)"
)
_ONLY = re.compile(r"(?:就|只|只有|就有|家里有|家有|独生)\s*$")


def _ages(text: str) -> Iterator[Entity]:
    for pattern in (_AGE, _AGE_SAID):
        for match in pattern.finditer(text):
            before = text[: match.start(1)]
            value = parse_small(match[1])
            if value is None or _NOT_AGE.search(before) or _ELDER.search(before):
                continue
            role = "self" if _SELF_AGE.search(text[: match.start()]) else None
            yield Entity("age", value, match.start(1), match.end(), role=role)


def is_income(text: str, start: int) -> bool:
    """Whether the words before a sum make it what the family earns in a year."""
    clause = _CLAUSE.search(text[:start])
    before = clause[0] if clause else ""
    return bool(_INCOME.search(before)) and not _NOT_INCOME.search(before)


def _money(text: str, context: Context) -> Iterator[Entity]:
    asked = context.expecting == "annual_income"
    for pattern in (_MONEY, _SUM):
        for match in pattern.finditer(text):
            value = parse(match[1])
            before = text[: match.start()]
            if value is None or (pattern is _SUM and not _EARNED.search(before)):
                continue
            income = asked or is_income(text, match.start())
            yield Entity("money", value, *match.span(), role="income" if income else None)


def _counts(text: str) -> Iterator[Entity]:
    for match in _HOUSEHOLD.finditer(text):
        value = parse_small(match[1] or match[2])
        if value is not None:
            yield Entity("count", value, *match.span(), role="household")
    for match in _CHILDREN.finditer(text):
        value = parse_small(match[1])
        if value is None or (value == 1 and not _ONLY.search(text[: match.start()])):
            continue
        if text[max(0, match.start() - 1) : match.start()] not in ("第", "老", "这", "那", "哪"):
            yield Entity("count", value, *match.span(), role="children")


def find(text: str, context: Context) -> list[Entity]:
    """Ages, money (role income) and counts (role household or children) in cleaned `text`."""
    return [*_ages(text), *_money(text, context), *_counts(text)]
