"""Whose turn is it: an edit, a press, danger, a way out, the flow under way, a new one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from flows.asking import ask_again, go_on, next_question
from flows.beside import NOT_AN_ANSWER, answers_firmly, wants_free_text
from flows.commands import AmendRecord, LinkOfficer
from flows.common.answers import ANSWERS, MENU, greet, help_me
from flows.escalation.alarm import alarm
from flows.in_flow import hear, hear_press
from flows.moves import back, change, choose_change, put_aside, resume, skip
from flows.say import Choice, Say
from flows.starting import start, start_flow
from flows.state import Asked, Frame
from flows.talk import Press, Talk
from nlu.types import Cue, Intent, Understanding

Rule = Callable[[Talk], Awaitable[bool]]

UNSURE = 0.35
CLOSE = 0.1
LINK_WORD = "绑定"


async def route(talk: Talk) -> None:
    """The first rule that takes the message answers it."""
    for rule in RULES:
        if await rule(talk):
            break
    if not talk.replies:
        talk.say(Say("common.noted_plain"))


async def _edited(talk: Talk) -> bool:
    """An edited message replaces what the first version said."""
    edit_of = talk.heard.edit_of
    before = next((h for h in talk.state.said_before if h.external_id == edit_of), None)
    if edit_of is None or before is None:
        return False
    frame = talk.frame
    if frame is not None and frame.flow == before.flow:
        frame.marks["editing"] = True
        stage = frame.stage
        frame.asked = Asked(slot=before.slot, item=before.item) if before.slot else frame.asked
        await hear(talk, frame)
        if talk.frame is frame and frame.marks.pop("editing", None) and stage == "confirming":
            frame.stage = "confirming"
        return True
    if before.filed:
        talk.do(*(AmendRecord(ref, note=f"更正：{talk.heard.text}") for ref in before.filed))
        talk.say(Say("common.edit_noted"))
        await _again(talk)
        return True
    return False


async def _again(talk: Talk) -> None:
    """Come back to the open question, if there is one."""
    if talk.frame is not None:
        await go_on(talk)


async def _numbered(talk: Talk) -> bool:
    """ "2" or "第二个" is a press of the second choice, unless a number was asked for."""
    choice, offered = talk.understood.choice, talk.state.offered
    frame = talk.frame
    if choice is None or not offered or talk.heard.press is not None:
        return False
    step = talk.flow_of(frame).step(frame.asked.slot) if frame and frame.asked else None
    if step is not None and step.counts:
        return False
    if 1 <= choice <= len(offered):
        talk.heard = replace(talk.heard, press=offered[choice - 1].payload)
        return False
    if frame is not None and frame.asked is not None:
        await ask_again(talk, frame.asked)
        return True
    return False


async def _pressed(talk: Talk) -> bool:
    press = Press.read(talk.heard.press or "")
    if press is None:
        return False
    frame = talk.frame
    if press.what in PRESSES:
        await PRESSES[press.what](talk, press)
    elif frame is not None and frame.flow == press.what:
        await hear_press(talk, frame, press)
    elif press.what in talk.flows.by_name:
        await _pressed_old(talk, press)
    else:
        return False
    return True


async def _pressed_old(talk: Talk, press: Press) -> None:
    """A button under an old message whose flow is done, waits beneath, or was put aside."""
    frame = next((f for f in talk.state.stack if f.flow == press.what), None)
    if frame is None:
        talk.say(Say("common.old_button", choices=MENU if talk.frame is None else ()))
        await _again(talk)
        return
    talk.state.stack.remove(frame)
    talk.state.stack.append(frame)
    await hear_press(talk, frame, press)


async def _press_cmd(talk: Talk, press: Press) -> None:
    await COMMANDS.get(press.value, _menu)(talk)


async def _press_start(talk: Talk, press: Press) -> None:
    if press.value not in set(Intent):
        await _menu(talk)
        return
    intent = Intent(press.value)
    talk.heard = replace(talk.heard, understood=replace(talk.understood, intent=intent))
    if intent in ANSWERS:
        await ANSWERS[intent](talk)
        await _again(talk)
    elif talk.flows.started_by(intent) is not None:
        await start(talk, intent)


async def _press_confirm(talk: Talk, press: Press) -> None:
    frame = talk.frame
    if frame is None or frame.stage not in ("confirming", "choosing_change"):
        talk.say(Say("common.old_button", choices=MENU if frame is None else ()))
        await _again(talk)
        return
    wanted = Intent.AFFIRM if press.value == "yes" else Intent.DENY
    if wanted is Intent.DENY:
        await choose_change(talk, talk.flow_of(frame), frame)
        return
    frame.stage = "confirming"
    await hear(_meaning(talk, wanted), frame)


async def _press_guard(talk: Talk, press: Press) -> None:
    frame = talk.frame
    if frame is None or frame.stage != "guarding":
        await _again(talk)
        return
    await hear(_meaning(talk, Intent.AFFIRM if press.value == "yes" else Intent.DENY), frame)


async def _press_change(talk: Talk, press: Press) -> None:
    frame = talk.frame
    slot, item = press.slot or "", int(press.value) if press.value.isdecimal() else 0
    if frame is None or talk.flow_of(frame).step(slot) is None or item >= len(frame.items):
        talk.say(Say("common.old_button", choices=MENU if frame is None else ()))
        await _again(talk)
        return
    await change(talk, frame, Asked(slot=slot, item=item))


def _meaning(talk: Talk, intent: Intent) -> Talk:
    """The same turn, heard as nothing but this intent."""
    talk.heard = replace(talk.heard, understood=Understanding("", intent, 1.0))
    return talk


async def _menu(talk: Talk) -> None:
    if talk.replies and talk.replies[0].key == "common.introduction":
        await greet(talk)
    else:
        talk.say(Say("common.menu_text", choices=MENU))


async def _start_pressed(talk: Talk) -> None:
    """The person opened the chat."""
    await greet(talk)
    await _again(talk)


async def _cancelled(talk: Talk) -> None:
    if talk.frame is None:
        talk.say(Say("common.nothing_to_cancel", choices=MENU))
    else:
        await put_aside(talk)


async def _human(talk: Talk) -> None:
    await start_flow(talk, talk.flows.by_name["escalation"])


async def _skipped(talk: Talk) -> None:
    if talk.frame is None:
        await _menu(talk)
    else:
        await skip(talk, talk.frame)


async def _went_back(talk: Talk) -> None:
    if talk.frame is None:
        await _menu(talk)
    else:
        await back(talk, talk.frame)


async def _skipped_rest(talk: Talk) -> None:
    """Leave all remaining optional questions out."""
    frame = talk.frame
    if frame is not None:
        flow = talk.flow_of(frame)
        for item in frame.items:
            item.skipped.extend(s.slot for s in flow.steps if s.optional and item.is_open(s.slot))
        required = next_question(flow, frame)
        if required is not None:
            talk.say(Say("common.rest_skipped"))
    await _again(talk)


async def _helped(talk: Talk) -> None:
    await help_me(talk)
    await _again(talk)


COMMANDS: dict[str, Callable[[Talk], Awaitable[None]]] = {
    "start": _start_pressed,
    "menu": _menu,
    "help": _helped,
    "cancel": _cancelled,
    "human": _human,
    "resume": resume,
    "skip": _skipped,
    "skip_rest": _skipped_rest,
    "back": _went_back,
}
PRESSES: dict[str, Callable[[Talk, Press], Awaitable[None]]] = {
    "cmd": _press_cmd,
    "start": _press_start,
    "confirm": _press_confirm,
    "guard": _press_guard,
    "change": _press_change,
}


async def _danger(talk: Talk) -> bool:
    if not talk.understood.emergency:
        return False
    await alarm(talk)
    return True


async def _unreadable(talk: Talk) -> bool:
    """A sticker, an empty message, a place on the map: say what to send instead."""
    heard = talk.heard
    if heard.text.strip() or heard.files or heard.phone or heard.press:
        return False
    frame = talk.frame
    key = "common.location" if heard.location else "common.cannot_read"
    if frame is not None and frame.asked is not None:
        talk.say(Say(key))
        await ask_again(talk, frame.asked)
    else:
        talk.say(Say(key, choices=() if frame else MENU))
        await _again(talk)
    return True


async def _linked(talk: Talk) -> bool:
    """ "绑定 123456": an officer ties this conversation to their account."""
    text = talk.heard.text.strip()
    code = text.removeprefix(LINK_WORD).strip()
    if not text.startswith(LINK_WORD) or not code.isascii() or not code.isalnum():
        return False
    talk.do(LinkOfficer(code))
    talk.say(Say("officer.linking"))
    return True


async def _way_out(talk: Talk) -> bool:
    """Stopping and asking for a human work everywhere, unless the words answer the question."""
    frame = talk.frame
    if frame is not None and _is_answer(talk, frame):
        return False
    if talk.has(Cue.RESUME):
        await resume(talk)
    elif frame is not None and talk.has(Cue.SKIP_REST):
        await _skipped_rest(talk)
    elif talk.means(Intent.CANCEL):
        await _cancelled(talk)
    elif frame is not None and talk.means(Intent.TALK_TO_HUMAN) and frame.flow != "escalation":
        await _human(talk)
    else:
        return False
    return True


def _is_answer(talk: Talk, frame: Frame) -> bool:
    flow = talk.flow_of(frame)
    is_story = wants_free_text(flow, frame) and len(talk.heard.text) > 14
    return is_story or answers_firmly(talk, flow, frame)


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
        talk.state.loose_files.extend(f.attachment for f in files)
        return False
    talk.state.loose_files = [*talk.state.loose_files, *(f.attachment for f in files)][-20:]
    if all(file.is_picture for file in files) and await _has_application(talk):
        await start(talk, Intent.SUBMIT_DOCUMENT)
        return True
    key = "papers.what_for" if files[-1].is_picture else "papers.voice_what_for"
    talk.say(Say(key, choices=(Choice("papers.to_person", "!cmd=human"), *MENU[:2])))
    return True


async def _has_application(talk: Talk) -> bool:
    return any(r.is_open for r in await talk.lookup.my_records() if r.kind == "aid_application")


async def _begins(talk: Talk) -> bool:
    """A new task, or one of the things answered at once."""
    if talk.understood.confidence < UNSURE:
        return False
    if _is_close(talk):
        first, second = talk.understood.ranking[0][0], talk.understood.ranking[1][0]
        choices = tuple(Choice(f"intent.{i}", f"!start={i}") for i in (first, second))
        talk.say(Say("common.which_of_two", choices=(*choices, MENU[-1])))
    elif talk.intent in ANSWERS:
        await ANSWERS[talk.intent](talk)
    elif talk.flows.started_by(talk.intent) is not None:
        await start(talk, talk.intent)
    else:
        return False
    talk.state.misses = 0
    return True


def _is_close(talk: Talk) -> bool:
    """Two tasks about equally likely, and the likelier one not sure."""
    ranking = talk.understood.ranking
    if len(ranking) < 2 or talk.understood.confidence >= 0.5:
        return False
    (first, high), (second, low) = ranking[:2]
    tasks = [talk.flows.started_by(i) is not None or i in ANSWERS for i in (first, second)]
    return all(tasks) and high - low < CLOSE and not {first, second} & NOT_AN_ANSWER


async def _nobody(talk: Talk) -> bool:
    """Not understood: examples, then buttons, then a person."""
    talk.state.misses += 1
    keys = {1: "common.not_understood", 2: "common.not_understood_examples"}
    key = keys.get(talk.state.misses, "common.not_understood_person")
    person = (Choice("common.find_person", "!cmd=human"),)
    talk.say(Say(key, choices=MENU if talk.state.misses < 3 else (*person, *MENU[:4])))
    return True


RULES: tuple[Rule, ...] = (
    _numbered,
    _pressed,
    _danger,
    _edited,
    _unreadable,
    _linked,
    _way_out,
    _in_flow,
    _loose_files,
    _begins,
    _nobody,
)
