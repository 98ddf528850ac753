"""Whose name it is: the child's, the speaker's, or a parent's, by the words around it."""

import re

from nlu.name_cues import KIN_AFTER, KIN_BEFORE, OFFSPRING_AFTER


def owner(text: str, start: int, word: str, role: str) -> str:
    """我是娜仁花她妈 names the child; 白音孟克的爸爸叫孟和 and 孟和家的闺女 the father."""
    if OFFSPRING_AFTER.match(text, start + len(word)) and text[start - 1 : start] != "叫":
        return "guardian"
    if KIN_AFTER.match(text, start + len(word)):
        return ""
    if not role and (whose := _whose(text, start)):
        return whose
    if not role and start == 0 and _OWN_NUMBER.match(text, len(word)):
        return "self"
    if not role and _LEARNER.search(text):
        return "self"
    return role or ("guardian" if KIN_BEFORE.search(text[:start]) else "")


def _whose(text: str, start: int) -> str:
    """他妈李静, 家长名字写错了,是白双泉: whose name the words before say it is."""
    before = text[:start]
    if _OF_SELF.search(before):
        return "self"
    return "guardian" if _OF_PARENT.search(before) or _PARENT_BEFORE.search(before) else ""


_WRONG = (
    r"(?:的?(?:名字|姓名))?(?:写|打|填|说|弄|记)?错?了?,?(?:不是[^,。;]{2,6},)?(?:应该)?(?:是|叫)$"
)
_OF_PARENT = re.compile(r"(?:家长|监护人)" + _WRONG)
_OF_SELF = re.compile(r"(?:我|本人)(?:的?(?:名字|姓名))" + _WRONG + r"|^名字(?:是|叫)?$")
_PARENT_BEFORE = re.compile(
    r"(?:爸爸?|妈妈?|父亲?|母亲?|爷爷|奶奶|姥姥|姥爷|舅舅?|姑姑?|叔叔?|大爷|媳妇|老公|丈夫|老婆|爱人|家长|监护人|户主|婆婆|公公)$"
)
_OWN_NUMBER = re.compile(r"[,:\s]+(?:电话|手机号?)?(?:是|:)?1\d{10}(?!\d)")  # 吴海英,13…: who asks
_LEARNER = re.compile(
    r"^(?!.*(?:孩子|学生|娃|儿子|女儿|孙子|孙女|年级|助学|补助|辍学)).*(?:培训|普通话|名额|退班|参训|[一二三]级?[甲乙])",
    re.DOTALL,
)
