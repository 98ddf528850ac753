"""Buttons: a press, the number of one, its title typed out; also those under older messages."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from flows.asking import ask_again, go_on, next_question
from flows.common.answers import ANSWERS, MENU, greet, help_me
from flows.in_flow import hear, hear_press
from flows.later import offer
from flows.moves import back, change, choose_change, put_aside, resume, skip
from flows.reminders.pressing import press_remind
from flows.replying.replying import press_reply
from flows.say import Say
from flows.starting import start, start_flow
from flows.state import Asked, Offer
from flows.talk import Press, Talk
from nlu.types import Intent, Understanding


async def again(talk: Talk) -> None:
    """Come back to the open question, if there is one."""
    if talk.frame is not None:
        await go_on(talk)


async def numbered(talk: Talk) -> bool:
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
        talk.typed = True
        return False
    if frame is not None and frame.asked is not None:
        await ask_again(talk, frame.asked)
        return True
    return False


async def titled(talk: Talk) -> bool:
    """A button's title, typed out or sent by the channel's keyboard, is a press of it."""
    said = talk.heard.text.strip("。.!！ ")
    offer = next((o for o in talk.state.offered if said and o.title == said), None)
    offer = offer or _agreed_to(talk)
    if offer is not None and talk.heard.press is None:
        talk.heard = replace(talk.heard, press=offer.payload)
        talk.typed = True
    return False


def _agreed_to(talk: Talk) -> Offer | None:
    """The one task just offered, when the answer is yes: "那也报上去吧"."""
    offered = talk.state.offered
    is_task = len(offered) == 1 and offered[0].payload.startswith("!start=")
    says_yes = talk.intent is Intent.AFFIRM and not talk.understood.emergency
    return offered[0] if is_task and says_yes and talk.frame is None else None


async def pressed(talk: Talk) -> bool:
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
        await again(talk)
        return
    talk.state.stack.remove(frame)
    talk.state.stack.append(frame)
    talk.enter(frame)
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
        talk.stand_aside()
        await ANSWERS[intent](talk)
        await again(talk)
    elif talk.flows.started_by(intent) is not None:
        await start(talk, intent)


async def _press_confirm(talk: Talk, press: Press) -> None:
    frame = talk.frame
    if frame is None or frame.stage not in ("confirming", "choosing_change"):
        talk.say(Say("common.old_button", choices=MENU if frame is None else ()))
        await again(talk)
        return
    wanted = Intent.AFFIRM if press.value == "yes" else Intent.DENY
    if wanted is Intent.DENY and talk.flow_of(frame).undoes:
        await put_aside(talk)
        return
    if wanted is Intent.DENY:
        await choose_change(talk, talk.flow_of(frame), frame)
        return
    frame.stage = "confirming"
    await hear(_meaning(talk, wanted), frame)


async def _press_guard(talk: Talk, press: Press) -> None:
    frame = talk.frame
    if frame is None or frame.stage != "guarding":
        await again(talk)
        return
    await hear(_meaning(talk, Intent.AFFIRM if press.value == "yes" else Intent.DENY), frame)


async def _press_change(talk: Talk, press: Press) -> None:
    frame = talk.frame
    slot, item = press.slot or "", int(press.value) if press.value.isdecimal() else 0
    if frame is None or talk.flow_of(frame).step(slot) is None or item >= len(frame.items):
        talk.say(Say("common.old_button", choices=MENU if frame is None else ()))
        await again(talk)
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
    await again(talk)


async def cancelled(talk: Talk) -> None:
    if talk.frame is None:
        talk.say(Say("common.nothing_to_cancel", choices=MENU))
    else:
        await put_aside(talk)
        offer(talk)


async def human(talk: Talk) -> None:
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


async def _asked_again(talk: Talk) -> None:
    if talk.frame is None:
        await _menu(talk)
    else:
        await again(talk)


async def skipped_rest(talk: Talk) -> None:
    """Leave all remaining optional questions out."""
    frame = talk.frame
    if frame is not None:
        flow = talk.flow_of(frame)
        for item in frame.items:
            item.skipped.extend(s.slot for s in flow.steps if s.optional and item.is_open(s.slot))
        required = next_question(flow, frame)
        if required is not None:
            talk.say(Say("common.rest_skipped"))
    await again(talk)


async def _helped(talk: Talk) -> None:
    await help_me(talk)
    await again(talk)


COMMANDS: dict[str, Callable[[Talk], Awaitable[None]]] = {
    "start": _start_pressed,
    "menu": _menu,
    "help": _helped,
    "cancel": cancelled,
    "human": human,
    "resume": resume,
    "skip": _skipped,
    "skip_rest": skipped_rest,
    "back": _went_back,
    "again": _asked_again,
}


async def _press_remind(talk: Talk, press: Press) -> None:
    """A setting of pushes; a form under way goes on."""
    await press_remind(talk, press)
    await again(talk)


async def _press_reply(talk: Talk, press: Press) -> None:
    """An answer to a push; a form under way goes on unless the answer began another."""
    before = talk.frame
    await press_reply(talk, press)
    if talk.frame is before:
        await again(talk)


PRESSES: dict[str, Callable[[Talk, Press], Awaitable[None]]] = {
    "cmd": _press_cmd,
    "start": _press_start,
    "confirm": _press_confirm,
    "guard": _press_guard,
    "change": _press_change,
    "remind": _press_remind,
    "reply": _press_reply,
}
