"""One person in two chats: a code from the one makes both theirs; nobody else gets in."""

import re
from datetime import timedelta
from functools import lru_cache

import pytest

from bot.login.codes import CODE_LASTS
from nlu.types import Engine
from nlu.understand import make_engine
from storage.db import Database
from tests.conversation import Player
from tests.test_same_child import filed, report


@lru_cache(maxsize=1)
def engine() -> Engine:
    return make_engine()


@pytest.fixture
def player(any_db: Database) -> Player:
    return Player(any_db, engine())


async def tell(player: Player, who: str, text: str) -> str:
    return "\n".join(answer.text for answer in await player.say({"user": text}, who))


async def code_of(player: Player, who: str) -> str:
    found = re.search(r"合并聊天 (\d{8})", await tell(player, who, "合并聊天"))
    assert found is not None
    return found.group(1)


async def person_of(player: Player, who: str) -> int:
    async with player.db.read() as uow:
        talk = await uow.conversations.find("rest", who)
        assert talk is not None
        return talk.person_id


async def test_what_was_filed_in_one_chat_is_seen_in_the_other(player: Player) -> None:
    reference = str(filed(await report(player, "web", "白音"))["reference"])
    code = await code_of(player, "web")
    assert "别人给您的" in await tell(player, "phone", f"合并聊天 {code}")
    assert await person_of(player, "phone") != await person_of(player, "web")
    assert "合并好了" in await tell(player, "phone", "是")
    assert await person_of(player, "phone") == await person_of(player, "web")
    assert reference in await tell(player, "phone", "查进度")
    assert "不对" in await joined_with(player, "third", code)


async def test_what_was_filed_in_the_chat_that_sends_the_code_comes_along(player: Player) -> None:
    reference = str(filed(await report(player, "phone", "白音"))["reference"])
    await joined_with(player, "phone", await code_of(player, "web"))
    assert reference in await tell(player, "web", "查进度")
    async with player.db.read() as uow:
        person = await uow.people.get(await person_of(player, "web"))
        assert person is not None and person.name == "白音"


async def test_who_has_doubts_joins_nothing(player: Player) -> None:
    code = await code_of(player, "web")
    await tell(player, "phone", f"合并聊天 {code}")
    await tell(player, "phone", "不是，别人给我的")
    assert await person_of(player, "phone") != await person_of(player, "web")


async def test_a_code_is_good_for_half_an_hour_and_not_for_guessing(player: Player) -> None:
    code = await code_of(player, "web")
    for wrong in range(5):
        assert "不对" in await joined_with(player, "thief", f"0000000{wrong}")
    assert "过一个小时" in await joined_with(player, "thief", code)
    player.clock.at += CODE_LASTS
    assert "不对" in await joined_with(player, "phone", code)


async def test_the_same_person_need_not_join_twice(player: Player) -> None:
    await joined_with(player, "phone", await code_of(player, "web"))
    assert "本来就是一起" in await joined_with(player, "phone", await code_of(player, "web"))


async def test_a_deletion_covers_both_chats(player: Player) -> None:
    await joined_with(player, "phone", await code_of(player, "web"))
    await tell(player, "web", "删除我的信息")
    assert "删好了" in await tell(player, "web", "对")
    async with player.db.read() as uow:
        talk = await uow.conversations.find("rest", "phone")
        assert talk is not None and talk.state == {}


async def joined_with(player: Player, who: str, code: str) -> str:
    player.clock.at += timedelta(seconds=1)
    await tell(player, who, f"合并聊天 {code}")
    return await tell(player, who, "是")
