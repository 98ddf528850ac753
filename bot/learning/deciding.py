"""What an officer decides about a sentence that was not understood; every decision is audited."""

from datetime import datetime

from bot.errors import NotAllowed, NotFound, Refused
from bot.rights.access import Right, may
from bot.rights.territory import covers
from nlu.types import Intent
from storage.models.misheard import Misheard
from storage.models.officer import Officer
from storage.repositories.misheard import NOWHERE
from storage.uow import UnitOfWork

WAITING, LABELLED, DROPPED = "waiting", "labelled", "dropped"


def check_may_judge(officer: Officer) -> None:
    """Raise NotAllowed unless the officer may say what sentences mean."""
    if not may(officer, Right.SENTENCES):
        raise NotAllowed("只有主管可以看这一页。")


async def label(
    uow: UnitOfWork, officer: Officer, id: int, intent: str, home: str, now: datetime
) -> Misheard:
    """Give a sentence its right intent. Raises NotFound, NotAllowed or Refused."""
    if intent not in set(Intent):
        raise Refused("没有这个意思，请重新选。")
    row = await _waiting(uow, officer, id, home)
    row.status, row.label = LABELLED, intent
    await _decided(uow, officer, row, "label_sentence", now)
    return row


async def drop(uow: UnitOfWork, officer: Officer, id: int, home: str, now: datetime) -> None:
    """Nothing to learn from it: the words go, and the same words do not come again."""
    row = await _waiting(uow, officer, id, home)
    row.status, row.text = DROPPED, ""
    await _decided(uow, officer, row, "drop_sentence", now)


async def take_back(uow: UnitOfWork, officer: Officer, id: int, home: str, now: datetime) -> None:
    """The intent given was wrong: the sentence waits again."""
    row = await _mine(uow, officer, id, home)
    if row.status != LABELLED:
        raise NotFound("这句话已经处理过了。")
    row.status, row.label = WAITING, None
    await _decided(uow, officer, row, "unlabel_sentence", now)


async def _waiting(uow: UnitOfWork, officer: Officer, id: int, home: str) -> Misheard:
    row = await _mine(uow, officer, id, home)
    if row.status != WAITING:
        raise NotFound("这句话已经处理过了。")
    return row


async def _mine(uow: UnitOfWork, officer: Officer, id: int, home: str) -> Misheard:
    """The locked sentence, if it is from the officer's place; `home` is the installation's."""
    check_may_judge(officer)
    row = await uow.misheard.get(id, lock=True)
    if row is None or not _covers(officer, row.region_code, home):
        raise NotFound("没有这句话。")
    return row


def _covers(officer: Officer, region_code: str, home: str) -> bool:
    return covers(officer.region_code, region_code) or (
        region_code == NOWHERE and sees_nowhere(officer, home)
    )


def sees_nowhere(officer: Officer, home: str) -> bool:
    """Whether sentences from nobody knows where are the officer's: who leads the installation."""
    return covers(officer.region_code, home)


async def _decided(
    uow: UnitOfWork, officer: Officer, row: Misheard, action: str, now: datetime
) -> None:
    row.decided_by_id, row.decided_at = officer.id, now
    detail = {"sentence": row.id, "intent": row.label}
    await uow.audit.add(
        now, "officer", officer.id, action, detail=detail, region_code=row.region_code
    )
    await uow.session.flush()
