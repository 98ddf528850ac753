"""School years and stages, however people call them, as the contract names them."""

import re
from collections.abc import Iterable, Iterator

from nlu.types import Entity

_NUMBERS = "零一二三四五六七八九"
_N = r"([1-9一二三四五六七八九])"
_LAST = {"小学": 6, "初中": 3, "高中": 3, "中职": 3, "大学": 5}
_NOT_LATER = r"(?![点些岁个家下半年月级])"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), stage)
    for pattern, stage in (
        (r"(?:幼儿园)?([大中小])班(?!主|长|额)", "幼儿园"),
        (
            r"(?:职业高中|职业中学|职高|职中|中专|中职|技校|卫校)\s*([123一二三])(?:年级|年?"
            + _NOT_LATER
            + ")",
            "中职",
        ),
        (r"职([123一二三])(?=的|,|。|$|学生)", "中职"),
        (rf"(?:大学|大专|本科|高职)\s*{_N}年级", "大学"),
        (rf"(?:普通)?高中\s*{_N}年级?", "高中"),
        (rf"初中\s*{_N}年级?", "初中"),
        (rf"小学\s*{_N}年级?", "小学"),
        (rf"(?<![\d十-])(?<![\d一二三四五六七八九级][到至]){_N}年级", "小学"),
        (rf"(?<![\d十]){_N}年\(?(?:[1-9]\d?|[一二三四五六七八九十]+)\)?班", "小学"),
        (r"(?<![月当起最])(?:(?<!年)|(?<=[今去明]年))初([123一二三])(?![号十中月日])", "初中"),
        (r"(?<![提最职很身更比])高([123一二三])(?![档等])" + _NOT_LATER, "高中"),
        (
            r"(?<![老最很太多放扩长更])大([12345一二三四五])(?![点些岁个家下半年月班级号环中小\d])",
            "大学",
        ),
    )
)
_PRESCHOOL = {"大": "大班", "中": "中班", "小": "小班"}
_READY = re.compile(r"学前班")
_STAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), stage)
    for pattern, stage in (
        (r"幼儿园(?!老师|教师|园长)|幼儿班", "幼儿园"),
        (r"小学(?!老师|校长|教师|文化|毕业证)", "小学"),
        (r"初中(?!老师|教师|文化|毕业证)", "初中"),
        (r"职业高中|职业中学|职业学校|职高|职中|中专|中职|技校|卫校", "中职"),
        (r"(?<!职业)高中(?!老师|教师|文化)", "高中"),
        (r"大学(?!生村官|老师)|大专|本科|高职", "大学"),
    )
)
_COLLEGE = (re.compile("学院"), "大学")
_VOCATIONAL = re.compile(r"职业中专|职业高中|职业中学|职业学校|职高|职中|中专|中职|技校|卫校")
_TRADE = re.compile(r"[^,。;!?]{0,8},?$")  # 在职高学汽修,一年级
_TEACHER = re.compile(r"(?:班主任|老师|教师|任课)(?!说|讲|让|叫|告诉|通知|跟|给)")


_ATTENDS = re.compile(
    r"(?:[上念读考供进在是]|[大小]的|老[大二三]|一个|还有个|儿子|女儿|闺女|姑娘|[哥姐弟妹]|去学|打算|升入?)(?:的是|着|了)?\s*$"
)
_LEFT_BEHIND = re.compile(r"(?:阶段|一)?(?:毕业|念完|读完|上完|升|文化|时候|那会儿?)")
_CLAUSE = re.compile(r"[^,。;!?\s]{0,8}$")


def _value(stage: str, said: str) -> str | None:
    if stage == "幼儿园":
        return f"幼儿园{_PRESCHOOL[said]}"
    number = int(said) if said.isdigit() else _NUMBERS.index(said)
    if stage == "小学" and number > 6:
        stage, number = "初中", number - 6
    if number > _LAST[stage]:
        return None
    return f"{stage}{_NUMBERS[number]}年级"


def _stage_before(text: str, start: int) -> str | None:
    """The stage that 卫校 in 在卫校读二年级 gives to a year said without one."""
    if any(_TRADE.fullmatch(text[:start], school.end()) for school in _VOCATIONAL.finditer(text)):
        return "中职"
    clause = _CLAUSE.search(text[:start])
    said = [
        (match.end(), stage)
        for pattern, stage in (*_STAGES, _COLLEGE)
        for match in pattern.finditer(clause[0] if clause else "")
    ]
    return max(said)[1] if said else None


def _years(text: str) -> Iterator[Entity]:
    for match in _READY.finditer(text):
        yield Entity("grade", "幼儿园大班", *match.span())
    for pattern, stage in _RULES:
        for match in pattern.finditer(text):
            own = _stage_before(text, match.start()) if stage == "小学" else None
            value = _value(own or stage, match[1]) if own != "幼儿园" else None
            if value is not None and not _TEACHER.match(text, match.end()):
                yield Entity("grade", value, *match.span())


def _bare_stages(text: str) -> Iterator[Entity]:
    for pattern, stage in _STAGES:
        for match in pattern.finditer(text):
            yield Entity("grade", stage, *match.span())


def _beside(text: str, stages: Iterable[Entity], years: list[Entity]) -> Iterator[Entity]:
    """老大初三,老二上高职: the stage another child attends; not the one a year was said of."""
    for stage in stages:
        of_year = any(str(year.value).startswith(str(stage.value)) for year in years)
        touches = any(stage.start <= y.end and y.start <= stage.end for y in years)
        before = _CLAUSE.search(text[: stage.start])
        attends = _ATTENDS.search(before[0] if before else "")
        if attends and not (of_year or touches or _LEFT_BEHIND.match(text, stage.end)):
            yield stage


def find(text: str) -> list[Entity]:
    """The school years in cleaned `text`, and bare stages where no year is said of them."""
    years: list[Entity] = []
    for entity in _years(text):
        if not any(e.start < entity.end and entity.start < e.end for e in years):
            years.append(entity)
    stages = list(_bare_stages(text))
    return [*years, *_beside(text, stages, years)] if years else stages
