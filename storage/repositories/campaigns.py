"""Campaigns, whom they can reach, and how far they have come."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from storage.models.application import Application
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.outreach import Campaign
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.repositories.base import Repository

_AT_ONCE = 400


_ABOUT = "campaign:"


def about(campaign_id: int) -> str:
    """How a reminder names the campaign it belongs to."""
    return f"{_ABOUT}{campaign_id}"


def campaign_of(about: str | None) -> int | None:
    """The campaign that a reminder names."""
    number = (about or "").removeprefix(_ABOUT)
    return int(number) if (about or "").startswith(_ABOUT) and number.isdecimal() else None


class Campaigns(Repository):
    """Words for the families of a list."""

    async def add(self, row: Campaign) -> Campaign:
        """A draft."""
        return await self._added(row)

    async def get(self, id: int, lock: bool = False) -> Campaign | None:
        """One campaign."""
        return await self._by_id(Campaign, id, lock)

    async def held(self, id: int) -> Campaign | None:
        """One campaign as it is now, which nobody changes until the transaction ends.

        Many may hold it at once; who wants to stop it waits for them, and then sees what they did.
        """
        query = select(Campaign).where(Campaign.id == id).with_for_update(read=True)
        return await self._session.scalar(query.execution_options(populate_existing=True))

    async def of_list(self, list_id: int) -> list[Campaign]:
        """The campaigns of a list, the newest first."""
        query = select(Campaign).where(Campaign.list_id == list_id)
        return await self._all(query.order_by(Campaign.id.desc()))

    async def people(self, phone_hashes: Collection[str]) -> dict[str, Person]:
        """The latest person of each phone."""
        found: dict[str, Person] = {}
        for some in _chunks(phone_hashes):
            query = select(Person).where(Person.phone_hash.in_(some)).order_by(Person.id)
            for person in await self._all(query):
                found[str(person.phone_hash)] = person
        return found

    async def talks(self, person_ids: Collection[int]) -> dict[int, Conversation]:
        """Where each person can be written to: the conversation used last that is not gone."""
        found: dict[int, Conversation] = {}
        for some in _chunks(person_ids):
            query = select(Conversation).where(
                Conversation.person_id.in_(some), Conversation.gone_at.is_(None)
            )
            for talk in await self._all(query.order_by(Conversation.updated_at, Conversation.id)):
                found[talk.person_id] = talk
        return found

    async def is_planned(self, campaign_id: int) -> dict[int, str]:
        """Whom a campaign wrote to or means to, with the state of that."""
        query = select(Reminder.person_id, Reminder.status)
        query = query.where(Reminder.about == about(campaign_id))
        return {row[0]: row[1] for row in (await self._session.execute(query)).all()}

    async def by_status(self, campaign_id: int) -> dict[str, int]:
        """How many of its messages wait, were handed over, dropped or cancelled."""
        query = select(Reminder.status, func.count())
        query = query.where(Reminder.about == about(campaign_id)).group_by(Reminder.status)
        return await self._counted(query)

    async def dropped_why(self, campaign_id: int) -> dict[str, int]:
        """How many were not sent, by the reason found at the moment of sending."""
        query = select(Reminder.reason, func.count()).where(
            Reminder.about == about(campaign_id), Reminder.status == "suppressed"
        )
        return await self._counted(query.group_by(Reminder.reason))

    async def sent(self, campaign_id: int) -> dict[str, int]:
        """How many messages are queued, sent or failed on the way out."""
        query = select(OutboxMessage.status, func.count(func.distinct(Reminder.id)))
        query = query.join(Reminder, _is_message_of()).where(Reminder.about == about(campaign_id))
        return await self._counted(query.group_by(OutboxMessage.status))

    async def answers(self, campaign_id: int) -> dict[str, int]:
        """How many people said what, as far as it was understood as an answer."""
        query = select(Reminder.answer, func.count(func.distinct(Reminder.person_id)))
        mine = Reminder.about == about(campaign_id), Reminder.answer.is_not(None)
        return await self._counted(query.where(*mine).group_by(Reminder.answer))

    async def said(self, list_id: int) -> dict[int, str]:
        """The last answer of each person to any campaign of a list."""
        ids = await self._session.scalars(select(Campaign.id).where(Campaign.list_id == list_id))
        names = [about(id) for id in ids]
        query = select(Reminder.person_id, Reminder.answer)
        query = query.where(Reminder.about.in_(names), Reminder.answer.is_not(None))
        rows = (await self._session.execute(query.order_by(Reminder.answered_at))).all()
        return {person: str(answer) for person, answer in rows}

    async def answered(self, campaign_id: int) -> int:
        """How many wrote to us after the message had reached them."""
        later = InboxMessage.received_at > OutboxMessage.sent_at
        query = select(func.count(func.distinct(Reminder.person_id)))
        query = query.join(OutboxMessage, _is_message_of())
        query = query.join(
            InboxMessage, (InboxMessage.conversation_id == Reminder.conversation_id) & later
        )
        query = query.where(Reminder.about == about(campaign_id))
        return await self._session.scalar(query) or 0

    async def applied_since(self, campaign_id: int, since: datetime) -> int:
        """How many of those written to have filed an application since."""
        query = select(func.count(func.distinct(Reminder.person_id)))
        query = query.join(Person, Person.id == Reminder.person_id)
        query = query.join(
            Application,
            or_(
                Application.person_id == Reminder.person_id,
                Application.phone_hash == Person.phone_hash,
            ),
        )
        query = query.where(
            Reminder.about == about(campaign_id),
            Reminder.status == "fired",
            Application.opened_at >= since,
            Application.status != "withdrawn",
        )
        return await self._session.scalar(query) or 0

    async def was_told(self, campaign_id: int, person_id: int) -> bool:
        """Whether the person has had a message of the campaign."""
        query = select(Reminder.id).where(
            Reminder.about == about(campaign_id),
            Reminder.person_id == person_id,
            Reminder.status == "fired",
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def has_applied(self, person: Person, since: datetime) -> bool:
        """Whether the person, or somebody with their phone, filed an application since."""
        mine: Any = Application.person_id == person.id
        if person.phone_hash:
            mine = or_(mine, Application.phone_hash == person.phone_hash)
        query = select(Application.id).where(
            mine, Application.opened_at >= since, Application.status != "withdrawn"
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def cancel(self, campaign_id: int, now: datetime) -> int:
        """What was not sent yet is not sent any more; how many messages that were.

        A message handed over already is taken back too, unless a sender holds it at this moment
        or it tells of other things as well.
        """
        mine = Reminder.about == about(campaign_id)
        waiting = update(Reminder).where(mine, Reminder.status == "waiting")
        waiting = waiting.values(status="cancelled", leased_until=None, done_at=now)
        stopped = (await self._session.scalars(waiting.returning(Reminder.id))).all()
        messages = select(Reminder.outbox_id).where(mine, Reminder.status == "fired")
        others = select(Reminder.outbox_id).where(
            Reminder.outbox_id.in_(messages), or_(~mine, Reminder.about.is_(None))
        )
        is_free = or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now)
        queued = update(OutboxMessage).where(
            OutboxMessage.id.in_(messages),
            OutboxMessage.id.not_in(others),
            OutboxMessage.status == "queued",
            is_free,
        )
        queued = queued.values(status="failed", error="the campaign was stopped")
        taken = (await self._session.scalars(queued.returning(OutboxMessage.id))).all()
        back = update(Reminder).where(mine, Reminder.outbox_id.in_(taken))
        await self._session.execute(back.values(status="cancelled", done_at=now))
        return len(stopped) + len(taken)

    async def _counted(self, query: Any) -> dict[str, int]:
        return {row[0] or "": row[1] for row in (await self._session.execute(query)).all()}


def _is_message_of() -> Any:
    """The message that a reminder became."""
    return Reminder.outbox_id == OutboxMessage.id


def _chunks(values: Collection[Any]) -> Iterable[list[Any]]:
    every = sorted(values)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
