"""Canned replies at the record's page, without JavaScript."""

from storage.kinds import RecordKind
from tests.web.conftest import Client, FakeService, add_officer, add_record
from tests.web.test_api import D1
from tests.web.test_desk import post, sign_in

PAGE = f"/desk/records/{D1}"


async def test_one_is_chosen_filled_and_not_sent_half_empty(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", child_name="小军")
    await sign_in(client, "乌云")
    page = (await client.get(PAGE)).text
    assert 'value="visit"' in page and 'value="paper_again"' not in page
    shown = (await client.get(f"{PAGE}?reply=visit")).text
    assert "我们想{哪天}去家里看看小军" in shown
    assert "{哪天}" not in (await client.get(f"{PAGE}?reply=nothing")).text
    refused = await post(client, f"{PAGE}/reply", text="我们想{哪天}去家里看看小军")
    assert refused.status_code == 422 and "还有空没有填：哪天" in refused.text
    assert (await post(client, f"{PAGE}/reply", text="我们想周五去看看小军")).status_code == 303
