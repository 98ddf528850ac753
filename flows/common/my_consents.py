"""What the speaker agreed to, in which words, and taking it back (个人信息保护法 art. 15)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flows.commands import WithdrawConsent
from flows.content import read, understood
from flows.ports import ConsentView
from flows.say import Outcome, Say
from flows.starting import start_flow
from flows.steps import Flow, Moment
from flows.talk import Talk
from flows.words import HERE

SHOWS = re.compile(
    "(?:我|俺|咱).{0,4}(?:同意|答应|授权)(?:过|了)?(?:什么|啥|哪些|哪几)"
    "|(?:看|查|给我?|发).{0,4}(?:告知书|同意书|同意记录|授权记录)"
    "|(?:告知书|同意书|同意记录)(?:呢|在哪|写的啥|写的什么|看看)"
    "|什么时候同意的"
)
TAKES_BACK = re.compile(
    "(?:撤回|收回|取消|撤销)(?:我|俺|掉|了)*的?(?:同意|授权)"
    "|(?:同意|授权).{0,3}(?:撤回|收回|取消|撤销|不算)"
    "|^(?:我)?(?:现在|后来)?(?:又)?不同意了[。！!]?$"
)
PURPOSE = "aid"


@dataclass(frozen=True)
class Back:
    """A flow that only asks for a yes."""


@lru_cache(maxsize=1)
def notices() -> Mapping[str, Mapping[str, str]]:
    """The words of every version of every notice."""
    with understood(path := HERE / "consents.yaml"):
        return notices_of(read(path))


def notices_of(found: Mapping[str, Mapping[Any, Any]]) -> Mapping[str, Mapping[str, str]]:
    """The words by purpose and version."""
    return {
        purpose: {str(version): str(words) for version, words in versions.items()}
        for purpose, versions in found.items()
    }


async def about_consents(talk: Talk) -> bool:
    """ "我同意过什么" is told; "撤回同意" is asked once more."""
    text = talk.heard.text
    if talk.heard.press is not None:
        return False
    if TAKES_BACK.search(text):
        await start_flow(talk, talk.flows.by_name[CONSENT_BACK.name])
        return True
    if not SHOWS.search(text):
        return False
    talk.stand_aside()
    every = await talk.lookup.my_consents()
    lines = [line for one in every for line in _told(one)]
    talk.say(Say("my_consents.all", {"lines": lines}) if lines else Say("my_consents.nothing"))
    return True


def _told(one: ConsentView) -> list[Say]:
    key = "refused" if not one.granted else "withdrawn" if one.withdrawn_at else "granted"
    told = {"at": one.at, "back": one.withdrawn_at or one.at, "version": one.version}
    words = notices().get(one.purpose, {}).get(one.version)
    return [
        Say(f"my_consents.{key}", told),
        Say("my_consents.words", {"words": words}) if words else Say("my_consents.lost"),
    ]


async def _begin(moment: Moment) -> Say | None:
    every = await moment.lookup.my_consents()
    if not any(one.granted and one.withdrawn_at is None for one in every):
        moment.state.stack.pop()
        return Say("consent_back.nothing")
    return None


async def _finish(views: list[Back], moment: Moment) -> Outcome:
    """A form that was built on the consent goes with it."""
    moment.state.drafts[:] = [d for d in moment.state.drafts if d.frame.flow != PURPOSE]
    stack = moment.state.stack
    stack[:] = [frame for frame in stack if frame.flow != PURPOSE]
    say = Say("consent_back.done").marked(withdrawn=PURPOSE)
    return Outcome((say,), (WithdrawConsent(PURPOSE),))


CONSENT_BACK = Flow(
    name="consent_back",
    slots=Back,
    steps=(),
    confirm="confirm_consent_back",
    undoes=True,
    keeps_draft=False,
    carries=False,
    begin=_begin,
    finish=_finish,
)
