"""Replies about a class: coming, not coming, another time, a kept place, was there or not."""

from dataclasses import replace

from flows.commands import AnswerReminder, MoveRegistration, TakePlace, Withdraw
from flows.local_time import local_day
from flows.ports import RegistrationView, ReminderView, SessionView, SessionWish
from flows.replying.wording import Answer
from flows.say import Choice, Say
from flows.starting import start
from flows.talk import Talk
from nlu.types import Entity, Intent, Understanding
from storage.kinds import RecordKind, RegistrationStatus, ReminderKind

MOST_SHOWN = 3
_CLASSES = Choice("reply.button.classes", "!start=find_training")
_PERSON = Choice("common.find_person", "!cmd=human")


async def going(talk: Talk, item: ReminderView) -> None:
    """Coming; to a place that is kept, the word that makes it theirs."""
    place = await _registration(talk, item)
    if place is None:
        return
    if place.status == RegistrationStatus.WAITLISTED:
        take(talk, place, item)
        return
    if item.answer != Answer.GOING:
        talk.do(AnswerReminder(item.id, Answer.GOING.value))
    key = "reply.have_place" if item.kind is ReminderKind.PLACE else "reply.see_you"
    talk.say(Say(key, _values(place)))


def take(talk: Talk, place: RegistrationView, item: ReminderView | None = None) -> None:
    """Take the place that is kept for the speaker, or any that is free."""
    if not (place.is_kept or place.has_free_seat):
        talk.say(Say("reply.place_gone", _values(place), (_CLASSES,)))
        return
    talk.do(TakePlace(place.reference))
    if item is not None:
        talk.do(AnswerReminder(item.id, Answer.GOING.value))
    say = Say("reply.place_taken", _values(place))
    talk.say(say.marked(status=place.reference))


async def not_going(talk: Talk, item: ReminderView) -> None:
    """A place only offered is let go at once; one that is theirs after one more question."""
    place = await _registration(talk, item)
    if place is None:
        return
    talk.do(AnswerReminder(item.id, Answer.NOT_GOING.value))
    if place.status == RegistrationStatus.WAITLISTED:
        talk.do(Withdraw(place.reference))
        talk.say(Say("reply.place_left", _values(place)).marked(status=place.reference))
        return
    named = Entity("case_number", place.reference, 0, 0)
    meaning = Understanding("", Intent.CANCEL_REGISTRATION, 1.0, entities=(named,))
    talk.heard = replace(talk.heard, press=None, understood=meaning)
    await start(talk, Intent.CANCEL_REGISTRATION)


async def other_time(talk: Talk, item: ReminderView) -> None:
    """Other classes in reach; the place stays until another is chosen."""
    place = await _registration(talk, item)
    if place is None:
        return
    talk.do(AnswerReminder(item.id, Answer.OTHER_TIME.value))
    others = await _others(talk, place)
    leave = Choice("reply.button.not_going", f"!reply.not_going={item.id}")
    if not others:
        talk.say(Say("reply.no_other", _values(place), (leave, _PERSON)))
        return
    lines = [Say("reply.other_line", _session_values(session)) for session in others]
    choices = tuple(
        Choice(
            "reply.button.move",
            f"!reply.move={item.id}.{session.reference}",
            values=_session_values(session),
        )
        for session in others
    )
    talk.say(Say("reply.others", {**_values(place), "lines": lines}, (*choices, leave)))


async def _others(talk: Talk, place: RegistrationView) -> list[SessionView]:
    wish = SessionWish(place.region, place.purpose, place.level, None, local_day(talk.now))
    found = await talk.lookup.sessions(wish)
    free = [s for s in found if s.seats_left is None or s.seats_left > 0]
    return [s for s in free if s.reference != place.session][:MOST_SHOWN]


async def move(talk: Talk, item: ReminderView, session: str) -> None:
    """The chosen class instead of the old one, if it still has a seat."""
    place = await _registration(talk, item)
    if place is None:
        return
    if place.session == session:
        talk.say(Say("reply.moved_before", _values(place)))
        return
    chosen = await talk.lookup.session(session)
    if chosen is None or chosen.seats_left == 0:
        talk.say(Say("reply.other_full", _values(place), (_CLASSES, _PERSON)))
        return
    talk.do(MoveRegistration(place.reference, session))
    say = Say("reply.moved", {**_session_values(chosen), "reference": place.reference})
    talk.say(say.marked(status=place.reference))


async def attended(talk: Talk, item: ReminderView, answer: Answer) -> None:
    """What the person says of the day; the office's own mark stays the decision."""
    if item.answer == answer:
        talk.say(Say("reply.said_before"))
        return
    talk.do(AnswerReminder(item.id, answer.value))
    talk.say(Say("reply.went") if answer is Answer.WENT else Say("reply.missed"))


async def asked_for_place(talk: Talk) -> bool:
    """ "我要这个名额", said without any offer to answer: by somebody who waits for one."""
    records = await talk.lookup.my_records((RecordKind.TRAINING_REGISTRATION,))
    waiting = [r for r in records if r.status == RegistrationStatus.WAITLISTED]
    place = await talk.lookup.registration(waiting[0].reference) if len(waiting) == 1 else None
    if place is None or place.has_begun:
        return False
    take(talk, place)
    return True


async def _registration(talk: Talk, item: ReminderView) -> RegistrationView | None:
    """The registration, while it stands and the class is still to come; else that is said."""
    place = await talk.lookup.registration(item.reference or "")
    stands = (RegistrationStatus.BOOKED, RegistrationStatus.WAITLISTED)
    if place is None or place.status not in stands:
        talk.say(Say("reply.no_registration", choices=(_CLASSES,)))
        return None
    if place.has_begun:
        talk.say(Say("reply.begun", _values(place), (_PERSON,)))
        return None
    return place


def _values(place: RegistrationView) -> dict[str, object]:
    return {"title": place.title, "starts": place.starts_on, "reference": place.reference}


def _session_values(session: SessionView) -> dict[str, object]:
    return {
        "title": session.title,
        "starts": session.starts_on,
        "schedule": f"，{session.schedule}" if session.schedule else "",
        "where": f"，{session.place}{session.venue}" if session.place or session.venue else "",
    }
