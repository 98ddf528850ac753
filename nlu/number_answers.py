"""Ages, heads and sums in an answer: "五口，哦老人走了，四口", "一个月两千五", "一万出头"."""

import re
from dataclasses import dataclass

from nlu.numerals import NUMBER, parse, parse_small
from nlu.types import Entity

MONTHS = 12
_LOOSE = (
    rf"(?<![\d年月初高第、哪这那老]){NUMBER}"
    r"(?!年|个?月|号|班|点|个?孩|个?娃|[步次天件位中小起样共般直些定]|\d)"
)
_BIG = re.compile(  # a sum of hundreds or more that counts no fields, animals or people
    rf"(?<![\d第年])(?=\d{{3}}|[^,。;]{{1,8}}[百千万]){NUMBER}"
    r"(?!\s*[多来几]?(?:[亩只头匹斤里人名户口岁年平天号月]|\d))"
)
_ANY = {  # a number in a longer answer, unless its unit says that it counts something else
    "age": re.compile(rf"{_LOOSE}(?![口块元万千多来几]|个?人)"),
    "count": re.compile(rf"{_LOOSE}(?![岁块元万千]|多?块|来?万)"),
    "money": re.compile(rf"{_LOOSE}(?![岁口]|个?人)"),
}
_OTHER_UNIT = {  # 十三岁 is no income, 四口 no age
    "age": re.compile("口|块|元|个?人"),
    "count": re.compile("周?岁|块|元"),
    "money": re.compile("周?岁|口|个?人"),
}
_ALONE = re.compile(rf"{NUMBER}(?:\s*[-~到至]\s*{NUMBER})?[多来]?[十百千万]*")
_FILLER = re.compile(
    r"^(?:嗯+|啊|哦|噢|那个|就是|应该是|应该叫|是的?|好像是|大概|差不多|大约|也就|今年|一年(?!级)|我|他|她|孩子|家里|我家|我们家|全家|一共|总共|有|是|叫|名字|姓名|:|,|。|\s)*"
)
_TAIL = re.compile(
    r"(?:左右|上下|出头|吧|啊|呢|呀|了|的|有|是|多|来|口人|口|个人|个|人|岁|周岁|块钱|块|元|,|。|!|\s)*$"
)
_TAKEN_BACK = re.compile(r".*(?:不对|错了|说错|更正|等等|哦|噢|不不)[,。\s]*", re.DOTALL)
_PER_MONTH = re.compile(rf"(?:[一每]个?月|月(?:工资|收入|薪))[^,。;\d]{{0,8}}?({NUMBER})")
_OTHER_TIME = re.compile(r"年|半年|季|天")
_TEN = re.compile(
    r"^\s*[时拾石实食](?=[一二三四五六七八九]\s*岁?)"
)  # 时六岁, as a keyboard hears it
_SHORT = 20  # characters; in a longer answer only a sum of hundreds is one
_SMALLEST_SUM = 100


@dataclass(frozen=True)
class Kind:
    """How the number that answers one slot is read."""

    entity: str
    role: str | None = None
    big: bool = False


KINDS = {
    "age": Kind("age"),
    "household_size": Kind("count", "household"),
    "annual_income": Kind("money", "income", big=True),
}


def said_last(text: str) -> str:
    """The text with all that is taken back blanked out: "三万，不对，两万五" says 两万五."""
    match = _TAKEN_BACK.match(text)
    if match is None or not text[match.end() :].strip():
        return text
    return " " * match.end() + text[match.end() :]


def overruling(slot: str, text: str) -> list[Entity]:
    """A reading that is firmer than any entity of the text, if the answer is of such a kind."""
    kind = KINDS[slot]
    if slot == "age" and (heard := _TEN.match(text)):
        corrected = " " * (heard.end() - 1) + "十" + text[heard.end() :]
        return read(kind, corrected)
    if slot == "annual_income" and not _OTHER_TIME.search(text):
        monthly = list(_PER_MONTH.finditer(text))
        value = parse(monthly[0][1]) if len(monthly) == 1 else None
        if value is not None:
            return [Entity("money", value * MONTHS, *monthly[0].span(1), role=kind.role)]
    return []


def read(kind: Kind, text: str) -> list[Entity]:
    """The number of a bare answer, or the only fitting one of a longer answer."""
    core, start = _core(text)
    if not core or _OTHER_UNIT[kind.entity].match(text, start + len(core)):
        return []
    if not _ALONE.fullmatch(core):
        match = _within(kind, text, core, start)
        if match is None:
            return []
        core, start = match
    core = core.rstrip("多来")
    value = parse(core) if kind.big else parse_small(core)
    if value is None:
        return []
    return [Entity(kind.entity, value, start, start + len(core), role=kind.role)]


def _within(kind: Kind, text: str, core: str, start: int) -> tuple[str, int] | None:
    if kind.big and "月" in text:
        return None
    is_long = len(text.strip()) > _SHORT
    if is_long and not kind.big:
        return None
    pattern = _BIG if is_long else _ANY[kind.entity]
    match = pattern.search(core)
    if match is None or (kind.entity == "age" and re.search("[百千万]", match[0])):
        return None  # a sum that lost its unit is no age
    return match[0], start + match.start()


def _core(text: str) -> tuple[str, int]:
    """The answer without filler words, and where it starts."""
    lead = _FILLER.match(text)
    start = lead.end() if lead else 0
    tail = _TAIL.search(text, start)
    return text[start : tail.start() if tail else len(text)], start
