"""Several wishes in one message: one is begun, the others are named, kept, and offered after it.

"想给孙子申请助学金，还想报个普通话班，邻居家李明不上学了": none of the three may be lost,
and what was said of one child stays out of the form about another.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from flows.heard import Heard
from flows.say import Choice, Say
from flows.steps import AnyFlow
from flows.talk import Talk
from flows.undecided import Undecided
from nlu.types import Intent

_WISHES = {
    Intent.APPLY_AID: re.compile(
        r"(?:申请|办|要|领|想|给|有).{0,8}(?:助学金|补助|资助|雨露计划|助学贷款)"
    ),
    Intent.REPORT_DROPOUT: re.compile(
        r"(?:不|没)(?:想|去|来|让)?(?:上学|念书|读书|念了|上了)|辍学|失学|退学"
    ),
    Intent.FIND_TRAINING: re.compile(
        r"(?:学|报|找|上|参加).{0,6}(?:普通话|汉话|通用语)|(?:普通话|汉话)(?:夜校|培训)?班"
    ),
}
_AND = re.compile(
    r"[还也](?:想|要|得|有)|另外|顺便|顺带|再(?:给|帮|报|问|说|跟|一个)|同时|第二|二来|二是"
)
_CLAUSE = re.compile(r"[^,，。;；!！?？\n]+")
_NO_WISH = re.compile(
    r"不(?:想|用|要|打算)(?:学|报|找|参加|申请|办|领)|[吗呢?？]$|哪|怎么|多少|什么"
)
_OF_ONE_CHILD = frozenset(
    {"child_name", "person_name", "age", "grade", "school", "reason", "date", "count"}
)


def wishes(text: str) -> tuple[Intent, ...]:
    """The tasks that are asked for one after the other; empty where it is one, or less clear."""
    found = tuple(dict.fromkeys(wish for _, _, wish in _clauses(text)))
    return found if len(found) > 1 and _AND.search(text) else ()


def _clauses(text: str) -> Iterator[tuple[int, int, Intent]]:
    """Where each wish is spoken of: from its clause to the next clause with a wish."""
    began: tuple[int, Intent] | None = None
    for clause in _CLAUSE.finditer(text):
        wish = _wish(clause[0])
        if wish is None or (began and began[1] is wish):
            continue
        if began:
            yield began[0], clause.start(), began[1]
        began = (clause.start() if began else 0), wish
    if began:
        yield began[0], len(text), began[1]


def _wish(clause: str) -> Intent | None:
    if _NO_WISH.search(clause):
        return None
    return next((wish for wish, sign in _WISHES.items() if sign.search(clause)), None)


def own_words(heard: Heard, wanted: Collection[Intent]) -> Heard:
    """The message without what it says of somebody else beside another wish."""
    if len(wishes(heard.text)) < 2:
        return heard
    parts = list(_clauses(heard.text))
    own = [(start, end) for start, end, wish in parts if wish in wanted]
    if not own:
        return heard
    entities = heard.understood.entities
    named = any(
        start <= e.start < end for e in entities if e.entity == "child_name" for start, end in own
    )
    first = own[0][0]
    others = [part[:2] for part in parts if part[2] not in wanted and (named or part[0] > first)]
    kept = tuple(
        e
        for e in entities
        if e.entity not in _OF_ONE_CHILD or not any(a <= e.start < b for a, b in others)
    )
    return replace(heard, understood=replace(heard.understood, entities=kept))


def remember(talk: Talk, flow: AnyFlow, heard: Heard) -> list[Say]:
    """Keep what else this message asks for, and the line that says so."""
    _forget(talk, flow)
    open_ones = [frame.flow for frame in talk.state.stack]
    before = talk.before.intents if talk.before and heard.text == talk.before.text else None
    left = [
        wish
        for wish in wishes(heard.text)
        if wish not in flow.starts_on and (before is None or wish in before)
    ]
    left = [w for w in left if (f := talk.flows.started_by(w)) and f.name not in open_ones]
    if not left:
        return []
    talk.state.later = Undecided.of(heard, left)
    return [Say("common.later_wishes", {"wishes": _named(left)})]


def _forget(talk: Talk, flow: AnyFlow) -> None:
    """A wish that is taken up by itself meanwhile is not offered again."""
    kept = talk.state.later
    if kept is not None:
        kept.intents = [wish for wish in kept.intents if wish not in flow.starts_on]
        talk.state.later = kept if kept.intents else None


def offer(talk: Talk) -> None:
    """Once nothing is open any more: the other wishes, one tap away, with all that was said."""
    kept = talk.state.later
    if kept is None or talk.state.stack:
        return
    talk.state.later, talk.state.undecided = None, kept
    choices = tuple(Choice(f"intent.{wish}", f"!start={wish}") for wish in kept.intents)
    talk.say(Say("common.later_now", {"wishes": _named(kept.intents)}, choices))


def _named(left: Collection[Intent]) -> tuple[Say, ...]:
    return tuple(Say(f"intent.{wish}") for wish in left)
