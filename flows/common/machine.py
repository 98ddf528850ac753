"""Who is speaking here: a machine says so, whenever it is asked."""

import re

from flows.say import Say
from flows.talk import Talk

_ASKS = re.compile(
    r"(?:喂|哎)?[,，]?(?:你|您)(?:到底|究竟)?(?:是不是|是)(?:个|一个)?"
    r"(?:真人|活人|真的人|人|机器人?|电脑|AI|ai|人工智能|骗子)"
    r"(?:吗|嘛|么|呀|啊|吧|呢)*(?:,|，)?(?:还是.{1,6})?[?？。!！]*"
)


async def said_what_i_am(talk: Talk) -> bool:
    """ "你是真人吗" is no wish for one; how to reach one is said beside."""
    if not _ASKS.fullmatch(talk.heard.text.strip()):
        return False
    talk.stand_aside()
    talk.say(Say("common.machine"))
    return True
