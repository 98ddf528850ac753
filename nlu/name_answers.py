"""A name in the answer to "what is the name?": 就是我自己，包立军; 我是班主任赵磊."""

import re
from collections.abc import Iterator

from nlu import name_shapes, regions
from nlu.types import Context, Entity

SLOTS = {"child_name": "child_name", "applicant_name": "person_name"}
SLOTS |= {"guardian_name": "person_name", "reporter_name": "person_name"}
SLOTS |= {"person_name": "person_name"}
ROLES = {"applicant_name": "self", "person_name": "self", "reporter_name": "self"}
ROLES |= {"guardian_name": "guardian"}
_OWNER = (
    r"(?:我|他|她|孩子|娃|女儿|儿子|孙子|孙女|家长|学生|本人|监护人|爸爸|妈妈|父亲|母亲|爷爷|奶奶|姥姥|姥爷"
    r"|[他她]?[爸妈])(?:的)?"
)
_TITLE = r"(?:村|嘎查|学校|驻村)?(?:班主任|老师|校长|会计|支书|书记|主任|干部|网格员)"
_LEAD = re.compile(
    rf"^(?:(?:就是)?(?:{_OWNER}){{0,3}}(?:名字|姓名|大名)?(?:就)?(?:叫做?|是|:|姓)\s*|[:,\s]+)*"
    rf"(?:{_TITLE}(?:叫|是)?)?"
)
_VERB_LAST = re.compile(rf"^(?:{_OWNER}){{1,3}}(?:名字|姓名)?(?=.{{2,8}}[是叫]$)")  # 我斯琴是
_TAIL = re.compile(r"(?:的?(?:名字|姓名))?(?:是|叫)?[吧啊呢呀的。!,.\s]*$")
_SURNAME_FIRST = re.compile(r"(\w),\s*(?=\1\w)")
_SHAPE = re.compile(r"[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)*|[A-Za-z][A-Za-z .]{1,30}")
_NEVER = re.compile(
    r"我|你|自己|本人|[爸妈爹爷奶]|不|没|吗|什么|怎么|为什么|谁|多少|哪|跳过|以后|知道|清楚|一下|可以|能|要|想|这|那[个边里些时么就是]|^那(?![仁日木顺拉音苏存松钦古])|了|在|的|和(?![平睦希])|他们|有(?![福财才德望发根明志])|请|帮|问|填|说|谢|好|行|对|嗯|哦|继续|取消|返回|重新|上一步|算了|老师|家长|同意|帮助|人工|匿名|保密"
)
_CLAUSE = re.compile(r"[^,。;!?\n]+")


def read(text: str, context: Context) -> list[Entity]:
    """The first clause that may be a name, or a later one that certainly is."""
    slot = context.expecting or ""
    for number, (word, start) in enumerate(_clauses(text)):
        if not _SHAPE.fullmatch(word) or not 2 <= len(word) <= 12:
            continue
        is_sure = name_shapes.is_mongolian(word) or name_shapes.name_at(word) == word
        if (is_sure and not _NEVER.search(word[:1])) or (number == 0 and _may_be(word)):
            end = start + len(word)
            return [Entity(SLOTS[slot], word, start, end, role=ROLES.get(slot), weak=not is_sure)]
    return []


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """The stretches that a name may be, without what announces it or follows it."""
    surname = _SURNAME_FIRST.search(text)  # 我姓李，李建国
    begin = surname.end() if surname else 0
    for clause in _CLAUSE.finditer(text, begin):
        said = clause[0]
        opening = _VERB_LAST.match(said) or _LEAD.match(said)
        skipped = opening.end() if opening else 0
        closing = _TAIL.search(said, skipped)
        yield said[skipped : closing.start() if closing else None], clause.start() + skipped


def _may_be(word: str) -> bool:
    return not (_NEVER.search(word) or name_shapes.is_common_word(word, 2000) or regions.find(word))
