"""Names of people, Han and Mongolian: whose, and where they end.

Precision first: a name needs a cue (叫, 学生, 家长), a place in the word list, or a Han family
name followed by something that is said of a child.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import jieba

from nlu.sounds import sound
from nlu.types import Context, Entity

_FILE = Path(__file__).parent / "data" / "names.txt"
_COMMON, _COMMON_AFTER_CUE = (
    15,
    600,
)  # a word seen this often in the dictionary is a word, not somebody's name
_FUNCTION = frozenset(
    "的了是在有没不就都也很还又和跟给让被把到去来上下从说问想要会能得着过吗呢吧啊呀嘛么这那哪谁啥怎几"
    "我你他她它们个岁您咱俺该叫请帮办"
)
_KIN = r"[爸妈爹娘爷奶]|爸爸|妈妈|父亲|母亲|爷爷|奶奶|姥姥|姥爷|舅舅|叔叔|姑姑|哥哥|姐姐|弟弟|妹妹|孩子|女儿|儿子"
_NEVER = re.compile(
    r"孩子|老师|村里|学生|家长|爸爸|妈妈|主任|校长|干部|牧民|农民|监护|本人|同学|儿子|女儿|什么|名字|低保|孤儿|单亲"
    r"|年级|学校|小学|中学|高中|初中|大学|嘎查|苏木|女孩|男孩|小孩|姑娘|闺女|弟弟|妹妹|爷爷|奶奶|书记|支书|网格|工作|家里"
    r"|知道|清楚|电话|今年|现在|辍学|上学|脱贫|贫困|申请|助学|普通话|培训|打工|班级|全家|亲戚|邻居|自己|别人|人家|大家|没人"
    r"|哥哥|姐姐|小子|丫头|帮忙|谢谢|你好|您好|不用|可以|需要|继续|取消|跳过|提交|确认|返回|一个|两个|三个|幼儿|户口|残疾"
    r"|就是|还是|来自|外地|班长|园长|司机|医生|护士|政府|教育|学习|放羊|放牛|结婚|搬家|学费|事情|情况|问题|时候|这里|那里|一样"
)
_FOLLOW = re.compile(
    r"$|[^\u3400-\u9fff]|今年|\d|[一二三四五六七八九十]{1,2}岁|[一二三四五六七八九十两]{1,3}(?:天|年级|个|周|月)|在|是|上|读|念|才|已经|就|从|没|不|和|跟|他|她|我|你|都|也|初[一二三]|高[一二三]|小学|中学|辍|的|了|现在|家|住"
    r"|电话|手机|有|来|去|到|要|想|说|被|因|申请|报|这|最近|几|好|老是|又|还|吧|啊|呢|同学|老师|昨|前|上周|开学|回|失|跑|突然|可能|以|一直|自从|年龄|男|女|属|生|户|得|患|身份证|结婚|嫁|离|打工|十|今|退|转|复|身体|爸|妈|爷|奶|学习|放|跟着"
)
_SAID_OF_CHILD = re.compile(
    r"今年|\d{1,2}岁|[一二三四五六七八九十]{1,3}岁|没(?:来|去|上|有来)|不(?:来|去|上学|念|读|想)|辍学|失学|退学|已经|[好十]?[几一二三四五六七八九十两半]{1,3}(?:天|个月|周|个星期)"
    r"|从(?:上|昨|前|开|九|\d)|在(?:家|外|二中|打|放)|初[一二三]|高[一二三]|[一二三四五六七八九]年级|跟(?:着|他|她)|回(?:来|学校)|复学|去(?:打工|外)|这(?:几|两)|昨天|最近|、|(?:和|跟)[\u3400-\u9fff]{2,4}(?:都|也|,|两|三|没|$)|也(?:没|不)|都(?:没|不)|要结婚|被|休学"
)
_CHILD_WORD = r"(?:孩子|学生|女儿|儿子|姑娘|闺女|小子|丫头|孙子|孙女|外孙女?|外孙|侄子|侄女|侄儿|外甥女?|弟弟|妹妹|娃娃?|老大|老二|老三|小孩|男孩|女孩|同学|女娃|男娃|女生|男生|小姑娘|小伙子)"
_CUES: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(pattern), role, strong)
    for pattern, role, strong in (
        (
            rf"(?:(?:他|她|孩子|娃)(?:的)?(?:{_KIN})|家长|监护人|家里大人)(?:的)?(?:名字|姓名)?(?:叫做?|名叫|是叫)",
            "guardian",
            True,
        ),
        (r"(?:家长|监护人)(?:的)?(?:名字|姓名)?(?:是|:|\s)*", "guardian", False),
        (rf"(?:他|她|孩子|娃)(?:的)?(?:{_KIN})(?:的名字)?(?:是|:)", "guardian", False),
        (
            r"我(?:的)?(?:名字|姓名)(?:叫|是|:)?|我(?:本人|自己)?叫|本人(?:姓名)?(?:叫|是|:)?|申请人(?:姓名)?(?:叫|是|:)?|报告人(?:叫|是|:)?",
            "self",
            True,
        ),
        (r"(?<![是为])我(?:就)?是", "self", False),
        (rf"{_CHILD_WORD}(?:的)?(?:名字|姓名|大名)?(?:叫做?|名叫|是叫|起名叫?)", "", True),
        (rf"{_CHILD_WORD}(?:的)?(?:名字|姓名|大名)(?:是|:)?", "", True),
        (r"(?:他|她|名字|姓名|大名|有个|一个|名)\s*(?:就)?叫(?:做)?", "", True),
        (r"(?:名字|姓名)(?:应该|改成?|写错了?|打错了?|,|就)*(?:是|叫|:)", "", True),
        (r"(?:应该|改)(?:是|叫|成|为)", "", False),
        (r"(?<=[^不要别喊请])叫|^叫", "", False),
        (rf"{_CHILD_WORD}(?:是|:|,|、|\s)*", "", False),
        (
            r"(?:我们|咱们?|俺们?|我|他们|我家)(?:村|班|嘎查|校|屯|学校|苏木|镇|家|村里|班里|这边|这)?里?(?:的|那个)",
            "",
            False,
        ),
        (r"(?:我们|咱)(?:班|村|校|嘎查)", "", False),
        (r"(?:^|[,。;!\s])(?:给|帮|替)", "", False),
    )
)
_KIN_AFTER = re.compile(r"(?:[他她]|的)?(?:妈|爸|爹|娘|奶奶|爷爷|姥姥|姥爷|家长|监护人)")
_KIN_BEFORE = re.compile(
    r"(?<!我)的?(?:爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|姥姥|姥爷)(?:的?名字)?(?:叫|是|:)$"
)
_TITLE = re.compile(r"老师|校长|主任|书记|干部|园长|局长|科长|医生|村长|大夫|支书")
_RUN = re.compile(r"[\u3400-\u9fff·]{2,12}")
_NICKNAME = re.compile(
    r"小[军明红芳丽强华刚燕英龙虎玲梅霞伟东平娟兰花宝胖杰峰亮飞云雪雨月莉娜静敏超鹏波涛辉磊]"
)
_MONGOLIAN = frozenset(
    "日娜斯琴格图雅尔其嘎乌兰巴特苏吉勒乐高娃哈敖登那仁木萨呼孟和克布查朝鲁额敦塔阿拉达力根音宝毕都贡荷茹恩米牧钦楞罕汗"
)


@lru_cache(maxsize=1)
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1 : line.index("]")]
        elif line and not line.startswith("#"):
            found.setdefault(section, set()).add(line.strip())
    return {name: frozenset(words) for name, words in found.items()}


@lru_cache(maxsize=1)
def _frequencies() -> dict[str, int]:
    jieba.setLogLevel(60)
    jieba.initialize()
    return dict(jieba.dt.FREQ)


def is_common_word(word: str, most: int = _COMMON) -> bool:
    """Whether the dictionary has seen it more than `most` times, as only ordinary words are."""
    return _frequencies().get(word, 0) > most


@lru_cache(maxsize=4096)
def _is_composed(word: str) -> bool:
    """Made of two or more Mongolian name parts."""
    elements = _sections()["element"]
    reach = {0: 0}
    for end in range(1, len(word) + 1):
        for size in range(1, min(5, end) + 1):
            if end - size in reach and word[end - size : end] in elements:
                reach[end] = max(reach.get(end, 0), reach[end - size] + 1)
    return reach.get(len(word), 0) >= 2


def is_mongolian(word: str) -> bool:
    """A name of the word list, or put together from its parts."""
    if word in _sections()["given"]:
        return True
    return len(word) >= 4 and _is_composed(word)


def _surname(word: str) -> int:
    """How many characters of family name `word` begins with; 0 when none."""
    surnames = _sections()["surname"]
    return 2 if word[:2] in surnames else int(word[:1] in surnames)


def _plausible(word: str, strong: bool = False) -> bool:
    return (
        len(word) >= 2
        and not _FUNCTION.intersection(word)
        and not _NEVER.search(word)
        and not is_common_word(word, _COMMON_AFTER_CUE if strong else _COMMON)
    )


def _mongolian_at(run: str) -> str | None:
    """The longest Mongolian name that `run` begins with, a family name before it included."""
    for size in range(min(len(run), 9), 1, -1):
        word = run[:size]
        bare = word[_surname(word) :]
        if is_mongolian(word) or (len(bare) > 1 and len(bare) < size and is_mongolian(bare)):
            return word
    return None


def _han_at(run: str, strong: bool) -> str | None:
    """A family name with a given name of one or two characters, ended by what follows."""
    family = _surname(run)
    if not family:
        return run[:2] if _NICKNAME.match(run) and _FOLLOW.match(run[2:]) else None
    for given in (2, 1):
        word = run[: family + given]
        if len(word) == family + given and _FOLLOW.match(run[len(word) :]):
            if not _plausible(word, strong):
                continue
            return word
    return None


def _shape_at(run: str, strong: bool) -> str | None:
    """Any other name after 叫: as far as the next word that cannot belong to it."""
    for size in range(2, min(len(run), 8) + 1):
        rest = run[size:]
        if _FOLLOW.match(rest):
            word = run[:size]
            mongolian = sum(char in _MONGOLIAN for char in word) * 2 >= size
            fits = _plausible(word, strong) and ((mongolian and size > 2) or (strong and size <= 4))
            return word if fits else None
    return None


def name_at(run: str, strong: bool = False) -> str | None:
    """The name that `run`, a stretch of Han characters, begins with; None when it is none."""
    word = _mongolian_at(run)
    if word and (strong or len(word) > 2 or _FOLLOW.match(run[len(word) :])):
        longer = _shape_at(run, strong)
        return longer if longer and len(longer) > len(word) and longer.startswith(word) else word
    return _han_at(run, strong) or _shape_at(run, strong)


def _make(word: str, role: str, start: int) -> Entity:
    kind = "person_name" if role else "child_name"
    return Entity(kind, word, start, start + len(word), role=role or None)


def _run_at(text: str, start: int) -> str:
    match = _RUN.match(text, start)
    return match[0] if match else ""


def _cued(text: str) -> Iterator[Entity]:
    for pattern, role, strong in _CUES:
        for match in pattern.finditer(text):
            start = match.end()
            word = name_at(_run_at(text, start), strong)
            if word is None or (not strong and not _firm(word, text, start)):
                continue
            yield _make(word, _role(text, start, word, role), start)


def _role(text: str, start: int, word: str, role: str) -> str:
    """我是娜仁花她妈 names the child; 白音孟克的爸爸叫孟和 the father."""
    if _KIN_AFTER.match(text, start + len(word)):
        return ""
    return role or ("guardian" if _KIN_BEFORE.search(text[:start]) else "")


def _firm(word: str, text: str, start: int) -> bool:
    """After a weak cue the word itself must look like a name."""
    if is_mongolian(word) or _NICKNAME.fullmatch(word) or _mongolian_at(word) == word:
        return True
    return bool(_surname(word)) and len(word) <= 4


def _listed(text: str) -> Iterator[Entity]:
    """Mongolian names standing anywhere."""
    start = 0
    while start < len(text) - 1:
        word = _mongolian_at(_run_at(text, start)[:9]) if text[start] > "\u33ff" else None
        if word and (len(word) > 2 or _stands_alone(text, start, word)):
            yield _make(word, "", start)
            start += len(word)
        else:
            start += 1


def _stands_alone(text: str, start: int, word: str) -> bool:
    before = text[start - 1 : start]
    opens = not before or not "\u3400" <= before <= "\u9fff" or before in "和跟"
    return opens and bool(_SAID_OF_CHILD.match(text, start + len(word)))


_OPENING = re.compile(r"(?:^|[,。;!?、:\n\s]|(?<=[\u3400-\u9fff])[和跟])(?=[\u3400-\u9fff])")


def _opening(text: str) -> Iterator[Entity]:
    """王小明没来上学; 王小明、李军两个孩子."""
    for match in _OPENING.finditer(text):
        start = match.end()
        run = _run_at(text, start)
        for size in (3, 2, 4):
            word = run[:size]
            family = _surname(word)
            known = _NICKNAME.fullmatch(word) or (family and 1 <= len(word) - family <= 2)
            after = start + len(word)
            if known and _plausible(word) and _said(text, match[0], after):
                yield _make(word, "", start)
                break


def _said(text: str, opener: str, after: int) -> bool:
    if _SAID_OF_CHILD.match(text, after):
        return True
    listed = opener in ("、", "和", "跟")
    return listed and bool(re.match(r"[两俩三仨]个?|,|都|也|$|没|不", text[after:]))


def find(text: str, context: Context) -> list[Entity]:
    """Names in cleaned `text`: child_name, or person_name with role self or guardian."""
    found: list[Entity] = []
    for source in (_cued(text), _listed(text), _opening(text)):
        for entity in source:
            if _TITLE.match(text, entity.end):
                continue
            if not any(e.start < entity.end and entity.start < e.end for e in found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity.start)


def name_key(name: str) -> str:
    """Equal for spellings that sound alike (其其格, 琪琪格); fit for finding the same child."""
    return sound(name)
