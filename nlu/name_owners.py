"""Whose name it is: the child's, the speaker's, or a parent's, by the words around it.

An empty role means the child's. What stands right before or after the name decides; then what
the text is about.
"""

import re

from nlu.name_cues import KIN_AFTER, KIN_BEFORE, OFFSPRING_AFTER

_PUT_RIGHT = r"(?:写|打|填|说|弄|记)?错?了?,?(?:不是[^,。;]{2,6},)?"
_WRONG = rf"(?:的?(?:名字|姓名))?{_PUT_RIGHT}(?:应该|应)?(?:是|叫|为)$"
_OF_PARENT = re.compile(r"(?:家长|监护人)(?:的?(?:名字|姓名))?" + _WRONG)
_OF_SELF = re.compile(r"(?:我|本人)(?:的?(?:名字|姓名))" + _WRONG + r"|^(?:名字|姓名)(?:是|叫)?$")
_OF_PUPIL = re.compile(r"年级|初[一二三]|高[一二三]|(?:年龄:?)?(?:\d|1[0-7])岁?(?!\d)|家长|监护人")
_RELATIVE = (
    r"爸爸?|妈妈?|爹|(?<!姑)娘|父亲?|母亲?|爷爷?|奶奶?|姥姥|姥爷|额吉|阿爸|舅舅?|舅妈|姑姑?|姑父|叔叔?|婶婶?|婶子|伯伯?|大爷|大娘|姨姨?|姨夫"
    r"|嫂子?|姐夫"
)
_ADULT = (
    r"媳妇|老公|丈夫|老婆|爱人|老伴|妻子|家长|监护人|户主|婆婆|公公|女婿|儿媳妇?|嫂子|姐夫|岳母|岳父|丈母娘|老丈人|两口子"
    r"|我(?:妈|爸|姐|哥|嫂子|姑|姨|舅|叔|婶|奶奶|爷爷|姥姥|姥爷|弟媳妇?)"
)
_KIN_BEFORE_NAME = re.compile(
    rf"(?:(?:他|她|其|孩子|娃|学生)的?)(?:亲|大|二|三|四|五|老|小|后)?(?:{_RELATIVE})(?:名字)?(?:叫|是|:)?$"
    rf"|(?:{_RELATIVE}|{_ADULT})(?:名字)?(?:叫|是|:)?$"
)
_OFFICE = re.compile(
    r"(?:支书|书记|(?<!班)主任|队员|干部|网格员|老师|教师|校长|园长|嘎查达|村长|会计|班主任|承办人|责任人|联系人|回访人|经办人"
    r"|督导员|志愿者|专干|领取人|经手人|代办人|委托人|辅导员|村医|民警|社工|负责人|校医|宿管|学员)(?:名?叫|是|:)?$"
)
_OF_GROWN = re.compile(r"(?:村民|牧民|老乡|户主|户|对象)(?:名?叫|是|:)?$|(?:其[妻夫父母兄弟])$")
# 我是赵磊的奶奶,叫刘凤英: who speaks tells the own name after what they are to the child.
_I_AM_CALLED = re.compile(
    rf"我(?:就)?是[^,。;!?]{{0,14}}(?:{_RELATIVE}|家长|监护人|老师|班主任|干部|网格员|书记|校长)(?:[,\s]*(?:我)?(?:名字?)?叫?(?:是)?|叫)$"
)
_SURNAME = re.compile(r"我姓([\u3400-\u9fff])[,\s]*(?:名?叫)?$")
_ACTS_FOR = re.compile(
    r"(?:要|想)?(?:给|替|为)(?:自己|他|她)?(?:家|的)?(?:孙子|孙女|儿子|女儿|闺女|姑娘|孩子|娃|外孙|侄|外甥|小子|丫头)"
)
_IS_PARENT = re.compile(rf",?(?:他|她)?是(?:孩子|他|她|娃|学生)的?(?:{_RELATIVE}|监护人|家长)")
_AT_SCHOOL = re.compile(
    r"大姐|大哥|大婶|阿姨|同志|师傅|(?:的)?电话(?:是)?多少|老师|校长|等?(?:两|三|几|\d)位(?:老师|教师)|、[\u3400-\u9fff]{2,6}两位老师"
)
_LEARNS = re.compile(
    r"(?:也)?(?:要|想)?(?:报(?:名|个|上|普通话|培训|了?.{0,4}班)|学普通话|考普通话|参加.{0,6}(?:培训|普通话))"
    r"|(?:产假|不参加培训)"
)
_OWN_NUMBER = re.compile(r"[,:\s]+(?:电话|手机号?)?(?:是|:)?1\d{10}(?!\d)")  # 吴海英,13…: who asks
_LEARNER = re.compile(
    r"^(?!.*(?:孩子|学生|娃|儿子|女儿|孙子|孙女|年级|助学|补助|辍学)).*(?:培训|普通话|名额|退班|参训|[一二三]级?[甲乙])",
    re.DOTALL,
)


def owner(text: str, start: int, word: str, role: str) -> str:
    """我是娜仁花她妈 names the child; 白音孟克的爸爸叫孟和 and 孟和家的闺女 the father."""
    end = start + len(word)
    if OFFSPRING_AFTER.match(text, end) and text[start - 1 : start] != "叫":
        return "guardian"
    if KIN_AFTER.match(text, end):  # 爸爸吴刚妈妈李敏: each is the parent named before
        return "guardian" if _KIN_BEFORE_NAME.search(text[:start]) else ""
    if whose := _whose(text[:start], word, text[end:], is_cued=bool(role)):
        return whose
    return role or _by_what_follows(text, start, end)


def _whose(before: str, word: str, after: str, is_cued: bool) -> str:
    """他妈李静, 家长名字写错了,是白双泉: whose name the words before say it is."""
    surname = _SURNAME.search(before)
    if _I_AM_CALLED.search(before) or (surname and word.startswith(surname[1])):
        return "self"
    if is_cued:
        return ""
    if _OF_SELF.search(before) and not _OF_PUPIL.search(after):
        return "self"
    if _OF_PARENT.search(before) or _KIN_BEFORE_NAME.search(before) or KIN_BEFORE.search(before):
        return "guardian"
    if _OF_GROWN.search(before):
        return "guardian"
    return "other" if _OFFICE.search(before) else ""


def _by_what_follows(text: str, start: int, end: int) -> str:
    """包金山给孙子申请, 布和,他是孩子爸爸, 高娃老师: no pupil does so."""
    if _ACTS_FOR.match(text, end):
        return "self"
    if _IS_PARENT.match(text, end):
        return "guardian"
    if _AT_SCHOOL.match(text, end):
        return "other"
    if start == 0 and _OWN_NUMBER.match(text, end):
        return "self"
    return "self" if _LEARNS.match(text, end) or _LEARNER.search(text) else ""
