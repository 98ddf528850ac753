"""Sums of money, with or without 元: 三万来块, 彩礼八万, 一套四百二, 说好给1500."""

import re
from collections.abc import Iterator

from nlu.numerals import NUMBER, parse, says_number
from nlu.types import Context, Entity

_RANGE = (
    r"(?:\d{1,7}(?:\.\d{1,3})?\s*[-~到至]\s*\d{1,7}(?:\.\d{1,3})?\s*[千百万]?"
    r"|\d{1,7}(?:\.\d{1,4})?\s*[千百万]{1,2}\d?(?!\d)|\d{1,3}(?:,\d{3}){1,3}"
    rf"|{NUMBER})"
)
_MONEY = re.compile(
    rf"(?<![\d.])({_RANGE})\s*[多来几]?\s*(?:块钱|元钱|(?<!一)块(?!儿)|元|圆|人民币)(?!石|地|田|旦)"
)
_SUM = re.compile(rf"(?<![\d.])({_RANGE})(?=[多来]?(?:左右|上下|$|,|。|;|\s|吧|的?样子|[多来]))")
_COUNTED = (  # what is counted by the hundred and is no money
    r"\s*[多来几余]?\s*(?:火急|只(?![给有发收打领补])|[人名个户家头匹口亩斤里米度分字步遍次趟天年月日号岁倍条件张页本瓶袋吨克层号楼班级届期点路"
    r"位对双辆台棵株群届中小]|公[里斤分]|平[方米]|学生|孩子|娃|老师|牧民|群众|村民|牛|羊|马|小时|分钟|%|[:：/.\-])"
)
_HUNDREDS = re.compile(
    r"(?<![\d.第百千万零一二两三四五六七八九十])"
    r"((?:\d{1,4}(?:\.\d{1,2})?|[一二两三四五六七八九十]{1,3})[百千万]"
    rf"[百千万零一二两三四五六七八九十\d]{{0,7}})(?!{_COUNTED})(?!(?!一[台套件个张])[零一二两三四五六七八九十百千万\d])"
)
_DIGITS = re.compile(rf"(?<![\dA-Za-z.\-/:第月])(\d{{2,6}})(?![\dA-Za-z])(?!{_COUNTED})")
_PAID = re.compile(
    r"(?:收[了到]?[他她我你们家]*|收费|给了?[他她我你们孩子娃]*|应该|只有|领|交了?|缴了?|写[着的]?|发了?|到手[就才只]*|[才只]给|花了?|要了?[他她我们]*|扣了?|罚了?|领了?|拿了?"
    r"|掏了?|付了?|退了?|欠了?|借了?|贷了?|补了?|差了?|涨到|价格?|标准|那笔|[学助励]金|补助|补贴|贷款|彩礼|工资|每人|每生|一套|费|学费一年|每学期|一学期|一学年|每年|是)"
    r"(?:是|一共|共|大概|总共|只有?|就|才|约|为|:|\s)*$"
)
_TOPIC = re.compile(
    r"[费钱价]|补助|补贴|助学|奖学|[贷借欠花交罚掏]了|一年领|只给|贷款|工资|彩礼|到手|说好给|腰包|校服|资料|伙食|报销|罚款|收入"
)
_PER = re.compile(r"\s*一(?:套|个?学期|学年|年|个?月|本|份|次)")
_BARE_IS = re.compile(r"是\s*$")
_NO_SUM = re.compile(
    r"(?:编号|号码?|电话|手机|密码|验证码|尾号|班|第|住|门牌|房间|卡)\s*(?:是|:)?\s*$"
)
_SMALLEST = 20
_INCOME = re.compile(
    r"(?:年收入|年纯收入|家庭收入|全家收入|总收入|收入|一年[^,。;]{0,4}(?:挣|收入|赚|进)|一年(?:下来|到头|也就|能|大概|差不多|就)*)"
    r"[^,。;\d]{0,8}$"
)
_EARNED = re.compile(
    r"(?:收入|挣|赚|工资)(?:个|到|了|是|大概|差不多|也就|有|才|不到|能|在|:|\s|就|只|大约|约|将近){0,6}$"
)
_NOT_INCOME = re.compile(
    r"人均|学费|住宿费|生活费|花|交|药费|欠|借|贷款|补助|补贴|给|发|领|[个每]?月(?:工资|收入|挣|能)"
)
_SPENT = re.compile(r"[^,。;!?\s]{0,6}(?:补助|补贴|助学|奖学|学费|贷款|住宿|资助|饥荒|药)")
_LED_IN = 5  # characters before that may say it is a grant or a fee: 补助一年发三千
_CLAUSE = re.compile(r"[^,。;!?\n]{0,16}$")


def _is_round(digits: str) -> bool:
    return len(digits) > 3 and digits.endswith("00")


def is_income(text: str, start: int, end: int) -> bool:
    """Whether the words around a sum make it what the family earns in a year."""
    clause = _CLAUSE.search(text[:start])
    before = clause[0] if clause else ""
    earned = _INCOME.search(before)
    if earned is None or _SPENT.match(text, end):
        return False
    return not _NOT_INCOME.search(before, max(0, earned.start() - _LED_IN))


def _with_unit(text: str) -> Iterator[re.Match[str]]:
    yield from _MONEY.finditer(text)
    for match in _SUM.finditer(text):
        if _EARNED.search(text[: match.start()]):
            yield match


def _without_unit(text: str) -> Iterator[re.Match[str]]:
    """Hundreds and more that count nothing else; plain digits where something is paid."""
    yield from (m for m in _HUNDREDS.finditer(text) if not _NO_SUM.search(text[: m.start()]))
    if not _TOPIC.search(text):
        return
    for match in _DIGITS.finditer(text):
        before = text[: match.start()]
        if int(match[1]) < _SMALLEST or _NO_SUM.search(before):
            continue
        clause = re.split(r"[,。;!?\n]", before)[-1]
        if _BARE_IS.search(clause) and not _TOPIC.search(clause):
            continue
        if _PAID.search(before) or _PER.match(text, match.end()) or _is_round(match[1]):
            yield match


def find(text: str, context: Context) -> Iterator[Entity]:
    """Money in cleaned `text`, with role income when it is what the family earns in a year."""
    if not says_number(text):
        return
    asked = context.expecting == "annual_income"
    matches = list(_with_unit(text))
    if not asked:  # a bare number that answers the question is read whole, by `answers`
        matches += _without_unit(text)
    for match in matches:
        value = parse(match[1])
        if value is None and match[1].endswith("一"):  # 三千二一台
            value = parse(match[1][:-1])
        if value is not None:
            income = asked or is_income(text, *match.span())
            yield Entity("money", value, *match.span(), role="income" if income else None)
