"""Whose turn is it: an edit, a press, danger, a way out, the flow under way, a new one."""

from collections.abc import Awaitable, Callable

from flows.asking import ask_again
from flows.beside import (
    NOT_AN_ANSWER,
    SOMEBODY,
    answers_firmly,
    declines,
    only_answers,
    tells_story,
    tells_wish,
)
from flows.commands import LinkOfficer
from flows.common.answers import ANSWERS, MENU, check_status
from flows.common.enrolment import told_how_to_enrol
from flows.common.joining import joined
from flows.common.machine import said_what_i_am
from flows.common.my_consents import CONSENT_BACK, about_consents
from flows.common.my_data import shown_mine
from flows.common.pinyin import asked_for_characters
from flows.common.putting_right import CORRECTION
from flows.edited import edited
from flows.escalation.alarm import alarm
from flows.heard import Heard
from flows.in_flow import hear
from flows.later import wishes
from flows.moves import resume
from flows.papers import TO_PERSON, keep_loose
from flows.presses import again, cancelled, human, numbered, pressed, skipped_rest, titled
from flows.reminders.settings import settled
from flows.replying.replying import offered_by_push, replied
from flows.say import Choice, Say
from flows.starting import start, start_flow
from flows.state import Frame
from flows.talk import Talk
from flows.undecided import Undecided
from nlu.types import Cue, Intent

Rule = Callable[[Talk], Awaitable[bool]]

UNSURE = 0.35
CLOSE = 0.1
CLEAR = 0.6
SURE = 0.8
A_WORD = 3  # characters
ABOUT_RECORDS = (Intent.CHECK_STATUS, Intent.UPDATE_CASE, Intent.REPORT_RETURN)
LINK_WORD = "绑定"
TAKEN_BACK = {  # said of a form that is not filed yet, it means stop
    "aid": Intent.WITHDRAW_APPLICATION,
    "training": Intent.CANCEL_REGISTRATION,
}


async def route(talk: Talk) -> None:
    """The first rule that takes the message answers it; a refused file's caption is heard too."""
    if talk.heard.unsupported and _says_something(talk.heard):
        talk.say(Say(_why_unreadable(talk)))
    for rule in RULES:
        if await rule(talk):
            break
    if not talk.replies:
        talk.say(Say("common.noted_plain"))


async def _danger(talk: Talk) -> bool:
    if not talk.understood.emergency:
        return False
    await alarm(talk)
    return True


async def _unreadable(talk: Talk) -> bool:
    """A sticker, an empty message, a place on the map: say what to send instead."""
    heard, key = talk.heard, _why_unreadable(talk)
    if _says_something(heard):
        return False
    frame = talk.frame
    if frame is not None and frame.asked is not None:
        talk.say(Say(key))
        await ask_again(talk, frame.asked)
    else:
        talk.say(Say(key, choices=() if frame else MENU))
        await again(talk)
    return True


def _says_something(heard: Heard) -> bool:
    return bool(heard.text.strip() or heard.files or heard.phone or heard.press)


def _why_unreadable(talk: Talk) -> str:
    kind = talk.heard.unsupported or ""
    if kind.startswith("file_"):
        return f"unreadable.{kind}"
    return "common.location" if talk.heard.location else "common.cannot_read"


async def _linked(talk: Talk) -> bool:
    """ "绑定 123456": an officer ties this conversation to their account."""
    text = talk.heard.text.strip()
    code = text.removeprefix(LINK_WORD).strip()
    if not text.startswith(LINK_WORD) or not code.isascii() or not code.isalnum():
        return False
    talk.do(LinkOfficer(code))
    talk.say(Say("officer.linking"))
    return True


def _beside(answer: Rule) -> Rule:
    """An answer after which a form under way asks its question again."""

    async def answered(talk: Talk) -> bool:
        if not await answer(talk):
            return False
        await again(talk)
        return True

    return answered


async def about_consents_too(talk: Talk) -> bool:
    """Consents asked for in the middle of a form: the form goes on."""
    if not await about_consents(talk):
        return False
    if talk.frame is None or talk.frame.flow != CONSENT_BACK.name:
        await again(talk)
    return True


async def _settles(talk: Talk) -> bool:
    """What somebody wants to be told and when, unless the words answer the open question."""
    frame = talk.frame
    if frame is not None and _is_answer(talk, frame):
        return False
    if not await settled(talk):
        return False
    await again(talk)
    return True


async def _way_out(talk: Talk) -> bool:
    """Stopping and asking for a human work everywhere, unless the words answer the question."""
    frame = talk.frame
    if frame is not None and _is_answer(talk, frame):
        return False
    if talk.has(Cue.RESUME) and not _is_about_filed(talk):
        await resume(talk)
    elif frame is not None and talk.has(Cue.SKIP_REST):
        await skipped_rest(talk)
    elif _stops(talk):
        await cancelled(talk)
    elif frame is not None and frame.flow != "escalation" and _wants_person(talk, frame):
        await human(talk)
    else:
        return False
    return True


def _is_about_filed(talk: Talk) -> bool:
    """ "我上次报的名字写错了" is no wish to go on with a form."""
    is_wrong = talk.frame is None and talk.means(Intent.CORRECT)
    return is_wrong or talk.means(*ABOUT_RECORDS, at_least=SURE)


def _is_answer(talk: Talk, frame: Frame) -> bool:
    flow = talk.flow_of(frame)
    return (
        tells_story(talk, flow, frame)
        or answers_firmly(talk, flow, frame)
        or only_answers(talk, flow)
        or declines(talk, flow, frame)
    )


def _wants_person(talk: Talk, frame: Frame) -> bool:
    return talk.means(Intent.TALK_TO_HUMAN) and not tells_wish(talk, talk.flow_of(frame), frame)


