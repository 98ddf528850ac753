"""Words written in Latin letters as they sound, which nobody here can read without the tones."""

import re

from flows.common.answers import MENU
from flows.say import Say
from flows.talk import Talk

_FINALS = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu"
    "|ua|uo|ui|ue|ve|er|a|o|e|i|u|v"
)
_SYLLABLE = f"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:{_FINALS})|ang|ai|ao|an|en|ou|er|a|e|o)"
_PINYIN = re.compile(f"(?:{_SYLLABLE}[1-5]?[\\s',.!?，。！？]*){{2,}}", re.IGNORECASE)
_ENOUGH = 5  # letters; "hehe" and "haha" say nothing
_LETTER = re.compile("[a-z]", re.IGNORECASE)


async def asked_for_characters(talk: Talk) -> bool:
    """ "wo yao shenqing zhuxuejin": asked kindly to dictate or write, with an example."""
    text = talk.heard.text.strip()
    if talk.heard.press is not None or not _PINYIN.fullmatch(text):
        return False
    if len(_LETTER.findall(text)) < _ENOUGH:
        return False
    talk.stand_aside()
    talk.say(Say("common.pinyin", choices=() if talk.frame else MENU))
    return True
