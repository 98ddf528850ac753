"""All that may happen to the service next: messages, buttons, edits, restarts, officers, time."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import yaml

from tests.fuzz import mutating, sentences
from tests.fuzz.heard import OFFICER, PEOPLE, anything, everything_of
from tests.fuzz.laws import PERSON_OF
from tests.fuzz.stage import Stage

_WORDS = yaml.safe_load((Path(__file__).parent / "talking.yaml").read_text("utf-8"))
SPANS = (1, 1, 31, 31, 31, 120, 120, 840, 1440, 1440, 5760, 12960)
"""Minutes that may pass: to the next morning, past a draft's or a question's end."""

MIMES = ("image/jpeg", "image/jpeg", "application/pdf", "audio/ogg")
ODDLY = ("sticker", "video", "poll", "file_too_big", "file_heic", "unknown")


def words_of(chat: str, said: str) -> str:
    """The words with the name, phone and school that only this person says."""
    name, phone, school = PEOPLE.get(PERSON_OF[chat], OFFICER)
    for mark, value in (("{name}", name), ("{phone}", phone), ("{school}", school)):
        said = said.replace(mark, value)
    return said


def _chat(chance: Random) -> str:
    return chance.choice(("a", "a", "a", "b", "a2"))


def _said(chat: str, chance: Random) -> str:
    draw = chance.random()
    if draw < 0.4:
        said = chance.choice(_WORDS["short"])
    elif draw < 0.6:
        said = chance.choice(_WORDS["whole"])
    elif draw < 0.8:
        said = chance.choice(sentences.everything())
    elif draw < 0.95:
        one, other = chance.choice(sentences.everything()), chance.choice(sentences.everything())
        said = mutating.text(one, other, chance, 400)
    else:
        said = chance.choice(sentences.ODD)
    return words_of(chat, said)


def says(world: Stage, chance: Random) -> None:
    """Words, understood by the real engine."""
    chat = _chat(chance)
    world.say(chat, _said(chat, chance))


def is_heard(world: Stage, chance: Random) -> None:
    """Words, of which an engine makes anything."""
    chat = _chat(chance)
    said = "是这样的" if chance.random() < 0.7 else _said(chat, chance)
    world.say(chat, said, anything(PERSON_OF[chat], chance))


def tells_all(world: Stage, chance: Random) -> None:
    """A whole form in one message, with a yes to whatever is asked after it."""
    chat = _chat(chance)
    flow = chance.choice(("aid", "dropout", "training"))
    world.say(chat, "是这样的", everything_of(flow, PERSON_OF[chat], chance))
    for _ in range(chance.randint(0, 3)):
        ways = [p for p in world.offered[chat][:6] if p.startswith(_FORWARD)]
        if ways:
            world.press(chat, chance.choice(ways))


_FORWARD = ("!confirm=yes", "!aid.consent=yes", "!cmd=skip_rest", "!guard=yes", "!aid.relation=")


def begins_a_talk(world: Stage, chance: Random) -> None:
    """The first lines of one of the golden conversations; the others follow some time."""
    chat = _chat(chance)
    world.scripts[chat] = list(chance.choice(sentences.talks()))
    goes_on(world, chance)


def goes_on(world: Stage, chance: Random) -> None:
    """The next lines of a talk begun."""
    chats = sorted(chat for chat, left in world.scripts.items() if left)
    if not chats:
        return
    chat = chance.choice(chats)
    for _ in range(chance.randint(1, 4)):
        if world.scripts[chat]:
            world.say(chat, world.scripts[chat].pop(0))


def presses(world: Stage, chance: Random) -> None:
    """A button shown lately, most likely one of the last message."""
    chat = _chat(chance)
    if offered := world.offered[chat]:
        world.press(chat, offered[min(int(chance.expovariate(0.4)), len(offered) - 1)])


def presses_anothers(world: Stage, chance: Random) -> None:
    """A button shown long ago, or to somebody else."""
    if offered := world.offered[_chat(chance)]:
        world.press(_chat(chance), chance.choice(offered))


def presses_forged(world: Stage, chance: Random) -> None:
    """A payload that somebody made up, perhaps of one that was shown."""
    chat = _chat(chance)
    payload = chance.choice([*_WORDS["forged"], *world.offered[chat]])
    if chance.random() < 0.4:
        payload = mutating.text(payload, payload, chance, 60)
    world.press(chat, payload)


def agrees(world: Stage, chance: Random) -> None:
    """Yes, whatever it was."""
    world.say(_chat(chance), chance.choice(("对", "对的", "好", "行，报吧")))


def sends_files(world: Stage, chance: Random) -> None:
    """Photos, papers, voice, with or without words."""
    chat = _chat(chance)
    mimes = [chance.choice(MIMES) for _ in range(chance.choice((1, 1, 2, 3)))]
    album = f"al{world.sent}" if len(mimes) > 1 else None
    text = _said(chat, chance) if chance.random() < 0.3 else ""
    world.say(chat, text, mimes=mimes, album=album)


def sends_what_cannot_be_read(world: Stage, chance: Random) -> None:
    """A sticker, a video, a file that is refused; perhaps with a caption."""
    chat = _chat(chance)
    text = _said(chat, chance) if chance.random() < 0.3 else ""
    world.say(chat, text, unsupported=chance.choice(ODDLY))


def shares(world: Stage, chance: Random) -> None:
    """The own number, or a place on the map."""
    chat = _chat(chance)
    if chance.random() < 0.7:
        world.say(chat, "", phone=words_of(chat, "{phone}"))
    else:
        world.say(chat, "", location=(45.06, 121.48))


def edits(world: Stage, chance: Random) -> None:
    """An earlier message, changed."""
    chat = _chat(chance)
    told = anything(PERSON_OF[chat], chance) if chance.random() < 0.6 else None
    world.edit(chat, chance.randint(0, 6), _said(chat, chance), told)


def is_delivered_twice(world: Stage, chance: Random) -> None:
    """The channel did not hear that we took the message."""
    world.redeliver(_chat(chance))


def restarts(world: Stage, chance: Random) -> None:
    """Another process goes on with what is stored."""
    world.restart()


def time_passes(world: Stage, chance: Random) -> None:
    """Reminders, clocks, nights, the turn of the year."""
    world.wait(timedelta(minutes=chance.choice(SPANS)))


def officer_writes(world: Stage, chance: Random) -> None:
    """A short line of the officer, with or without the number of a record."""
    line, known = chance.choice(_WORDS["lines"]), world.references[-4:]
    if known and chance.random() < 0.8:
        verb, _, rest = line.partition(" ")
        line = f"{verb} {chance.choice(known)} {rest}".strip()
    world.say("o", line)


def officer_asks(world: Stage, chance: Random) -> None:
    """A question to the family about one of its records, at the desk."""
    world.ask(chance.randint(0, 5), "孩子现在住在哪里？")


def names_a_number(world: Stage, chance: Random) -> None:
    """The number of any record, also of somebody else's."""
    if world.references:
        chat, verb = _chat(chance), chance.choice(("", "查一下 ", "撤回 ", "孩子回来了 ", "改正 "))
        world.say(chat, f"{verb}{chance.choice(world.references)}")


