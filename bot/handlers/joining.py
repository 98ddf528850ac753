"""One person in two chats: all that was filed in either becomes theirs in both."""

from bot.errors import Refused, WrongCode
from bot.handlers.acting import Acting, Outcome
from bot.login.codes import CODE_LASTS, may_try
from bot.words import render
from flows.commands import JoinPeople, OfferJoin
from storage.models.person import Person


async def offer_join(turn: Acting, command: OfferJoin) -> Outcome:
    """Keep the code that the person was shown; it replaces the one before."""
    person = await turn.person()
    turn.uow.people.set_join_code(person, command.code, turn.now + CODE_LASTS)
    await turn.audit("offer_join")
    return Outcome(status="offered")


async def join_people(turn: Acting, command: JoinPeople) -> Outcome:
    """Make the acting person one with the one who was given the code; it works once."""
    may_try(await turn.conversation(), turn.now)
    person = await turn.person()
    other = await turn.uow.people.by_join_code(command.code, turn.now)
    if other is None:
        raise WrongCode(render("refused.join_code"))
    if other.id == person.id:
        raise Refused(render("refused.join_self"))
    turn.uow.people.set_join_code(other, None, None)
    _fill(turn, other, person)
    await turn.uow.people.give_everything(person.id, other.id)
    await _tell_once(turn, other.id)
    await turn.audit("join_people", into=other.id)
    return Outcome(status="joined")


async def _tell_once(turn: Acting, person_id: int) -> None:
    """What both were to hear, or one has heard already, is told once."""
    rows = [row for row in await turn.uow.reminders.of_person(person_id) if row.about]
    told = {row.about for row in rows if row.status == "fired"}
    for row in rows:
        if row.status == "waiting" and row.about in told:
            turn.uow.reminders.drop(row, render("gate.told"), turn.now)
        told.add(row.about)


def _fill(turn: Acting, other: Person, person: Person) -> None:
    """What only one of the two had told; a refusal of pushes holds for both."""
    other.name = other.name or person.name
    other.home_region = other.home_region or person.home_region
    other.role = other.role or person.role
    other.reminders_on = other.reminders_on and person.reminders_on
    other.muted = sorted({*(other.muted or ()), *(person.muted or ())}) or None
    paused = [until for until in (other.paused_until, person.paused_until) if until is not None]
    other.paused_until = max(paused, default=None)
    other.is_phone_shared = other.is_phone_shared or person.is_phone_shared
    other.push_hour = person.push_hour if other.push_hour is None else other.push_hour
    if other.phone is None:
        turn.uow.people.set_phone(other, person.phone)
    turn.uow.people.set_phone(person, None)
    turn.uow.people.set_join_code(person, None, None)
    person.name = person.home_region = None
