"""Phones, identity numbers and case references, by their shape and what stands before them."""

import re
from collections.abc import Iterator

from phonenumbers import NumberParseException, is_valid_number
from phonenumbers import parse as parse_phone
from stdnum.cn.ric import calc_check_digit, get_birth_date
from stdnum.exceptions import ValidationError

from nlu.types import Context, Entity

_SPOKEN = str.maketrans({"零": "0", "〇": "0", "一": "1", "幺": "1", "二": "2", "两": "2"}) | (
    str.maketrans({"三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"})
)
_SPOKEN_RUN = re.compile(r"[\d零〇一幺二两三四五六七八九]{7,18}")
_OWN_CASE = re.compile(r"(?<![A-Za-z\d])[ADTEadte]\d{2}[ -]?\d{4}[ -]?\d{3}(?![A-Za-z\d])")
_ANY_CASE = re.compile(
    r"(?<![A-Za-z\d])(?=[A-Za-z\d-]*\d{4})[A-Za-z]{1,8}-?\d{2,14}(?:-\d{1,8})*(?![A-Za-z\d-])"
)
_NAMED_CASE = re.compile(
    r"(?:编号|案号|单号|受理号|申请号|登记号|回执号)\s*(?:是|为|:)?\s*([A-Za-z\d][A-Za-z\d-]{4,24})"
)
_FIGURE = re.compile(r"\d")
_NOT_CASE = re.compile(r"(?:微信|QQ|qq|账号|邮箱)\s*(?:号|是|:)*\s*$")
_ID = re.compile(r"(?<![A-Za-z\d])[1-9]\d{5}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[\dXx](?![A-Za-z\d])")
_MOBILE = re.compile(
    r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|1[3-9]\d{2}[ -]\d{3}[ -]\d{4})(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)\(?(0\d{2,3})\)?[ -]?(\d{7,8})(?!\d)")
_RUN = re.compile(r"(?<![A-Za-z\d.])(?:0\d{2,3}-\d{3,9}|\d{6,19}[Xx]?)(?![A-Za-z\d])")
_SPACED_RUN = re.compile(r"(?<![A-Za-z\d.])\d[\d -]{5,22}[\dXx](?![A-Za-z\d])")
_PHONE_CUE = re.compile(r"(?:电话|手机|号码|联系|座机|打给?我?)[^\d]{0,6}$")
_ID_CUE = re.compile(r"身份证[^\d]{0,8}$")
_BANK = re.compile(r"(?:卡号|账号|账户|银行卡)[^\d]{0,8}$")
_CLAUSE = re.compile(r"[^,。;!?\n]{0,14}$")
_GUARDIAN = re.compile(
    r"家长|监护人|[他她爹]?[爸妈爹娘]|父亲|母亲|爷爷|奶奶|姥[姥爷]|额吉|阿爸|孩子家|他家|她家|[舅叔姑姨]"
)
_SELF = re.compile(r"我的|我(?:电话|手机|号)|我这|本人|联系我|打我|我是")
_PHONE_WORD = re.compile(r",\s*(?:联系)?(?:电话|手机|号码)号?(?:是|:|\s)*$")  # 他爸巴图，电话139…
_SPEAKER = re.compile(r"我(?!们)|俺|本人|是(?:孩子|娃|[她他])")
_ASKED_ROLE = {"guardian_phone": "guardian", "guardian_name": "guardian"}
_ASKED_ROLE |= {"phone": "self", "reporter_name": "self", "applicant_name": "self"}
PHONE_SLOTS = frozenset({"phone", "guardian_phone"})


