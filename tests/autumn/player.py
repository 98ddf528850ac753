"""Plays what happens in the world, at its moment, through the service's own handlers."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from flows.vocabulary.rights import PUTS_RIGHT
from storage.db import Database
from storage.kinds import HardshipLevel, RecordKind, ReminderKind, Role
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.models.officer import Officer
from storage.models.reminder import Reminder
from storage.models.training import TrainingSession
from storage.uow import UnitOfWork
from tests.autumn.families import add_families, chunks
from tests.autumn.mailings import phone_of, settle_lists
from tests.autumn.script import BANNERS, DAY, SCHOOLS, Act, Session, World

ADMIN = len(BANNERS) + 1
_OFFICE = Actor.officer(Officer(id=ADMIN, name="盟里", role=Role.ADMIN.value, region_code="15"))


async def settle_world(db: Database, world: World) -> None:
    """Families, officers and classes as they are on the first day."""
    people = {
        family: {
            "home_region": banner,
            "role": "cadre" if family in world.cadres else None,
            "phone_hash": db.keyring.blind(phone_of(family)),
        }
        for family, banner in world.banners.items()
    }
    await add_families(db, len(people), world.start - DAY * 40, people)
    officers = [_officer(id, banner, "officer") for id, banner in enumerate(BANNERS, 1)]
    sessions = [_session(session) for session in world.sessions.values()]
    async with db.write() as uow:
        every = [*officers, _officer(ADMIN, "15", "admin")]
        every = [{**row, "created_at": world.start} for row in every]
        await uow.session.execute(insert(Officer), every)
        for some in chunks(sessions):
            await uow.session.execute(insert(TrainingSession), list(some))
    await settle_lists(db, world.mailings, world.start)


def _officer(id: int, region: str, role: str) -> dict[str, Any]:
    return {"id": id, "name": f"officer{id}", "role": role, "region_code": region, "active": True}


def _session(session: Session) -> dict[str, Any]:
    reference = session.reference
    return {
        "id": session.id,
        "reference": reference,
        "reference_key": reference.replace("-", ""),
        "source_key": reference,
        "title": session.title,
        "region_code": session.banner,
        "starts_on": session.starts_on,
        "ends_on": session.starts_on + DAY * session.days if session.days else None,
        "schedule": session.schedule,
        "venue": f"文化站{session.id}",
        "seats": session.seats,
    }


class Player:
    """Does each act in the caller's transaction; the methods are named after the acts."""

    def __init__(self, uow: UnitOfWork, world: World) -> None:
        self._uow = uow
        self._world = world

    async def play(self, act: Act) -> None:
        """Do it."""
        await getattr(self, act.what)(act, **act.data)

    async def file(self, act: Act, reference: str, grade: str, hardship: list[str]) -> None:
        """A family files an application, without papers."""
        banner = self._world.banners[act.family]
        slots = {
            "consent": True,
            "applicant_name": "乌云",
            "relation": "母亲",
            "child_name": f"孩子{act.family}",
            "grade": grade,
            "school": SCHOOLS[act.family % len(SCHOOLS)],
            "hardship": hardship,
            "household_size": 4,
            "annual_income": 12000,
        }
        command = c.FileRecord(RecordKind.AID_APPLICATION, reference, slots, banner)
        await self._person(act, command)

    async def hand_in(self, act: Act, reference: str, paper: str) -> None:
        """A photo of one paper comes in."""
        photo = await self._uow.attachments.add(
            sha256=f"{act.family:064d}",
            mime="image/jpeg",
            size=1,
            path="x",
            name="x.jpg",
            created_at=act.at,
            person_id=act.family,
            conversation_id=act.family,
        )
        documents = (c.DocumentRef(photo.id, paper),)
        await self._person(act, c.AmendRecord(reference, documents=documents))

    async def says_handed_in(self, act: Act, reference: str) -> None:
        """The answer to the last reminder of papers, if there was one."""
        await self._answer(act, reference, "handed_in")

    async def says_tomorrow(self, act: Act, reference: str, again: datetime) -> None:
        """The other answer to it: the same again tomorrow, please."""
        await self._answer(act, reference, "later", again)

    async def _answer(
        self, act: Act, reference: str, answer: str, again: datetime | None = None
    ) -> None:
        told = select(Reminder.id).filter_by(reference=reference, kind="documents", status="fired")
        id = await self._uow.session.scalar(told.order_by(Reminder.id.desc()).limit(1))
        if id is not None:
            await self._person(act, c.AnswerReminder(id, answer, again))

    async def withdraw(self, act: Act, reference: str) -> None:
        """A family takes its application back."""
        await self._person(act, c.Withdraw(reference))

    async def return_paper(self, act: Act, reference: str, paper: str) -> None:
        """The school cannot read a paper."""
        await self._do(act, c.ReturnForCorrection(reference, document=paper, reason="看不清"))

    async def accept(self, act: Act, reference: str) -> None:
        """The school goes on with an application."""
        await self._do(act, c.AcceptApplication(reference))

    async def reject(self, act: Act, reference: str) -> None:
        """Not recognised."""
        await self._do(act, c.RejectApplication(reference, reason="收入超过标准"))

    async def publish(self, act: Act, reference: str, until: date) -> None:
        """The level is set and put up."""
        await self._do(act, c.SetLevel(reference, level=HardshipLevel.GENERAL, reason="低保"))
        await self._do(act, c.PublishApplication(reference))

    async def approve(self, act: Act, reference: str) -> None:
        """The result is final."""
        await self._do(act, c.ApproveApplication(reference))

    async def contest(self, act: Act, reference: str) -> None:
        """The family says that an answer in it is wrong."""
        await self._person(act, c.AmendRecord(reference, note=f"{PUTS_RIGHT}孩子的名字写错了"))

    async def answer_dispute(self, act: Act, reference: str) -> None:
        """An officer looked: it stays, and the family hears why."""
        await self._do(act, c.RefuseCorrection(reference, reason="和户口簿一样"))

    async def campaign(self, act: Act, mailing: int) -> None:
        """Words for a list; one writes and starts, another approves."""
        banner = self._world.mailings[mailing].banner
        number = BANNERS.index(banner) + 1
        author = Actor.officer(
            Officer(id=number, name="经办", role=Role.OFFICER.value, region_code=banner)
        )
        words = c.DraftCampaign(mailing, template="school_matter", blanks={"问谁": "白老师"})
        id = (await handle(self._uow, words, author, act.at)).detail["campaign"]
        assert id == mailing, "campaigns are numbered as they begin"
        await self._do(act, c.ApproveCampaign(id))
        await handle(self._uow, c.StartCampaign(id), author, act.at)

    async def stop_campaign(self, act: Act, mailing: int) -> None:
        """Stopped; what left the outbox before is with the families."""
        gone = update(OutboxMessage).where(OutboxMessage.status == "queued")
        await self._uow.session.execute(gone.values(status="sent", sent_at=act.at))
        await self._do(act, c.StopCampaign(mailing, reason="名单有错"))

    async def book(self, act: Act, reference: str, session: int) -> None:
        """Somebody registers for a class."""
        number = self._world.sessions[session].reference
        slots = {"person_name": f"学员{act.family}", "age": 40}
        banner = self._world.banners[act.family]
        await self._person(act, c.BookTraining(reference, slots, number, banner))

    async def cancel(self, act: Act, reference: str) -> None:
        """They do not come after all."""
        await self._person(act, c.Withdraw(reference))

    async def move(self, act: Act, session: int, starts_on: date) -> None:
        """A class gets another day."""
        row = await self._uow.trainings.by_id(session)
        assert row is not None
        length = row.ends_on - row.starts_on if row.ends_on else timedelta()
        row.starts_on, row.ends_on = starts_on, starts_on + length if row.ends_on else None

    async def own(self, act: Act, text: str, due: datetime) -> None:
        """Somebody wants to be reminded of something."""
        await self._person(act, c.SetReminder(text, due))

    async def switch(self, act: Act, on: bool) -> None:
        """No pushes any more, or again."""
        await self._person(act, c.SwitchReminders(on))

    async def mute(self, act: Act, kind: str) -> None:
        """None of a kind."""
        await self._person(act, c.MuteReminders((ReminderKind(kind),)))

    async def pause(self, act: Act, until: datetime) -> None:
        """Peace for a while."""
        await self._person(act, c.PauseReminders(until))

    async def hour(self, act: Act, hour: int) -> None:
        """Pushes at that hour only."""
        await self._person(act, c.SetPushHour(hour))

    async def share(self, act: Act) -> None:
        """Others read along."""
        await self._person(act, c.SharePhone(True))

    async def gone(self, act: Act, gone: bool) -> None:
        """The chat is stopped, or used again."""
        await self._talk(act, gone_at=act.at if gone else None)

    async def speak(self, act: Act, form: bool) -> None:
        """Somebody says something; a form may be left half filled."""
        await self._talk(act, updated_at=act.at, state={"stack": [{}]} if form else {})

    async def officer(self, act: Act, on: bool) -> None:
        """An officer takes a talk over, or gives it back."""
        await self._talk(act, officer_id=ADMIN if on else None)

    async def _talk(self, act: Act, **values: Any) -> None:
        mine = Conversation.id == act.family
        await self._uow.session.execute(update(Conversation).where(mine).values(**values))

    async def _person(self, act: Act, command: c.Command) -> None:
        actor = Actor.person(act.family, act.family)
        await handle(self._uow, command, actor, act.at)

    async def _do(self, act: Act, command: c.Command) -> None:
        await handle(self._uow, command, _OFFICE, act.at)
