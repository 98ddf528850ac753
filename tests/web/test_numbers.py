"""A number too long for any row, or none at all, is answered and not an error of ours."""

import pytest

from bot.web.numbers import row_number
from storage.kinds import RecordKind
from tests.web.conftest import Client, FakeService, add_record
from tests.web.test_desk import desk_of, post

REFERENCE = "D26-0000-013"


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "１２", "²", "x", "9" * 19, "9" * 5000])
def test_what_no_row_can_have_is_no_number(text: str) -> None:
    assert row_number(text) is None


def test_a_rows_number_is_read() -> None:
    assert (row_number("0"), row_number("12"), row_number("9" * 18)) == (0, 12, 10**18 - 1)


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "１２"])
async def test_the_desk_answers_any_number(
    client: Client, service: FakeService, number: str
) -> None:
    await desk_of(client, service)
    await add_record(service, REFERENCE, RecordKind.DROPOUT_CASE, status="reported")
    rows = await client.get(
        "/desk/reports/rows", params={"kind": "dropout_case", "session": number}
    )
    assert rows.status_code == 200
    seen = await post(client, "/desk/notices", last=number)
    assert seen.status_code == 303
    path = f"/desk/records/{REFERENCE}/note"
    typed = {"text": "去过了", "version": number, "seen": number}
    assert (await post(client, path, **typed)).status_code in (303, 409)
    fault = await post(client, "/desk/rectifications/1/close", version=number)
    assert fault.status_code == 404