def joins(world: Stage, chance: Random) -> None:
    """One person makes the two chats one: the code of one is sent in the other."""
    codes = world.codes
    if not codes or chance.random() < 0.4:
        world.say(chance.choice(("a", "a2")), "合并聊天")
    else:
        world.say(chance.choice(("a", "a2")), chance.choice(codes))


Action = Callable[[Stage, Random], None]
ACTIONS: dict[Action, int] = {
    says: 14,
    is_heard: 34,
    tells_all: 8,
    begins_a_talk: 3,
    goes_on: 14,
    presses: 24,
    presses_anothers: 4,
    presses_forged: 5,
    agrees: 8,
    sends_files: 4,
    sends_what_cannot_be_read: 1,
    shares: 3,
    edits: 6,
    is_delivered_twice: 2,
    restarts: 1,
    time_passes: 1,
    officer_writes: 4,
    officer_asks: 1,
    names_a_number: 3,
    joins: 1,
}
"""What may happen, and how often."""

_NAMES = {action.__name__: action for action in ACTIONS}


def drawn(chance: Random, count: int) -> list[tuple[str, int]]:
    """A run to be: actions by name, each with a seed of its own, so that any may be left out."""
    chosen = chance.choices(list(ACTIONS), list(ACTIONS.values()), k=count)
    return [(action.__name__, chance.getrandbits(30)) for action in chosen]


def act(world: Stage, name: str, seed: int) -> None:
    """Let one of them happen."""
    _NAMES[name](world, random.Random(seed))
