"""Names of schools, as people write them: 二中, 巴彦呼舒第一小学, 好腰苏木中心校."""

import re
from collections.abc import Iterable

from nlu.name_cues import CHILD_WORD
from nlu.name_shapes import family_name, is_mongolian, is_plausible
from nlu.types import Entity

_NUM = r"第?(?:[一二三四五六七八九十]{1,2}|(?<!\d)\d{1,2})"
_NUMBERED = (
    rf"(?<![\d初高职第十年班零点有过])(?:(?:蒙古族|民族|实验|回民|朝鲜族|达斡尔)?{_NUM}"
    r"(?:中学|小学|幼儿园|完小|高级中学|中(?![途午间等旬文国心班年班])"
    r"|小(?![时组子孩伙姐朋的学部块会点撮妹哥弟女儿娃口姑闺丫学包袋瓶把])|小(?=的(?:学生|[,。]|$|[一二三四五六1-6]年级))"
    r"|高(?=高[一二三]|的?[,。]|$|上|念|读))"
    r"(?:分校|校区)?)"
)
_NAMED = (
    r"(?:(?:蒙古族|达斡尔族?|鄂温克族?|鄂伦春族?|朝鲜族|回民|民族|实验|希望|逸夫|明德|育才|中心|职业|特殊教育|蒙语授课|汉语授课)+"
    r"(?:中学|小学|学校|高中|高级中学|幼儿园|学院)"
    r"|中心(?:校|园)|职教中心|职业(?:技术|教育)(?:学校|学院|中心)|职业高中|特教学校|民中(?!心)|蒙[中校小](?!学|心)|(?:民族)?完小|[镇乡旗][小中](?=念|读|上|的|[一二三四五六初]|[,。]|$))"
)
_PUPIL = re.compile(rf"{CHILD_WORD}$")
_GRADE = re.compile(r"(?:小学|初中|高中)[一二三四五六1-6]年级")
_SHORT = (  # universities as everybody calls them
    r"(?:内蒙古?|内)(?:师大|农大|工大|财大|医大|民大|科大|大(?=读|上|念|的|,|。|\s|$))"
    r"|(?:赤峰|集宁|河套|呼伦贝尔)(?:师院|学院)"
)
_KIND = re.compile(r"(?:蒙古族|民族|职业|特殊教育|特教|希望|实验|蒙语授课|汉语授课)+学校")
_PLAIN = (
    r"(?:九年一贯制学校|高级中学|中学|小学|学校|大学|学院|幼儿园|教学点|中专|职高|职中|卫校|技校"
    r"|党校)"
)
_SUFFIX = re.compile(
    rf"(?P<numbered>{_NUMBERED})|(?P<named>{_NAMED}|{_SHORT})|(?P<plain>{_PLAIN})(?!生|老师|校长|毕业|文化|教师)"
)
_LEFT = re.compile(r"[\u3400-\u9fffA-Za-z·]{0,14}$")
_CUT = re.compile(
    r"投诉|老[大二三四](?=[\u3400-\u9fff]{2}|$)|举报|反映|[表堂][弟妹哥姐]|个(?=一)|知道|本人系|[写打记说听]成|(?:(?:脱贫|监测|低保|特困|困难|农|牧)户|[系由])(?=[\u3400-\u9fff]*$)|那边|这边|居住地|国家|放学后|联系|要(?!塞)|送|改成|改为|换成|应该是|就读于|来自|转[到去入]|考[上到入]|毕业于|分到|[在到去上读念是从于叫的了就跟给让把被向比]|[我你他她咱俺](?:们|家)?|孩子|娃|儿子|女儿|姑娘|闺女|孙子|孙女|外孙女?|外甥女?|侄[子女儿]|弟弟|妹妹|已经|[一两几这那]份|[一两几][名位所]"
    r"|学生|老师|村里|年级|今年|现在|不|没|想|离|(?<!国)有|这|那[个所]|哪|所|[一两二三四五六七八九十]个|班|岁|都|也|名字|原来|以前|说|附近|和(?!林|日|平)|还|家里"
)
_GENERIC = re.compile(
    r"^(?:公办|民办|私立|公立|寄宿制?|普通|重点|好|新|老|旧|本|全|各|该|某|当地|旗里|县里|镇里|村|城里|乡里|其他|别的|原|乡|镇|旗|县|城|外地|大|中小|特殊|义务教育|双语|初[一二三]|[小初高]中|本科|名牌|进|回|入|出|退|送|开|放|学前|联系|问|找|跟|要|能|会|得|来|附属|职业|专门|去|报|学|念|上|过|完|学完|读完|念完|辍|辍学|复学|返|劝返|爱|喜欢|讨厌|离开|转)+$"
)
_OWNERS = frozenset("旗县镇乡市区") | {"苏木"}  # 旗二中 is how people call it
_TOWN_HAS_ONE = frozenset({"中学", "小学", "幼儿园"})
_KNOWN_END = re.compile(
    r"(?:镇|乡|苏木|旗|市|县|区|村|嘎查|街|路|族|师范|医科|农业|工业|科技|财经|交通|外国语|实验|希望|牧场|农场|民族)$"
)
_VERBISH = re.compile(r"[吗吧呢啊呀没不很想要能爱怕谁怎啥什么几多少时候考]")


