"""The speaker's own reminders and the pushes to come, with the day; own ones can be taken back."""

import re
from collections.abc import Iterator

from flows.commands import CancelReminder
from flows.ports import ReminderView
from flows.reminders.kinds import group_of
from flows.say import Choice, Say
from flows.talk import Talk
from storage.kinds import ReminderKind

LIST = Choice("reminders.button.mine", "!remind.list=all")
MOST_OWN, MOST_COMING, TITLE = 8, 5, 12
MINE = re.compile(
    "我的提醒|(?:设|定)(?:了|过)?(?:哪些|什么|啥|几个)提醒|(?:设|定)(?:了|过)?的提醒"
    "|(?:看|查)(?:看|一下|下)?(?:我的?)?(?:所有|全部)?提醒(?!.{0,4}[我俺])"
    "|(?:我|自己|那个|设的|定的)的?提醒(?:还)?(?:在不在|在吗|在么|有没有|有吗|算数)"
    "|(?:还)?有(?:哪些|什么|啥|几个)提醒|提醒(?:都)?(?:还)?有(?:哪些|什么|啥|几个)"
)


async def show_mine(talk: Talk) -> None:
    """ "我的提醒"."""
    reminders = await talk.lookup.my_reminders()
    own = [r for r in reminders if r.kind is ReminderKind.OWN][:MOST_OWN]
    lines = [*_own_lines(own), *_coming_lines(talk, reminders)]
    cancel = tuple(
        Choice(
            "reminders.button.cancel", f"!remind.cancel={r.id}", values={"what": r.title[:TITLE]}
        )
        for r in own
    )
    ways_on = (Choice("reminders.button.settings", "!remind.menu=all"),)
    if not lines:
        talk.say(Say("reminders.mine.nothing", choices=ways_on))
        return
    talk.say(Say("reminders.mine", {"lines": lines}, (*cancel, *ways_on)))


def _own_lines(own: list[ReminderView]) -> Iterator[Say]:
    if own:
        yield Say("reminders.mine.own")
    for row in own:
        yield Say("reminders.mine.own_line", {"when": row.due_at, "what": row.title})


def _coming_lines(talk: Talk, reminders: list[ReminderView]) -> Iterator[Say]:
    """The pushes that will come as things stand; stopped ones are not announced."""
    me = talk.me
    if not me.reminders_on:
        yield Say("reminders.mine.off")
        return
    paused = me.paused_until if me.paused_until and me.paused_until > talk.now else None
    if paused is not None:
        yield Say("reminders.mine.paused", {"until": paused})
    coming = [
        r
        for r in reminders
        if r.kind is not ReminderKind.OWN
        and r.kind not in me.muted
        and (paused is None or r.due_at >= paused)
    ]
    if coming:
        yield Say("reminders.mine.coming")
    for row in coming[:MOST_COMING]:
        title = Say("reminders.mine.of", {"title": row.title}) if row.title else ""
        kind = Say(f"reminders.group.{group_of(row.kind)}")
        yield Say("reminders.mine.coming_line", {"when": row.due_at, "kind": kind, "of": title})


async def cancel_own(talk: Talk, value: str) -> None:
    """The button under the list; pressed again, or too late, it says so."""
    number = int(value) if value.isascii() and value.isdecimal() else 0
    row = await talk.lookup.my_reminder(number)
    if row is None or row.kind is not ReminderKind.OWN:
        talk.say(Say("reminders.cancel.unknown", choices=(LIST,)))
    elif row.status == "cancelled":
        talk.say(Say("reminders.cancel.before", {"what": row.title}, (LIST,)))
    elif row.status != "waiting":
        talk.say(Say("reminders.cancel.sent", {"what": row.title}, (LIST,)))
    else:
        talk.do(CancelReminder(row.id))
        talk.say(Say("reminders.cancel.done", {"what": row.title}, (LIST,)))
