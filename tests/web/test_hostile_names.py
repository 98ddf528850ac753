"""A name, a school, a note written to run in an officer's browser: on every page it stays text."""

from typing import Any

import pytest

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import RecordKind, Role
from tests.web.conftest import BANNER, Client, FakeService, add_record
from tests.web.test_chat import open_page, say
from tests.web.test_desk import desk_of, post
from tests.web.test_desk_rooms import park
from tests.web.walk import Tags, addresses

NASTY = "\"'><xss onload=alert(1)><script>xss()</script>{{7*7}}</textarea></title></td>"
D1, A1, E1 = "D26-0000-013", "A26-0000-013", "E26-0000-013"
FILES = ("/file", "/form/", "/template", "/picture.svg", "qr.svg", "/static/", "/api/", "/files/")


async def plant(client: Client, service: FakeService) -> None:
    """Put it wherever a family, a stranger or a colleague can write."""
    await desk_of(client, service, Role.ADMIN, "150000")
    slots: dict[str, Any] = dict.fromkeys(
        ("child_name", "school", "guardian_name", "whereabouts"), NASTY
    )
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", address="a", **slots)
    await add_record(service, A1, address="b", **slots, applicant_name=NASTY)
    await add_record(
        service, E1, RecordKind.ESCALATION, status="open", type="human", detail=NASTY, **slots
    )
    await park(service, NASTY)
    async with service.db.write() as uow:
        officer = await uow.officers.by_name("王芳")
        assert officer is not None
        officer.name = NASTY[:100]
        for reference in (D1, A1, E1):
            note = c.AddNote(reference, text=NASTY)
            await handle(uow, note, Actor.officer(officer), service.now())
        await uow.notices.add(officer.id, D1, NASTY, service.now())
    await post(
        client, "/desk/trainings", title=NASTY, region=BANNER, starts_on="2026-12-01", seats="30"
    )
    for form in ({"title": NASTY}, {"q": NASTY}):
        await post(client, "/desk/rectifications", **form)


@pytest.mark.slow
@pytest.mark.parametrize("reference", [D1, A1, E1])
async def test_no_page_of_the_desk_runs_what_somebody_wrote(
    client: Client, service: FakeService, reference: str
) -> None:
    await plant(client, service)
    shown, pages = 0, [*addresses(client.app, "GET", {"ref": reference, "name": "cases"})]
    pages = [path for path in pages if not any(part in path for part in FILES)]
    pages += [f"/desk?q={NASTY}", f"/desk?view=all&closed=1&q={NASTY[:20]}", "/desk?view=all"]
    pages += [f"/desk/audit?reference={NASTY}", f"/desk/reports/rows?name={NASTY}"]
    for path in pages:
        if path == "/chat/events":
            continue
        answer = await client.get(path)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        tags = Tags(answer.text)
        assert [tag for tag, _ in tags.found if tag == "xss"] == [], path
        assert list(tags.running()) == [], path
        assert "49</textarea>" not in answer.text, path
        shown += "&lt;xss" in answer.text
    assert shown >= 8, "the name was really shown"


async def test_the_chat_shows_what_was_said_as_text(client: Client, service: FakeService) -> None:
    await say(client, await open_page(client), NASTY)
    page = (await client.get("/")).text
    tags = Tags(page)
    assert "&lt;xss" in page and "xss" not in {tag for tag, _ in tags.found}
    news: Any = (await client.get("/chat/news?after=0")).json()
    assert news and all("<xss" not in line["html"] for line in news)


async def test_a_hostile_name_on_the_login_page_stays_text(client: Client) -> None:
    token = (await client.get("/desk/login")).text.split('_csrf_token" value="')[1].split('"')[0]
    form = {"_csrf_token": token, "name": NASTY, "password": "x"}
    page = (await client.post("/desk/login", data=form)).text
    assert "xss" not in {tag for tag, _ in Tags(page).found} and "&lt;xss" in page


def test_the_look_at_a_page_would_notice() -> None:
    for page in (
        "<p onclick=x>",
        "<style>a{}</style>",
        "<script>x</script>",
        '<a href=" javascript:x">',
        '<b style="color:red">',
    ):
        assert list(Tags(page).running()) != [], page
    assert list(Tags('<script src="/static/a.js"></script><a href="/desk">').running()) == []