def id_is_valid(number: str) -> bool:
    """Whether check digit and birth date hold (GB 11643); the county list is no test."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    try:
        get_birth_date(number)
    except (ValidationError, ValueError):
        return False
    return str(calc_check_digit(number)) == number[-1]


def phone_is_valid(number: str) -> bool:
    """Whether a mobile or landline of this number can exist in China."""
    if re.fullmatch(r"1[3-9]\d{9}", number):
        return True
    if len(number) < 10 or not number.startswith("0"):
        return False
    try:
        return is_valid_number(parse_phone(number, "CN"))
    except NumberParseException:
        return False


def _role(text: str, start: int, context: Context) -> str | None:
    before = _clause_before(text[:start])
    own, other = list(_SELF.finditer(before)), list(_GUARDIAN.finditer(before))
    if other and (not own or other[-1].start() > own[-1].start()):
        return "guardian"
    if own:
        return "self"
    return _ASKED_ROLE.get(context.expecting or "")


def _clause_before(text: str) -> str:
    """The words a number belongs to: in 他爸巴图，电话139… also the clause before 电话."""
    whole = _PHONE_WORD.sub("", text)
    clause = _CLAUSE.search(whole)
    if clause and (whole == text or not _SPEAKER.search(clause[0])):
        return clause[0]
    clause = _CLAUSE.search(text)
    return clause[0] if clause else ""


def _phone(text: str, number: str, start: int, end: int, context: Context) -> Entity:
    digits = re.sub(r"\D", "", number)
    valid = phone_is_valid(digits)
    return Entity("phone", digits, start, end, valid=valid, role=_role(text, start, context))


def _id(number: str, start: int, end: int) -> Entity:
    compact = re.sub(r"[^\dXx]", "", number).upper()
    return Entity("id_number", compact, start, end, valid=id_is_valid(compact))


def _cases(text: str) -> Iterator[Entity]:
    for pattern in (_OWN_CASE, _ANY_CASE):
        for match in pattern.finditer(text):
            if not _NOT_CASE.search(text[: match.start()]):
                yield Entity("case_number", match[0], *match.span())
    yield from _named_cases(text)


def _named_cases(text: str) -> list[Entity]:
    """Whatever is called a number, even if there is no figure in it."""
    return [Entity("case_number", match[1], *match.span(1)) for match in _NAMED_CASE.finditer(text)]


def _firm(text: str, context: Context) -> Iterator[Entity]:
    for match in _ID.finditer(text):
        if not _BANK.search(text[: match.start()]):
            yield _id(match[0], *match.span())
    for match in _MOBILE.finditer(text):
        yield _phone(text, match[1], *match.span(), context)
    for match in _LANDLINE.finditer(text):
        yield _phone(text, match[0], *match.span(), context)


def _broken(text: str, start: int, end: int, context: Context) -> Entity | None:
    """A run of digits that is neither, yet stands where a phone or identity number should."""
    before, run = text[:start], text[start:end]
    digits = re.sub(r"[^\dXx]", "", run)
    if _BANK.search(before):
        return None
    wants_id = context.expecting == "id_number" or _ID_CUE.search(before)
    if wants_id and len(digits) >= 6:
        return _id(run, start, end)
    if len(digits) in (15, 17) and digits[:2] == "15":
        return _id(run, start, end)
    asked = context.expecting in PHONE_SLOTS or _PHONE_CUE.search(before)
    looks = re.fullmatch(r"1[3-9]\d{8}(?:\d\d)?", digits)
    if (asked and 6 <= len(digits) <= 13) or looks:
        return _phone(text, run, start, end, context)
    return None


def _spelled(text: str) -> str:
    """Digits read aloud (一三九四…) as digits, same length."""
    return _SPOKEN_RUN.sub(lambda match: match[0].translate(_SPOKEN), text)


def find(text: str, context: Context) -> list[Entity]:
    """Phones (with role self or guardian), identity numbers and references in cleaned `text`."""
    text = _spelled(text)
    return _in_figures(text, context) if _FIGURE.search(text) else _named_cases(text)


def _in_figures(text: str, context: Context) -> list[Entity]:
    found: list[Entity] = []

    def free(start: int, end: int) -> bool:
        return not any(e.start < end and start < e.end for e in found)

    for entity in (*_cases(text), *_firm(text, context)):
        if free(entity.start, entity.end):
            found.append(entity)
    patterns = (_RUN, _SPACED_RUN) if context.expecting in PHONE_SLOTS | {"id_number"} else (_RUN,)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if free(*match.span()):
                broken = _broken(text, *match.span(), context)
                if broken:
                    found.append(broken)
    return found