def _stops(talk: Talk) -> bool:
    """Whether the person wants to leave the flow; "返回" and "先不填" only move within it."""
    frame = talk.frame
    if frame is None:
        return talk.means(Intent.CANCEL)
    flow = talk.flow_of(frame)
    if flow.undoes and frame.stage == "confirming":
        return False
    asked = flow.step(frame.asked.slot) if frame.asked else None
    moves = talk.has(Cue.BACK) or (talk.has(Cue.SKIP) and asked is not None and asked.optional)
    taken_back = TAKEN_BACK.get(frame.flow, Intent.CANCEL)
    return not moves and talk.means(Intent.CANCEL, taken_back)


async def _in_flow(talk: Talk) -> bool:
    frame = talk.frame
    if frame is None:
        return False
    await hear(talk, frame)
    return True


async def _loose_files(talk: Talk) -> bool:
    """Photos outside any flow: for the open application, or ask what they are for."""
    files = talk.heard.files
    if not files or talk.heard.text.strip():
        keep_loose(talk.state, files)
        return False
    keep_loose(talk.state, files)
    if all(file.is_picture for file in files) and await _has_application(talk):
        await start(talk, Intent.SUBMIT_DOCUMENT)
        return True
    key = "papers.what_for" if files[-1].is_picture else "papers.voice_what_for"
    talk.say(Say(key, choices=(TO_PERSON, *MENU[:2])))
    return True


async def _has_application(talk: Talk) -> bool:
    return any(r.is_open for r in await talk.lookup.my_records() if r.kind == "aid_application")


async def _number_alone(talk: Talk) -> bool:
    """ "A26-1111-222" and no more asks how that matter stands."""
    numbers = [e for e in talk.understood.entities if e.entity == "case_number"]
    said = sum(char.isalnum() for char in talk.heard.text)
    if not numbers or said > sum(len(str(e.value)) for e in numbers) + A_WORD:
        return False
    await check_status(talk)
    return True


async def _puts_right(talk: Talk) -> bool:
    """ "我要改申请里的电话": a slot of what is filed is named, so no telephone is asked for."""
    is_change = talk.has(Cue.CHANGE) and bool(talk.understood.change_slots)
    if not is_change or not talk.means(Intent.TALK_TO_HUMAN, at_least=UNSURE):
        return False
    if SOMEBODY.search(talk.heard.text):
        return False
    await start_flow(talk, talk.flows.by_name[CORRECTION.name])
    return True


async def _begins(talk: Talk) -> bool:
    """A new task, or one of the things answered at once."""
    if talk.understood.confidence < UNSURE or _is_foreign_again(talk):
        return False
    if _is_close(talk):
        likely = [intent for intent, _ in talk.understood.ranking[:2]]
        meant = list(dict.fromkeys([*likely, *wishes(talk.heard.text)]))
        choices = tuple(Choice(f"intent.{i}", f"!start={i}") for i in meant)
        talk.state.undecided = Undecided.of(talk.heard, meant)
        talk.say(Say("common.which_of_two", choices=(*choices, MENU[-1])))
    elif talk.intent in ANSWERS:
        await ANSWERS[talk.intent](talk)
    elif talk.flows.started_by(talk.intent) is not None:
        await start(talk, talk.intent)
    else:
        return False
    talk.state.misses = talk.state.misses + 1 if _is_foreign(talk) else 0
    return True


def _is_foreign(talk: Talk) -> bool:
    """A matter that is not ours, outside any form."""
    return talk.intent is Intent.OUT_OF_SCOPE and talk.frame is None


def _is_foreign_again(talk: Talk) -> bool:
    """Two misses already: now a person is offered."""
    return _is_foreign(talk) and talk.state.misses > 1


def _is_close(talk: Talk) -> bool:
    """Two tasks about equally likely, and the likelier one not sure."""
    ranking = talk.understood.ranking
    if len(ranking) < 2 or talk.understood.confidence >= CLEAR:
        return False
    (first, high), (second, low) = ranking[:2]
    tasks = [talk.flows.started_by(i) is not None or i in ANSWERS for i in (first, second)]
    return all(tasks) and high - low < CLOSE and not {first, second} & NOT_AN_ANSWER


async def _unasked(talk: Talk) -> bool:
    """A correction, a yes or a no while no form is open."""
    if talk.means(Intent.CORRECT):
        await start_flow(talk, talk.flows.by_name[CORRECTION.name])
    elif talk.means(Intent.AFFIRM, Intent.DENY, at_least=SURE):
        talk.say(Say("common.nothing_asked", choices=MENU))
    else:
        return False
    talk.state.misses = 0
    return True


async def _nobody(talk: Talk) -> bool:
    """Not understood: examples, then buttons, then a person."""
    talk.state.misses += 1
    keys = {1: "common.not_understood", 2: "common.not_understood_examples"}
    key = keys.get(talk.state.misses, "common.not_understood_person")
    person = (Choice("common.find_person", "!cmd=human"),)
    talk.say(Say(key, choices=MENU if talk.state.misses < 3 else (*person, *MENU[:4])))
    return True


RULES: tuple[Rule, ...] = (
    offered_by_push,
    numbered,
    titled,
    pressed,
    _danger,
    edited,
    _unreadable,
    _linked,
    joined,
    _beside(said_what_i_am),
    _beside(asked_for_characters),
    _beside(told_how_to_enrol),
    about_consents_too,
    _beside(shown_mine),
    _settles,
    replied,
    _way_out,
    _in_flow,
    _loose_files,
    _number_alone,
    _puts_right,
    _begins,
    _unasked,
    _nobody,
)
