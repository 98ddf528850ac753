"""Which replies to a reminder the words may be; what they mean depends on the reminder.

Only short and plain words count: anything longer is a wish of its own and heard as such.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

LONGEST = 18  # characters


class Answer(StrEnum):
    """What somebody says to a reminder; kept with it."""

    HANDED_IN = "handed_in"
    LATER = "later"
    GOING = "going"
    NOT_GOING = "not_going"
    OTHER_TIME = "other_time"
    WENT = "went"
    MISSED = "missed"
    DONE = "done"
    AGAIN = "again"
    APPLY = "apply"
    DECLINED = "declined"
    OBJECT = "object"
    PERSON = "person"
    STOP = "stop"
    OK = "ok"


_DAY = (
    "今[天晚儿]|明[天早晚儿]|后[天儿]|大后天|过[一两二三几]?[天日]|过一?阵|这两天|这几天|改天|回头"
    "|(?:下|这)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]?|月底|月初|下(?:个)?月|[\\d一二三十]{1,3}[号日]"
    "|有空|忙完|等等|等一?等|晚点|晚些|一会儿?|抽空|赶集"
)
_HANDS = "交|送|拿|寄|递|办|弄|补|给"
_FILLED = (
    "(?:我|俺|我们|咱|家里|孩子|老师|材料|东西|都|早就|早|已经|已|刚才|刚刚|刚"
    "|昨天|今天|前天|上午|下午|早上|全)*"
)
_TAIL = "(?:老师|学校|村里|上去|过去|上|过|齐|完|好|到|了|啦|哦|啊|呢|的|去|给)*"
_WORDS: tuple[tuple[Answer, re.Pattern[str]], ...] = (
    (
        Answer.STOP,
        re.compile(
            "(?:请|求你)?(?:你们?|您)?(?:别|不要|不用|甭|莫)(?:再|老|总|给我|跟我)*(?:发|提醒|通知|催|说)"
            "(?:这个|这些|消息|我|了|啦|吧|这种|这样的)*|烦死?(?:了|人)?"
        ),
    ),
    (
        Answer.AGAIN,
        re.compile(
            "(?:过|等|再过)?(?:一?会儿?|[\\d一两二三四五六半]+个?(?:半)?(?:小时|钟头|分钟|刻钟)|晚点|晚些|等等)"
            "(?:以?后|之后)?(?:再)?(?:提醒|叫|说|喊|告诉)(?:我|一下|一次|一遍|吧|我一下|一声|我一声)*"
            "|(?:再)?(?:明天|后天|晚上|今晚|下午|明早).{0,6}再(?:提醒|叫|说|喊)(?:我|一下|一次|一声|吧)*"
        ),
    ),
    (
        Answer.OTHER_TIME,
        re.compile(
            "(?:我)?(?:想|要|能不能|能|可不可以|可以|给我)?(?:再)?(?:换|改)(?:一?个|一?下|到|成)?(?:别的|其他)?"
            "(?:时间|日子|班|天|期|场|一天|一期|别的班)(?:吗|吧|行吗|行不行|可以吗|好吗|上|啊|呗)*"
            "|(?:有没有|还有)?(?:别的|其他|另外的)(?:时间|班|日子)(?:的)?(?:吗|没有|有吗)*"
            "|(?:能不能|能|可以)?改天(?:吗|行吗|去|行不行|上|吧)*|时间(?:不合适|不行|对不上|冲突了?)"
        ),
    ),
    (
        Answer.LATER,
        re.compile(
            f"(?:我|俺|我们|等|那|好的?|嗯)*[，,]?(?:{_DAY})(?:上午|下午|早上|晚上|中午|再|就|去|一定|才能|才|给)*"
            f"(?:{_HANDS}|说|看)?(?:上|过去|去|到|给|学校|老师|村里|材料|您|你们|吧|啊|行吗|了|一下|的)*"
        ),
    ),
    (
        Answer.MISSED,
        re.compile(
            "(?:我|俺|昨天|那天|有事|病了|忙|生病|太忙|家里有事|，|,)*"
            "(?:没|没有|没能|未)(?:去成?|来|上|参加|空去?|时间去?|去上|赶上|有去)?(?:课|了|成|呢|啊)*"
        ),
    ),
    (
        Answer.WENT,
        re.compile(
            "(?:我|俺|昨天|那天|都|嗯|对|，|,)*(?:去(?:过|上|听|学)?了|去过|上了|来了|参加了|听了)(?:课|啊|呢|的|，|挺好|很好)*"
        ),
    ),
    (
        Answer.NOT_GOING,
        re.compile(
            "(?:我|俺|那|这次|可能|怕是|，|,)*(?:不去了?|去不了|去不成|去不上|不想去|不能去|来不了|不来|不参加|参加不了"
            "|没空去?|没时间去?|没法去|走不开|有事去不了|不要这个名额|不要名额|让给别人)(?:了|啦|啊|吧|呢)*"
        ),
    ),
    (
        Answer.GOING,
        re.compile(
            "(?:我|俺|那|，|,)*(?:要去?|去|想去|能去|可以去|会去|一定去|肯定去|准去|参加|来|会来|报|报上|给我报上"
            "|要这个名额|要这个|要名额|留着|给我留着|给我留|名额我要)(?:的|吧|啊|了吧|呢|了)?"
        ),
    ),
    (
        Answer.HANDED_IN,
        re.compile(
            f"{_FILLED}(?:(?:{_HANDS})(?:过|上|去|完|齐|好|到|给|过去|上去|了).{{0,4}}{_TAIL}|给(?:老师|学校|村里).{{0,2}}了|已交|交了|不缺了|齐了)"
        ),
    ),
    (
        Answer.DONE,
        re.compile(
            "(?:我|俺|都|早就|早|已经|已|刚|刚才)*(?:办|弄|做|搞|处理|申请|报|交|去|打|买|吃|说|问|看)"
            "(?:了|过了?|完了?|好了?|妥了?)+(?:的|啦|了)*|已办|搞定了?"
        ),
    ),
    (Answer.APPLY, re.compile("(?:我|俺)?(?:要|想|可以)(?:申请|报|办)(?:的|一下|吧|试试)*")),
    (
        Answer.DECLINED,
        re.compile(
            "(?:我|俺)?(?:不用了?|不需要了?|不要了?|不申请了?|不办了?|用不着|算了)(?:谢谢)?(?:吧|啊)*"
        ),
    ),
    (
        Answer.OK,
        re.compile(
            "(?:好的?|行|可以|嗯+|收到|知道了?|晓得了?|明白了?|记住了?|清楚了?|哦+|噢+|谢谢|麻烦(?:你|您)?了?|对|是的?|要得|中"
            "|ok|OK|了|啊|吧|呢|您|，|,)+"
        ),
    ),
)
"""The more telling first: "不去了" is no "去", "明天交" no "交"."""

_ENDS = "。.！!～~ 　\n"
_ASKS = re.compile("谁|哪|怎么|咋|什么|啥|多少|几点|为何")
_ALL = re.compile("都|全|两[个份]|一起")


def answers_in(text: str) -> Iterator[Answer]:
    """All that these words may answer, the likeliest first."""
    said = "".join(text.split()).strip(_ENDS)
    if not said or len(said) > LONGEST or (said.endswith(("?", "？")) and "吗" not in said):
        return
    if _ASKS.search(said):
        return
    said = said.rstrip("?？")
    for answer, words in _WORDS:
        if words.fullmatch(said):
            yield answer


def means_all(text: str) -> bool:
    """Whether the words speak of several things at once: "都交了"."""
    return bool(_ALL.search(text))
