"""Exactly who would get which words of a campaign, and why others get none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.gate.message import compose
from bot.outreach.disputed import disputed_rows
from bot.outreach.matching import Strength
from bot.outreach.reading import rows_inside
from bot.rights.territory import canonical
from flows.policy.reminders import reminder_rules
from flows.policy.replies import fill
from nlu.divisions import lookup
from storage.kinds import Audience, ReminderKind
from storage.models.conversation import Conversation
from storage.models.outreach import Campaign, OutreachRow
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork

MOST_ROWS = 20_000
_BANNER_DIGITS = 6
COLUMN_OF = {Audience.NOT_APPLIED: "applied", Audience.NOT_ENROLLED: "enrolled"}
"""By which comparison an audience is chosen."""

_NO_MORE = {"declined": "said_no", "done": "said_done", "stop": "unsubscribed"}
"""What a family answered to an earlier campaign of the list, after which it is left in peace."""

_DONE = {"applied": "noted_applied", "not_needed": "not_needed"}


@dataclass(frozen=True)
class Recipient:
    """One person, the conversation used last, the children meant, and the words.

    `shown` is what stands on the person's screen, with what the gate adds to every push.
    """

    person_id: int
    conversation_id: int
    channel: str
    rows: tuple[OutreachRow, ...]
    text: str
    shown: str


@dataclass(frozen=True)
class LeftOut:
    """A row nobody is written to for, and why."""

    row: OutreachRow
    why: str


@dataclass(frozen=True)
class Reach:
    """Everybody of the list, on one side or the other."""

    recipients: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def skipped(self) -> dict[str, int]:
        """How many rows are left out, by reason."""
        return dict(Counter(one.why for one in self.left_out))


async def reach(uow: UnitOfWork, campaign: Campaign, now: datetime) -> Reach:
    """Whom the campaign would write to at this moment; one message a person."""
    query = rows_inside(campaign.list_id, campaign.region_code)
    rows = await uow.outreach.all_rows(query, MOST_ROWS)
    meant: list[OutreachRow] = []
    left: list[LeftOut] = []
    for row in rows:
        why = not_meant(row, Audience(campaign.audience))
        why = why or (None if row.phone_hash else "no_phone")
        if why is None:
            meant.append(row)
        else:
            left.append(LeftOut(row, why))
    disputed = await disputed_rows(uow, meant)
    left += [LeftOut(row, "contested") for row in meant if row.id in disputed]
    meant = [row for row in meant if row.id not in disputed]
    people = await uow.campaigns.people({row.phone_hash for row in meant if row.phone_hash})
    talks = await uow.campaigns.talks({person.id for person in people.values()})
    said = await uow.campaigns.said(campaign.list_id)
    groups: dict[int, list[OutreachRow]] = {}
    for row in meant:
        person = people.get(row.phone_hash or "")
        why = _unreachable(person, talks, said)
        if person is None or why is not None:
            left.append(LeftOut(row, why or "unknown"))
        else:
            groups.setdefault(person.id, []).append(row)
    reached = {person.id: person for person in people.values()}
    found = [_recipient(campaign, reached[id], talks[id], some) for id, some in groups.items()]
    return Reach(tuple(found), tuple(left))


def not_meant(row: OutreachRow, audience: Audience) -> str | None:
    """Why a row is not what the campaign is for; None when it is."""
    if audience is not Audience.ALL and row.compared_at is None and row.state not in _DONE:
        return "not_compared"
    column = COLUMN_OF.get(audience)
    return no_more(row, column, getattr(row, column) if column else Strength.NONE)


def no_more(row: OutreachRow, column: str | None, found: str) -> str | None:
    """Why nobody has to be written to for a row that stands like this in its ledger."""
    if row.state in _DONE:
        return _DONE[row.state]
    return {Strength.SURE: column, Strength.POSSIBLE: f"{column}_unclear"}.get(Strength(found))


def _unreachable(
    person: Person | None, talks: Mapping[int, Conversation], said: Mapping[int, str]
) -> str | None:
    if person is None:
        return "unknown"
    if said.get(person.id) in _NO_MORE:
        return _NO_MORE[said[person.id]]
    if not person.reminders_on or ReminderKind.CAMPAIGN.value in (person.muted or ()):
        return "unsubscribed"
    return None if person.id in talks else "gone"


def _recipient(
    campaign: Campaign, person: Person, talk: Conversation, rows: Sequence[OutreachRow]
) -> Recipient:
    text = words_for(campaign.text, rows[0].region_code)
    shown = as_sent(text, person)
    return Recipient(person.id, talk.id, talk.channel, tuple(rows), text, shown)


def as_sent(text: str, person: Person | None) -> str:
    """The words as they leave the gate when nothing else is due."""
    alone = Reminder(kind=ReminderKind.CAMPAIGN.value)
    return compose([(alone, text)], person, reminder_rules())


def words_for(text: str, region_code: str) -> str:
    """The words with the name of the banner in them."""
    unit = lookup(canonical(region_code[:_BANNER_DIGITS]))
    return fill(text, {"place": unit.name if unit else "内蒙古"})
