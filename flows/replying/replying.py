"""A reply to the push that was told last: in words, or by a button however much later."""

import re
from dataclasses import replace
from datetime import date, datetime

from flows.commands import AnswerReminder
from flows.common.answers import ask_policy
from flows.policy.reminders import reminder_rules
from flows.ports import ReminderView
from flows.reminders.kinds import group_of
from flows.reminders.settings import mute
from flows.replying import classes, papers
from flows.replying.meaning import ACCEPTED, meant
from flows.replying.when import evening_named, evening_of, moment_named, tomorrow_evening
from flows.replying.wording import Answer, answers_in, means_all
from flows.say import Choice, Say
from flows.starting import start
from flows.state import Offer
from flows.talk import Press, Talk
from nlu.types import Cue, Intent, Understanding
from storage.kinds import ReminderKind

SURE = 0.8
A_FEW_WORDS = 7  # characters; so short, the words are the reply whatever else they resemble
MOST = 3
_NAMED = re.compile(r"\.on(\d{4})\.(\d\d)\.(\d\d)$")
_OTHER_WISHES = frozenset(
    {Intent.TALK_TO_HUMAN, Intent.COMPLAIN, Intent.REPORT_EMERGENCY, Intent.DELETE_MY_DATA}
    | {Intent.SWITCH_LANGUAGE, Intent.CHECK_STATUS, Intent.ASK_POLICY, Intent.HELP}
    | {Intent.WITHDRAW_APPLICATION, Intent.APPLY_AID, Intent.FIND_TRAINING}
    | {Intent.REPORT_DROPOUT, Intent.REPORT_RETURN, Intent.UPDATE_CASE}
)
_PLAIN = frozenset(
    {Answer.HANDED_IN, Answer.LATER, Answer.NOT_GOING, Answer.OTHER_TIME}
    | {Answer.STOP, Answer.AGAIN}
)
"""Words that answer a push also when something else was offered since; "好" then means that."""


async def offered_by_push(talk: Talk) -> bool:
    """Before anything is read: numbers and titles mean the buttons of what was told last."""
    words = len(talk.heard.text.strip())
    if talk.frame is not None or talk.heard.press is not None or not 0 < words <= 20:
        return False
    push = await talk.lookup.last_push()
    if push is not None and push.is_latest and push.offers:
        talk.state.offered = [Offer(payload=payload, title=title) for payload, title in push.offers]
    return False


async def replied(talk: Talk) -> bool:
    """Words that answer what was told last; a form under way or another wish comes first."""
    heard = talk.heard
    if talk.frame is not None or heard.press is not None or heard.edit_of or heard.files:
        return False
    said = list(answers_in(heard.text))
    if not said or _is_another_wish(talk):
        return False
    push = await talk.lookup.last_push()
    if push is not None and not push.is_alone:
        said = [answer for answer in said if answer in _PLAIN]
    found = meant(said, push.items) if push is not None else None
    if found is None:
        wants_place = Answer.GOING in answers_in(heard.text) and "名额" in heard.text
        return wants_place and await classes.asked_for_place(talk)
    talk.stand_aside()
    await _answer(talk, *found, is_all=means_all(heard.text))
    talk.state.misses = 0
    return True


def _is_another_wish(talk: Talk) -> bool:
    is_long = len(talk.heard.text.strip()) > A_FEW_WORDS
    if is_long and Answer.OTHER_TIME not in answers_in(talk.heard.text) and talk.has(Cue.QUESTION):
        return True
    return is_long and talk.intent in _OTHER_WISHES and talk.understood.confidence >= SURE


async def press_reply(talk: Talk, press: Press) -> None:
    """A button under a push: `!reply.going=12`, `!reply.later=12.13`, `!reply.move=12.S26-1`."""
    ids, _, session = press.value.partition(".S")
    is_all = ids.startswith("all.")
    ids = _NAMED.sub("", ids.removeprefix("all."))
    numbers = [int(n) for n in ids.split(".") if n.isascii() and n.isdecimal()]
    found = [await talk.lookup.my_reminder(number) for number in numbers[:MOST]]
    items = tuple(item for item in found if item is not None and item.status != "waiting")
    if press.slot == "move" and items and session:
        await classes.move(talk, items[0], f"S{session}")
    elif press.slot in set(Answer):
        answer = Answer(press.slot)
        fitting = tuple(item for item in items if answer in ACCEPTED[item.kind])
        if fitting:
            await _answer(talk, answer, fitting, is_all)
        else:
            talk.say(Say("reply.old"))
    else:
        talk.say(Say("reply.old"))


