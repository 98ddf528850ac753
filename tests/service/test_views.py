"""Records as the API shows them (contract section 6)."""

from bot.cases.views import fields_view, record_view, region_view
from bot.rights.access import access_record
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from tests.service import support as s

KEYS = {
    "reference", "kind", "status", "version", "region", "opened_at", "updated_at", "due_at",
    "assigned_to", "fields", "events", "offered_to", "linked_to", "closing_code",
}  # fmt: skip


async def test_an_application(db: Database) -> None:
    officer = await s.officer(db, "甲")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.AcceptApplication(reference), Actor.officer(officer))
    async with db.write() as uow:
        record = await access_record(uow, officer, reference, s.NOW)
        entries = await uow.audit.of(reference)
        view = record_view(record, entries, {officer.id: "甲"})
    assert set(view) == KEYS
    assert view["fields"]["id_number"] == "1234"
    assert view["fields"]["region"] == "科尔沁右翼中旗"
    assert view["fields"]["hardship"] == ["dibao"]
    assert view["region"]["code"] == s.BANNER
    assert view["region"]["path"] == ["内蒙古自治区", "兴安盟", "科尔沁右翼中旗"]
    assert (view["status"], view["assigned_to"]) == ("under_review", "甲")
    assert view["opened_at"] == "2026-11-23T02:00:00+00:00"
    assert [event["action"] for event in view["events"]] == ["file", "route", "accept"]
    assert [event["actor"] for event in view["events"]] == ["来办事的人", "系统", "甲"]
    assert "152222201801011234" not in str(view)


async def test_only_an_escalation_has_a_type(db: Database) -> None:
    who = await s.person(db)
    view = record_view(await s.record(db, await s.escalation(db, who.actor)))
    assert (view["kind"], view["type"]) == ("escalation", "human")
    assert view["events"] == [] and view["assigned_to"] is None


def test_places() -> None:
    assert region_view(None) is None
    assert region_view("159999") == {"code": "159999", "name": "159999", "path": []}
    assert fields_view({"region": "152222"}) == {"region": "科尔沁右翼中旗"}
    assert fields_view({"region": {"code": "152222", "name": "科右中旗"}}) == {
        "region": "科尔沁右翼中旗"
    }
    assert fields_view({"region": "不知道哪里"}) == {"region": "不知道哪里"}
