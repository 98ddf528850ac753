"""The work list: whose work it shows, in which order, and the places it offers."""

import re

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import RecordKind, Role
from tests.web.conftest import BANNER, OTHER_BANNER, Client, FakeService, add_officer, add_record
from tests.web.test_desk import desk_of, post, sign_in

D1, D2, D3 = "D26-0000-013", "D26-0000-026", "D26-0000-039"
E1 = "E26-0000-013"


async def given(service: FakeService, reference: str, officer: int | None, days: int) -> None:
    """A case of an officer that is due in so many days."""
    from datetime import timedelta

    await add_record(service, reference, RecordKind.DROPOUT_CASE, status="reported")
    async with service.db.write() as uow:
        row = await uow.records.get(reference, lock=True)
        assert row is not None
        row.assigned_to_id = officer
        row.due_at = service.now() + timedelta(days=days)


def listed(page: str) -> list[str]:
    return re.findall(r'href="/desk/records/([^"]+)">\1<', page)


async def test_ones_own_work_comes_first_the_soonest_on_top(
    client: Client, service: FakeService
) -> None:
    me = await desk_of(client, service)
    await given(service, D1, me, 9)
    await given(service, D2, me, 3)
    await given(service, D3, None, 1)
    page = (await client.get("/desk")).text
    assert listed(page) == [D2, D1]
    assert "我经办的 2" in page
    assert "核实孩子的身份、学籍和去向" in page and "报上来还没核实" in page
    assert set(listed((await client.get("/desk?view=all")).text)) == {D1, D2, D3}
    assert listed((await client.get("/desk?view=nobody")).text) == [D3]


async def test_a_search_looks_beyond_ones_own_work(client: Client, service: FakeService) -> None:
    me = await desk_of(client, service)
    await given(service, D1, me, 9)
    await given(service, D3, None, 1)
    assert listed((await client.get(f"/desk?q={D3}")).text) == [D3]


async def test_what_waits_for_a_second_person_is_found(
    client: Client, service: FakeService
) -> None:
    me = await desk_of(client, service)
    for reference in (D1, D2):
        await given(service, reference, me, 9)
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    for reference, code in ((D2, "returned"), (E1, "resolved")):
        path = f"/desk/records/{reference}/request-close"
        assert (await post(client, path, code=code)).status_code == 303
    assert "等审核办结的" not in (await client.get("/desk")).text
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    page = (await client.get("/desk")).text
    assert "等审核办结的" in page
    page = (await client.get("/desk?view=review")).text
    assert set(listed(page)) == {D2, E1}
    assert "看能不能办结" in page and "等另一位主管同意办结" in page  # the next step of each
    await post(client, f"/desk/records/{E1}/approve-close")
    assert listed((await client.get("/desk?view=review")).text) == [D2]


async def test_the_clock_narrows_the_list(client: Client, service: FakeService) -> None:
    me = await desk_of(client, service)
    await given(service, D1, me, -1)
    await given(service, D2, me, 3)
    await given(service, D3, me, 30)
    assert listed((await client.get("/desk?clock=late")).text) == [D1]
    assert listed((await client.get("/desk?clock=week")).text) == [D1, D2]
    assert listed((await client.get("/desk?clock=nonsense&view=all")).text) == [D1, D2, D3]


async def test_pages_of_ones_own_work_follow_each_other(
    client: Client, service: FakeService
) -> None:
    me = await desk_of(client, service)
    references = [f"D26-{number:04d}-000" for number in range(35)]
    for number, reference in enumerate(references):
        await given(service, reference, me, number + 1)
    first = (await client.get("/desk")).text
    assert listed(first) == references[:30]
    following = re.search(r'class="button" href="([^"]+)">下一页', first)
    assert following is not None
    rest = (await client.get(following[1].replace("&amp;", "&"))).text
    assert listed(rest) == references[30:]


async def test_places_are_those_inside_the_officers_own(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR, "152200")
    page = (await client.get("/desk")).text
    choices = re.findall(r'<option value="(\d*)" [^>]*>　*([^<]+)</option>', page)
    places = dict(choice for choice in choices if choice[0].startswith("15") or not choice[0])
    assert places["152222"] == "科尔沁右翼中旗"
    assert "150400" not in places
    inside = (await client.get("/desk?region=152222")).text
    assert "好腰苏木镇" in inside
    assert "赤峰市" not in (await client.get("/desk?region=150400")).text


async def test_what_others_offer_stands_on_top_until_it_is_taken(
    client: Client, service: FakeService
) -> None:
    """A case of another banner is in no list of the receiver's region."""
    sender, _ = await add_officer(service, "李强", region=OTHER_BANNER)
    await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", region=OTHER_BANNER)
    assert listed((await client.get("/desk")).text) == []
    offer = c.TransferRecord(D1, region=BANNER, reason="搬过去了")
    async with service.db.write() as uow:
        await handle(uow, offer, Actor.officer(sender), service.now())
    page = (await client.get("/desk")).text
    assert listed(page) == [D1]
    assert "等您接的" in page
    assert (await post(client, f"/desk/records/{D1}/accept-transfer")).status_code == 303
    page = (await client.get("/desk")).text
    assert listed(page) == [D1]
    assert "等您接的" not in page