async def _answer(
    talk: Talk, answer: Answer, items: tuple[ReminderView, ...], is_all: bool
) -> None:
    """Make of a reply what it means; one of several things is asked which."""
    if answer is Answer.OK:
        _noted(talk, items)
    elif answer is Answer.STOP:
        _stop(talk, items)
    elif answer is Answer.HANDED_IN and (is_all or len(items) == 1):
        await _handed_in(talk, items)
    elif len(items) > 1:
        _which(talk, answer, items)
    else:
        await _answer_one(talk, answer, items[0])


async def _answer_one(talk: Talk, answer: Answer, item: ReminderView) -> None:
    match answer:
        case Answer.LATER:
            await papers.later(talk, item, _evening_meant(talk))
        case Answer.GOING:
            await classes.going(talk, item)
        case Answer.NOT_GOING:
            await classes.not_going(talk, item)
        case Answer.OTHER_TIME:
            await classes.other_time(talk, item)
        case Answer.WENT | Answer.MISSED:
            await classes.attended(talk, item, answer)
        case Answer.AGAIN:
            _again(talk, item)
        case _:
            await _plainly(talk, answer, item)


def _evening_meant(talk: Talk) -> datetime:
    """The evening named in words, also before the press that says which child; else tomorrow's."""
    if talk.heard.press is None:
        return evening_named(talk)
    named = _NAMED.search(talk.heard.press)
    try:
        evening = evening_of(date.fromisoformat("-".join(named.groups()))) if named else None
    except ValueError:  # no button of ours
        evening = None
    return evening if evening and evening > talk.now else tomorrow_evening(talk.now)


async def _handed_in(talk: Talk, items: tuple[ReminderView, ...]) -> None:
    if all(item.answer == Answer.HANDED_IN for item in items):
        talk.say(Say("reply.said_before"))
        return
    await papers.handed_in(talk, items)


def _again(talk: Talk, item: ReminderView) -> None:
    at = moment_named(talk)
    talk.do(AnswerReminder(item.id, Answer.AGAIN.value, again_at=at))
    talk.say(Say("reply.again", {"when": at, "what": item.title}))


async def _plainly(talk: Talk, answer: Answer, item: ReminderView) -> None:
    """Done, not wanted, wanted, an objection, or a person."""
    if item.answer != answer:
        talk.do(AnswerReminder(item.id, answer.value))
    if answer is Answer.DONE:
        talk.say(Say("reply.done"))
    elif answer is Answer.DECLINED:
        talk.say(Say("reply.declined"))
    elif answer is Answer.APPLY:
        await _apply(talk, item)
    else:
        wish = Intent.COMPLAIN if answer is Answer.OBJECT else Intent.TALK_TO_HUMAN
        await _start(talk, wish)


async def _apply(talk: Talk, item: ReminderView) -> None:
    """Begin the form; of what other offices take the applications for, say how."""
    event = (item.about or "").partition(":")[2].partition(":")[0]
    windows = reminder_rules().windows
    ask = next((w.ask for w in windows if w.event == event and event != "recognition"), None)
    if item.kind is ReminderKind.WINDOW and ask is not None:
        talk.heard = replace(talk.heard, understood=Understanding(ask, Intent.ASK_POLICY, 1.0))
        await ask_policy(talk)
    else:
        await _start(talk, Intent.APPLY_AID)


async def _start(talk: Talk, intent: Intent) -> None:
    talk.heard = replace(talk.heard, press=None, understood=Understanding("", intent, 1.0))
    await start(talk, intent)


def _noted(talk: Talk, items: tuple[ReminderView, ...]) -> None:
    for item in items:
        if item.answer is None:
            talk.do(AnswerReminder(item.id, Answer.OK.value))
    talk.say(Say("reply.ok"))


def _stop(talk: Talk, items: tuple[ReminderView, ...]) -> None:
    """No more of this kind, from now on; a button stops all. One's own is over with this anyway."""
    groups = tuple(dict.fromkeys(g for item in items if (g := group_of(item.kind)) is not None))
    for item in items:
        talk.do(AnswerReminder(item.id, Answer.STOP.value))
    if groups:
        mute(talk, groups)
    else:
        talk.say(Say("reply.own_over"))


def _which(talk: Talk, answer: Answer, items: tuple[ReminderView, ...]) -> None:
    """The message told of several things: which one is meant?"""
    day = f".on{evening_named(talk):%Y.%m.%d}" if answer is Answer.LATER else ""
    choices = tuple(
        Choice(
            "reply.button.one",
            f"!reply.{answer}={item.id}{day}",
            values={"title": item.title, "kind": Say(f"reminders.group.{group_of(item.kind)}")},
        )
        for item in items[:MOST]
    )
    if answer is Answer.HANDED_IN:
        ids = ".".join(str(item.id) for item in items[:MOST])
        choices += (Choice("reply.button.all", f"!reply.{answer}=all.{ids}"),)
    talk.say(Say("reply.which", choices=choices))
