"""What people want to be told without asking, when and how: by words and by buttons.

One's own reminders are not pushes: they survive every stop, and the answer says so.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from flows.commands import (
    MuteReminders,
    PauseReminders,
    SetPushHour,
    SharePhone,
    SwitchReminders,
)
from flows.reminders.hours import heard_hour, is_waking_hour, on_the_clock, part_of_day
from flows.reminders.kinds import kinds_of, named_in, names
from flows.reminders.mine import LIST, MINE, show_mine
from flows.reminders.spans import pause_end, pause_of
from flows.say import Choice, Say
from flows.talk import Talk
from nlu.types import Intent

ON = Choice("reminders.button.on", "!remind.on=all")
OFF = Choice("reminders.button.off", "!remind.off=all")
PAUSES = (
    Choice("reminders.button.week", "!remind.pause=7"),
    Choice("reminders.button.month", "!remind.pause=30"),
    Choice("reminders.button.quarter", "!remind.pause=90"),
)
HOURS = tuple(
    Choice("reminders.button.hour", f"!remind.hour={hour}", values={"hour": Say(key)})
    for hour, key in ((9, "reminders.hour_9"), (12, "reminders.hour_12"), (19, "reminders.hour_19"))
)

_PUSH = "提醒|通知|消息|短信|推送"
_STOPS = re.compile(
    f"退订|(?:别|不要|不用|不想|停|取消|关掉?|少).{{0,8}}(?:{_PUSH}|发)"
    f"|(?:{_PUSH}).{{0,6}}(?:别|不要|不用|停|取消|关|退)"
)
_STARTS = re.compile(f"恢复|(?:重新|再|还|继续|接着).{{0,4}}(?:收|发|要|开).{{0,8}}(?:{_PUSH})")
_EVERYTHING = re.compile("全部|所有|全都|都不|都别|一切|统统|什么都|啥都")
_PAUSES = re.compile(
    f"暂停.{{0,8}}(?:{_PUSH}|发)|(?:{_PUSH}).{{0,8}}(?:暂停|先停|停一|先别|先不)|^(?:先)?暂停"
    f"|(?:先|这).{{0,8}}(?:别|不要|不用|停).{{0,4}}(?:{_PUSH}|发)"
)
_SHARED = re.compile(
    "(?:手机|电话|微信).{0,6}(?:全家|一家|一大家|大家|家里|几个人|几口人|我们|娃|孩子|老人).{0,6}"
    "(?:共用|合用|一起用|都用|都看|也用|轮着用)"
    "|(?:全家|一家|大家|几口人|家里人|家里几个|几个人).{0,6}(?:共用|合用|用|就).{0,6}(?:手机|电话)"
    "|(?:手机|电话)不是我一个人"
)
_ALONE = re.compile("(?:手机|电话).{0,6}(?:我自己|我一个人|就我|只有我).{0,3}(?:用|的|看)")
_MENU = re.compile(f"(?:{_PUSH})(?:的)?设置|设置.{{0,3}}(?:{_PUSH})|管理.{{0,3}}(?:{_PUSH})")


async def settled(talk: Talk) -> bool:
    """Words about pushes that are no intent of their own; the words for off and on are."""
    text = talk.heard.text
    hour = heard_hour(text)
    if talk.heard.press is not None or not text.strip():
        return False
    if MINE.search(text) and not _STARTS.search(text) and not _PAUSES.search(text):
        await show_mine(talk)
    elif hour is not None:
        _set_hour(talk, hour)
    elif _ALONE.search(text) or _SHARED.search(text):
        _share(talk, shared=not _ALONE.search(text))
    elif _MENU.search(text):
        _menu(talk)
    elif _PAUSES.search(text) and _is_about_pushes(talk):
        _pause(talk, pause_end(talk))
    elif named_in(text) and _is_about_pushes(talk) and _STOPS.search(text):
        _stop_named(talk)
    else:
        return False
    return True


def _is_about_pushes(talk: Talk) -> bool:
    """Words that would stop a push, whatever else is likely: "别再发开课提醒"."""
    return talk.means(Intent.STOP_REMINDERS, at_least=0.4) or bool(
        re.search(_PUSH, talk.heard.text)
    )


async def stop_reminders(talk: Talk) -> None:
    """Unsubscribe from what the words name, else from all."""
    if named_in(talk.heard.text) and not _EVERYTHING.search(talk.heard.text):
        _stop_named(talk)
    else:
        _off(talk)


async def start_reminders(talk: Talk) -> None:
    """Subscribe again to what the words name, else to all."""
    groups = named_in(talk.heard.text)
    if groups:
        _unmute(talk, groups)
    else:
        _on(talk)


def _off(talk: Talk) -> None:
    talk.do(SwitchReminders(on=False))
    talk.say(Say("reminders.off", choices=(ON, LIST)).marked(reminders="off"))


def _on(talk: Talk) -> None:
    talk.do(SwitchReminders(on=True))
    talk.say(Say("reminders.on").marked(reminders="on"))


def _stop_named(talk: Talk) -> None:
    mute(talk, named_in(talk.heard.text))


def mute(talk: Talk, groups: tuple[str, ...]) -> None:
    """Stop some kinds of pushes and say what goes on."""
    talk.do(MuteReminders(kinds_of(groups)))
    back = tuple(_back(group) for group in groups[:2])
    talk.say(Say("reminders.muted", {"kinds": names(groups)}, (*back, OFF)))


def _back(group: str) -> Choice:
    value = {"kind": Say(f"reminders.group.{group}")}
    return Choice("reminders.button.unmute", f"!remind.unmute={group}", values=value)


def _unmute(talk: Talk, groups: tuple[str, ...]) -> None:
    talk.do(MuteReminders(kinds_of(groups), muted=False))
    talk.say(Say("reminders.unmuted", {"kinds": names(groups)}))


def _pause(talk: Talk, until: datetime | None) -> None:
    if until is None:
        talk.say(Say("reminders.pause_how_long", choices=PAUSES))
        return
    talk.do(PauseReminders(until))
    talk.say(Say("reminders.paused", {"until": until}, (ON, LIST)))


def _set_hour(talk: Talk, hour: int) -> None:
    if not is_waking_hour(hour):
        talk.say(Say("reminders.night", choices=HOURS))
        return
    talk.do(SetPushHour(hour))
    talk.say(Say("reminders.hour", {"hour": hour_words(hour)}))


def hour_words(hour: int) -> Say:
    """ "下午3点"."""
    return Say(f"reminders.part.{part_of_day(hour)}", {"hour": on_the_clock(hour)})


def _share(talk: Talk, shared: bool) -> None:
    talk.do(SharePhone(shared))
    talk.say(Say("reminders.shared") if shared else Say("reminders.alone"))


def _menu(talk: Talk) -> None:
    """How pushes stand, and the ways to change that."""
    me = talk.me
    lines: list[Say] = [Say("reminders.menu.on") if me.reminders_on else Say("reminders.menu.off")]
    if me.paused_until is not None and me.paused_until > talk.now:
        lines.append(Say("reminders.menu.paused", {"until": me.paused_until}))
    if me.push_hour is not None:
        lines.append(Say("reminders.menu.hour", {"hour": hour_words(me.push_hour)}))
    if me.is_phone_shared:
        lines.append(Say("reminders.menu.shared"))
    switch = OFF if me.reminders_on else ON
    share = Choice("reminders.button.shared", "!remind.shared=yes")
    alone = Choice("reminders.button.alone", "!remind.shared=no")
    choices = (LIST, PAUSES[1], HOURS[0], alone if me.is_phone_shared else share, switch)
    talk.say(Say("reminders.menu", {"lines": lines}, choices))


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdecimal() else 0


async def _press_pause(talk: Talk, value: str) -> None:
    days = _number(value)
    _pause(talk, pause_of(days, talk.now) if days else None)


async def _press_hour(talk: Talk, value: str) -> None:
    _set_hour(talk, _number(value))


async def _press_shared(talk: Talk, value: str) -> None:
    _share(talk, shared=value == "yes")


async def _press_mute(talk: Talk, value: str) -> None:
    if kinds_of((value,)):
        mute(talk, (value,))
    else:
        _menu(talk)


async def _press_unmute(talk: Talk, value: str) -> None:
    if kinds_of((value,)):
        _unmute(talk, (value,))
    else:
        _menu(talk)


async def _press_off(talk: Talk, value: str) -> None:
    _off(talk)


async def _press_on(talk: Talk, value: str) -> None:
    _on(talk)


async def show_settings(talk: Talk, value: str) -> None:
    """How pushes stand."""
    _menu(talk)


SETTINGS: dict[str, Callable[[Talk, str], Awaitable[None]]] = {
    "pause": _press_pause,
    "hour": _press_hour,
    "shared": _press_shared,
    "mute": _press_mute,
    "unmute": _press_unmute,
    "off": _press_off,
    "on": _press_on,
}
"""Buttons `!remind.<slot>=<value>` that change a setting."""
