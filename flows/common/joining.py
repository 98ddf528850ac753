"""One person in two chats: a code from the one, sent in the other, makes both theirs.

Whoever sends a code lets the other chat see their records, so that they are asked once more.
"""

import re
from dataclasses import dataclass

from flows.commands import JoinPeople, OfferJoin
from flows.say import Outcome, Say
from flows.starting import start_flow
from flows.steps import Flow, Moment
from flows.talk import Talk

JOIN_WORDS = ("合并聊天", "合并")
_ELSEWHERE = re.compile(
    "换(?:了|过)?个?新?(?:手机|微信|号).{0,12}(?:聊天|记录|接着|接上|找回|还能|还在|看得?到)"
    "|(?:原来|以前|之前|旧)(?:那个|的)?(?:聊天|微信|手机).{0,8}(?:接|找回|还能|还在|看得?到|合)"
)


@dataclass(frozen=True)
class OtherChat:
    """The code that the other chat gave out."""

    code: str | None = None


async def joined(talk: Talk) -> bool:
    """ "合并聊天" gives out a code; "合并聊天 12345678" joins the chat that gave it out."""
    code = _code(talk.heard.text)
    if code is None and talk.frame is None and _ELSEWHERE.search(talk.heard.text):
        talk.say(Say("join.how"))
        return True
    if code is None:
        return False
    if code:
        await start_flow(talk, talk.flows.by_name[JOIN.name])
        return True
    code = talk.lookup.new_code()
    talk.do(OfferJoin(code))
    talk.say(Say("join.offer", {"code": code}))
    return True


def _code(text: str) -> str | None:
    """The code behind the words, nothing behind them, or None when it is about something else."""
    said = text.strip().strip("。.!！")
    word = next((word for word in JOIN_WORDS if said.startswith(word)), None)
    if word is None:
        return None
    rest = said.removeprefix(word).strip()
    is_code = rest.isascii() and rest.isdecimal()
    return rest if is_code or (not rest and word == JOIN_WORDS[0]) else None


async def _begin(moment: Moment) -> Say | None:
    moment.frame.items[0].slots["code"] = _code(moment.heard.text)
    return None


async def _finish(views: list[OtherChat], moment: Moment) -> Outcome:
    return Outcome((Say("join.done"),), (JoinPeople(views[0].code or ""),))


JOIN = Flow(
    name="join",
    slots=OtherChat,
    steps=(),
    confirm="confirm_join",
    undoes=True,
    keeps_draft=False,
    carries=False,
    begin=_begin,
    finish=_finish,
)