def _left(text: str, start: int, places: Iterable[Entity]) -> int:
    """Where the name begins: at a place that touches it, else after the last function word."""
    touching = [p.start for p in places if p.end == start]
    if touching:
        pause = re.search(r".*[,。;、\s]", text[touching[0] : start], re.DOTALL)
        return touching[0] + (pause.end() if pause else 0)
    for place in places:
        between = text[place.end : start]
        if 0 < len(between) <= 6 and not _CUT.search(between) and between.isalnum():
            return place.start
    run = _LEFT.search(text[:start])
    prefix = run[0] if run else ""
    cuts = [match.end() for match in _CUT.finditer(prefix)]
    rest = prefix[cuts[-1] :] if cuts else prefix
    is_pupil = bool(cuts) and bool(_PUPIL.search(prefix[: cuts[-1]]))
    if is_pupil and (is_mongolian(rest) or (_GRADE.match(text, start) and _is_han_name(rest))):
        return start  # 孙子牧仁蒙古族中学, 老二李梅小学五年级: the child and the school or grade
    return start - len(rest)


def _is_han_name(word: str) -> bool:
    given = len(word) - family_name(word)
    return bool(family_name(word)) and 1 <= given <= 2 and is_plausible(word)


def _plain_is_name(prefix: str, touches_place: bool, kind: str) -> bool:
    if prefix in _OWNERS and kind in _TOWN_HAS_ONE:
        return True  # 镇中学
    if len(prefix) < 2 or _GENERIC.match(prefix) or _VERBISH.search(prefix):
        return False
    return touches_place or bool(_KNOWN_END.search(prefix)) or len(prefix) <= 6


def _is_kind(text: str, match: re.Match[str]) -> bool:
    """民族学校 is a kind of school; 在特殊教育学校住校 is the one that there is."""
    if not _KIND.fullmatch(match[0]):
        return False
    only_one = re.match("特殊教育|特教|民族实验", match[0])
    goes = re.search(r"(?:^|[在到叫]|去了|送去|送到|[转进]了?)$", text[: match.start()])
    return not (only_one and goes) or bool(_ASKED.search(text))


_ASKED = re.compile(r"有没有|哪[里儿个]?|[吗呢?]|不$|收不收|什么|啥")


def find(text: str, places: list[Entity]) -> list[Entity]:
    """Schools in cleaned `text`; `places` are its regions, which may be part of a name."""
    found: list[Entity] = []
    for match in _SUFFIX.finditer(text):
        start = max(_left(text, match.start(), places), found[-1].end if found else 0)
        if start > match.start():
            continue
        prefix = text[start : match.start()]
        touches = any(p.start <= start < p.end for p in places)
        if "某" in prefix or (not prefix and _is_kind(text, match)):
            continue
        if match["plain"] == "学校" and not (touches or _KNOWN_END.search(prefix)):
            continue  # 今天回学校, 邻旗学校: the word stands behind anything
        if match["plain"] and not _plain_is_name(prefix, touches, match[0]):
            continue
        is_generic = bool(_GENERIC.match(prefix)) and prefix not in _OWNERS
        if not match["plain"] and not touches and (is_generic or len(prefix) > 8):
            start = match.start()
        found.append(Entity("school", text[start : match.end()], start, match.end()))
    return found
