"""Puts a sentence that was not understood on the officers' list, without the people in it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.clock import local_day
from bot.learning.noticing import Before, Turned, notice, picked
from bot.rights.territory import chain
from bot.turns.hearing import STORED
from flows.commands import DeleteMyData
from flows.state import State
from nlu.anonymous import NAME, PLACE, SCHOOL, anonymous, says_something
from nlu.types import Context
from storage.models.message import InboxMessage
from storage.repositories.misheard import NOWHERE
from storage.repositories.misheard import Heard as Misheard
from storage.uow import UnitOfWork

log = structlog.get_logger()

_BANNER = 6  # digits; a smaller place would point at a family
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("child_name", "applicant_name", "person_name"), NAME),
    **dict.fromkeys(("guardian_name", "reporter_name"), NAME),
    **dict.fromkeys(("region", "whereabouts"), PLACE),
    "school": SCHOOL,
}


async def keep_misheard(uow: UnitOfWork, turned: Turned, home: str | None, name: str) -> None:
    """Note what this turn showed to be misunderstood. Never the reason why a turn fails."""
    if any(isinstance(command, DeleteMyData) for command in turned.turn.commands):
        return
    place = _place(home or turned.before.home)
    try:
        found = notice(turned)
        sentence = _masked(found, turned, name) if found is not None else None
        hint = None if sentence else _hint(turned, name)
    except Exception as error:  # what was said must not get into the log
        log.error("learning.broke", error=type(error).__name__)
        return
    if sentence is not None:
        await uow.misheard.note(sentence, place, local_day(turned.heard.at))
    elif hint is not None:
        await uow.misheard.hint(hint[0], place, hint[1])


async def before_this(uow: UnitOfWork, row: InboxMessage) -> Before | None:
    """The message before this one in the same talk, when it was words and no button."""
    earlier = await uow.inbox.before(row)
    if earlier is None or earlier.status != "handled" or not earlier.payload or not earlier.heard:
        return None
    try:
        inbound = STORED.validate_python(earlier.payload)
    except ValueError:
        return None
    text = "" if inbound.value or inbound.text.startswith("!") else inbound.text
    return Before(text, earlier.external_id, earlier.topic, earlier.heard)


def _masked(found: Misheard, turned: Turned, name: str) -> Misheard | None:
    text = _anonymous(found.text, turned, name)
    return replace(found, text=text) if says_something(text) else None


def _hint(turned: Turned, name: str) -> tuple[str, str] | None:
    """What the person picked after a sentence that may be on the list already."""
    chosen = picked(turned)
    if chosen is None or turned.earlier is None or not turned.earlier.text.strip():
        return None
    return _anonymous(turned.earlier.text, turned, name), chosen


def _anonymous(text: str, turned: Turned, name: str) -> str:
    known = {
        word: kind for state in (turned.before, turned.turn.state) for word, kind in _known(state)
    }
    if name:
        known[name] = NAME
    return anonymous(text, Context(turned.heard.at), known)


def _known(state: State) -> Iterator[tuple[str, str]]:
    """Names of people, schools and places that the talk holds."""
    for frame in (*state.stack, *(draft.frame for draft in state.drafts)):
        for item in frame.items:
            for slot, kind in _KINDS.items():
                yield from ((word, kind) for word in _words(item.slots.get(slot)))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (part for part in (value.get("name"), *(value.get("path") or ())) if part)


def _place(home: str | None) -> str:
    """The banner of a place; whoever lives nowhere we know belongs to the whole installation."""
    codes = [code for code in chain(home) if len(code) <= _BANNER] if home else []
    return codes[-1] if codes else NOWHERE
