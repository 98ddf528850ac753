"""Which of the things a push told of a reply belongs to."""

from collections.abc import Iterable, Mapping, Sequence

from flows.ports import ReminderView
from flows.replying.wording import Answer as A
from storage.kinds import ReminderKind as K

_CLASS = {A.GOING, A.NOT_GOING, A.OTHER_TIME, A.STOP, A.OK}
ACCEPTED: Mapping[K, frozenset[A]] = {
    K.OWN: frozenset({A.DONE, A.AGAIN, A.OK, A.STOP}),
    K.DOCUMENTS: frozenset({A.HANDED_IN, A.LATER, A.STOP, A.OK}),
    K.WINDOW: frozenset({A.APPLY, A.DONE, A.DECLINED, A.STOP, A.OK}),
    K.PUBLICATION: frozenset({A.OBJECT, A.STOP, A.OK}),
    K.DECISION: frozenset({A.OBJECT, A.STOP, A.OK}),
    K.SESSION: frozenset(_CLASS),
    K.SESSION_SOON: frozenset(_CLASS),
    K.PLACE: frozenset({A.GOING, A.NOT_GOING, A.OTHER_TIME, A.STOP}),
    K.ATTENDANCE: frozenset({A.WENT, A.MISSED, A.STOP}),
    K.CAMPAIGN: frozenset({A.APPLY, A.DECLINED, A.DONE, A.PERSON, A.STOP, A.OK}),
}
"""What can be answered to each kind; a reply of another sort is no reply to it."""

_SAID_SHORTLY: Mapping[K, Mapping[A, A]] = {
    K.PLACE: {A.OK: A.GOING, A.DECLINED: A.NOT_GOING, A.MISSED: A.NOT_GOING},
    K.ATTENDANCE: {A.OK: A.WENT, A.NOT_GOING: A.MISSED},
    K.OWN: {A.HANDED_IN: A.DONE, A.WENT: A.DONE, A.LATER: A.AGAIN},
    K.DOCUMENTS: {A.DONE: A.HANDED_IN, A.OTHER_TIME: A.LATER, A.AGAIN: A.LATER},
    K.SESSION: {A.LATER: A.OTHER_TIME},
    K.WINDOW: {A.HANDED_IN: A.DONE, A.GOING: A.APPLY, A.NOT_GOING: A.DECLINED},
    K.CAMPAIGN: {A.HANDED_IN: A.DONE, A.GOING: A.APPLY, A.NOT_GOING: A.DECLINED},
}
"""What such words mean to this kind: "好" to "您要去吗？" is a yes."""


def as_answer(said: A, kind: K) -> A | None:
    """The answer that these words are to a reminder of this kind."""
    meant = _SAID_SHORTLY.get(kind, {}).get(said, said)
    return meant if meant in ACCEPTED[kind] else None


def meant(
    said: Iterable[A], items: Sequence[ReminderView]
) -> tuple[A, tuple[ReminderView, ...]] | None:
    """The answer and what it may answer; several of one message when the words leave it open."""
    for answer in said:
        fitting: dict[A, list[ReminderView]] = {}
        for item in items:
            found = as_answer(answer, item.kind)
            if found is not None:
                fitting.setdefault(found, []).append(item)
        if fitting:
            first = next(iter(fitting))
            return first, tuple(fitting[first])
    return None
