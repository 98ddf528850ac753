"""Consent: its words are kept by version, taking it back ends what was built on it alone."""

from datetime import timedelta

import pytest

from bot.handlers.privacy import stays
from bot.rights.actor import Actor
from flows import commands as c
from flows.aid.flow import CONSENT_VERSION
from flows.common.my_consents import SHOWS, TAKES_BACK, notices
from flows.policy.retention import load_retention
from flows.words import texts
from storage.db import Database
from storage.kinds import RecordKind
from tests.service import support as s


def test_the_words_of_the_newest_version_are_those_that_are_said() -> None:
    """Who changes the question adds a version."""
    assert notices()["aid"][CONSENT_VERSION].strip() == texts()["aid.consent"].strip()


@pytest.mark.parametrize("judged", [False, True])
async def test_taking_back_ends_what_nobody_has_begun_to_judge(
    any_db: Database, judged: bool
) -> None:
    who, officer = await s.person(any_db), await s.officer(any_db, "甲")
    await s.do(any_db, c.RecordConsent("aid", True, "2026-11"), who.actor)
    application = await s.application(any_db, who.actor)
    case = await s.dropout(any_db, who.actor)
    if judged:
        await s.do(any_db, c.AcceptApplication(application), Actor.officer(officer))
    later = s.NOW + timedelta(hours=1)
    outcome = await s.do(any_db, c.WithdrawConsent("aid"), who.actor, later)
    again = await s.do(any_db, c.WithdrawConsent("aid"), who.actor, later)
    assert outcome.changed and not again.changed
    status = (await s.record(any_db, application)).status
    assert (status == "withdrawn") is not judged
    assert (await s.record(any_db, case)).status == "reported"
    async with any_db.read() as uow:
        (consent,) = await uow.consents.of_person(who.person_id)
    assert consent.withdrawn_at == later


async def test_what_is_said_to_stay_is_what_stays(db: Database) -> None:
    who, officer = await s.person(db), await s.officer(db, "甲")
    references = [
        await s.application(db, who.actor),
        await s.application(db, who.actor, child_name="巴图"),
        await s.dropout(db, who.actor),
        await s.escalation(db, who.actor),
        (await s.book(db, who.actor, await s.session(db))).reference or "",
    ]
    await s.do(db, c.AcceptApplication(references[1]), Actor.officer(officer))
    said = {ref for ref in references if stays(await s.record(db, ref))}
    outcome = await s.do(db, c.DeleteMyData(), who.actor)
    assert said == set(outcome.detail["kept"]) and len(said) == 3


def test_every_kind_has_its_reason() -> None:
    assert load_retention().statutory.keys() == set(RecordKind)
    for rule in load_retention().statutory.values():
        assert rule.confidence.firm or "没有查到" in rule.cited


@pytest.mark.parametrize(
    ("text", "shows", "takes"),
    [
        ("我同意过什么", True, False),
        ("给我看看告知书", True, False),
        ("我什么时候同意的", True, False),
        ("撤回同意", False, True),
        ("把同意取消了吧", False, True),
        ("我不同意了", False, True),
        ("同意", False, False),
        ("不同意", False, False),
        ("老师同意过他请假", False, False),
        ("我同意，记吧", False, False),
        ("取消申请", False, False),
    ],
)
def test_what_is_meant(text: str, shows: bool, takes: bool) -> None:
    assert (bool(SHOWS.search(text)), bool(TAKES_BACK.search(text))) == (shows, takes)
