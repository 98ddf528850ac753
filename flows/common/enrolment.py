"""Enrolling a child in a school, which no form of ours does: told how, and a person is offered.

The word 报名 alone sounds like a course; a clerk hears from 小学 that it is none.
"""

import re

from flows.beside import answers_firmly
from flows.local_time import local_day
from flows.policy.answers import told
from flows.say import Choice, Say
from flows.talk import Talk

ANSWER = "enrolment"
_SCHOOL = "小学|初中|一年级|七年级|初一|学校|上学|入学|念书|读书|新生"
_ASKS = re.compile(
    rf"(?=.*(?:{_SCHOOL})).*"
    r"(?:(?:怎么|咋|哪[里儿]?|啥|什么|几月|能|要).{0,8}(?:报名|报上名|办入学)"
    r"|(?:报名|入学)(?:手续)?.{0,3}(?:怎么|咋|哪|啥|什么|几月|要|需|吗|流程))"
)
_OTHER = re.compile(  # a course, money, or a child who does not go, whatever else is said
    r"普通话|通用语|汉话|汉语|培训|夜校|课|[个的有]班|补助|助学|资助|贷款|雨露|补贴|奖学|大学|大专|专升本"
    r"|幼儿园|(?:不|没)(?:去|让|想|肯|来)?(?:上学|念|读)|辍学|休学|失学|退学"
)


async def told_how_to_enrol(talk: Talk) -> bool:
    """ "孩子该上小学了，怎么报名": the policy answer, and somebody who can find out."""
    text, frame = talk.heard.text, talk.frame
    if talk.heard.press is not None or not _ASKS.search(text) or _OTHER.search(text):
        return False
    if frame is not None and answers_firmly(talk, talk.flow_of(frame), frame):
        return False
    answer = told(ANSWER, region=talk.state.home, on=local_day(talk.now))
    if answer is None:
        return False
    talk.stand_aside()
    choices = () if frame else (Choice("common.find_person", "!cmd=human"),)
    talk.say(Say("common.policy", {"text": answer}, choices).marked(answered=ANSWER))
    talk.state.misses = 0
    return True
