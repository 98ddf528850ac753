"""Officers: found by token, code and place; what they see and what is written down about it."""

from datetime import timedelta

from sqlalchemy import text

from storage.db import Database
from storage.models.officer import Officer
from storage.uow import UnitOfWork
from tests.storage import make
from tests.storage.make import NOW, later


async def add(uow: UnitOfWork, name: str, region: str = "15", role: str = "officer") -> Officer:
    return await uow.officers.add(name=name, role=role, region_code=region, now=NOW)


async def test_a_token_finds_its_officer_and_is_kept_as_a_hash_only(any_db: Database) -> None:
    async with any_db.write() as uow:
        wang, li = await add(uow, "王"), await add(uow, "李")
        tokens = [await uow.officers.add_token(officer.id, "desk") for officer in (wang, li)]
        found = [await uow.officers.by_token(token) for token in tokens]
        assert await uow.officers.by_token("made up") is None
        stored = (await uow.session.execute(text("SELECT * FROM api_tokens"))).all()
    assert found == [wang, li]
    assert not any(token in repr(stored) for token in tokens)


async def test_a_token_of_an_officer_switched_off_or_revoked_opens_nothing(
    any_db: Database,
) -> None:
    async with any_db.write() as uow:
        wang, li = await add(uow, "王"), await add(uow, "李")
        first = await uow.officers.add_token(wang.id, "desk")
        second = await uow.officers.add_token(li.id, "desk")
        wang.active = False
        (key,) = await uow.officers.tokens(li.id)
        key.revoked_at = NOW
        await uow.session.flush()
        assert await uow.officers.by_token(first) is None
        assert await uow.officers.by_token(second) is None


async def test_the_use_of_a_token_is_noted_once_a_minute(any_db: Database) -> None:
    async with any_db.write() as uow:
        token = await uow.officers.add_token((await add(uow, "王")).id, "desk")
    seen = []
    for moment in (NOW, later(seconds=30), later(seconds=90)):
        async with any_db.write() as uow:
            found = await uow.officers.token(token, moment)
            assert found is not None
            await uow.officers.note_use(found[0].id, moment)
        async with any_db.read() as uow:
            (officer,) = await uow.officers.all()
            (key,) = await uow.officers.tokens(officer.id)
        seen.append(key.last_used_at)
    assert seen == [NOW, NOW, later(seconds=90)]


async def test_a_token_ends_on_its_day(any_db: Database) -> None:
    async with any_db.write() as uow:
        owner = await add(uow, "王")
        token = await uow.officers.add_token(owner.id, "desk", NOW, later(days=365))
        assert await uow.officers.by_token(token, later(days=364)) is owner
        assert await uow.officers.by_token(token, later(days=365)) is None


async def test_a_link_code_works_until_it_is_used_up(any_db: Database) -> None:
    async with any_db.write() as uow:
        wang = await add(uow, "王")
        await add(uow, "李")
        until = later(minutes=30)
        old = await uow.officers.add_link_code(wang.id, until)
        code = await uow.officers.add_link_code(wang.id, until)
        assert await uow.officers.by_link_code(old, NOW) is None
        assert await uow.officers.by_link_code(code, NOW) == wang
        assert await uow.officers.by_link_code(code, until) is None
        await uow.officers.use_up_link_code(wang.id)
        assert await uow.officers.by_link_code(code, NOW) is None
        assert await uow.officers.by_link_code("", NOW) is None


async def test_officers_of_a_place_come_nearest_first(any_db: Database) -> None:
    async with any_db.write() as uow:
        for name, region in (
            ("自治区", "150000"),
            ("盟", "152200"),
            ("旗", "152222"),
            ("旗二", "152222000000"),
            ("苏木", "152222103000"),
            ("嘎查", "152222103201"),
            ("邻旗", "152223"),
            ("邻苏木", "152222104"),
            ("邻嘎查", "152222103202"),
        ):
            await add(uow, name, region)
        (await add(uow, "走了", "152222103201")).active = False
        covering = uow.officers.covering
        assert _names(await covering("152222103201")) == "嘎查 苏木 旗 旗二 盟 自治区"
        assert _names(await covering("152222103")) == "苏木 旗 旗二 盟 自治区"
        assert _names(await covering("152223000000")) == "邻旗 盟 自治区"
        assert _names(await covering("152201")) == "盟 自治区"
        assert _names(await covering(None)) == "自治区"


def _names(officers: list[Officer]) -> str:
    return " ".join(officer.name for officer in officers)


async def test_officers_of_a_place_may_be_asked_by_role(any_db: Database) -> None:
    async with any_db.write() as uow:
        await add(uow, "clerk", "152222", "clerk")
        await add(uow, "boss", "1522", "supervisor")
        assert _names(await uow.officers.covering("152222", ("supervisor", "admin"))) == "boss"
        assert await uow.officers.covering("152222", ()) == []


async def test_an_officer_is_found_by_name_and_conversation(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        wang = await add(uow, "王")
        wang.conversation_id = talk.id
        assert await uow.officers.by_name("王") == wang
        assert await uow.officers.by_name("李") is None
        assert await uow.officers.get(wang.id, lock=True) == wang


async def test_notices_are_unseen_until_they_are_seen(any_db: Database) -> None:
    async with any_db.write() as uow:
        wang, li = await add(uow, "王"), await add(uow, "李")
        first = await uow.notices.add(wang.id, "D1", "新个案", NOW)
        await uow.notices.add(wang.id, "D2", "超时", NOW)
        await uow.notices.add(li.id, None, "别人的", NOW)
        await uow.notices.seen([first.id], later(minutes=1))
        assert [notice.reference for notice in await uow.notices.unseen(wang.id)] == ["D2"]
        await uow.session.refresh(first)
        assert first.seen_at == later(minutes=1)


async def test_the_story_of_a_record_is_told_from_the_beginning(any_db: Database) -> None:
    async with any_db.write() as uow:
        await uow.audit.add(NOW, "person", 1, "filed", "D1", {"by": "chat"})
        await uow.audit.add(NOW, "officer", 2, "read", "D2")
        await uow.audit.add(later(hours=1), "officer", 2, "note", "D1")
        story = await uow.audit.of("D1")
    assert [(entry.action, entry.detail) for entry in story] == [
        ("filed", {"by": "chat"}),
        ("note", None),
    ]


async def test_the_audit_log_is_filtered_and_paged(any_db: Database) -> None:
    async with any_db.write() as uow:
        for number in range(5):
            place = "152222" if number % 2 else "152223"
            at = NOW + timedelta(hours=number)
            await uow.audit.add(at, "officer", number, "read", "D1", region_code=place)
        await uow.audit.add(NOW, "system", None, "purged")
        first, cursor = await uow.audit.page(limit=4)
        rest, end = await uow.audit.page(limit=4, cursor=cursor)
        assert [len(first), len(rest), end] == [4, 2, None]
        assert first[0].action == "purged"
        assert len((await uow.audit.page(scope="152222"))[0]) == 2
        assert len((await uow.audit.page(scope="15"))[0]) == 6
        assert len((await uow.audit.page(since=later(hours=3)))[0]) == 2
        mine, _ = await uow.audit.page(actor_kind="officer", actor_id=3, action="read")
        assert [entry.actor_id for entry in mine] == [3]
        assert (await uow.audit.page(reference="D9"))[0] == []
