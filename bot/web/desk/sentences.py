"""The desk page where sentences that were not understood get their right intent, in one tap."""

from collections.abc import Sequence
from typing import Any

import structlog
from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.learning.deciding import (
    LABELLED,
    WAITING,
    check_may_judge,
    drop,
    label,
    sees_nowhere,
    take_back,
)
from bot.learning.learned import write_learned
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import Site, site_of
from nlu.intent_names import IntentName, chinese, intent_names
from nlu.types import Intent
from storage.models.misheard import Misheard

PAGE = 20
GROUPS = ("办事", "说话")

DeskRequest = Request[SignedIn, Any, Any]
log = structlog.get_logger()


@get("/desk/sentences", include_in_schema=False)
async def sentence_list(request: DeskRequest, show: str = WAITING) -> Template:
    """Sentences that wait for their intent, or those that have one; supervisors only."""
    site = site_of(request)
    status = LABELLED if show == LABELLED else WAITING
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        check_may_judge(officer)
        place = (officer.region_code, sees_nowhere(officer, _home(site)))
        rows = await uow.misheard.page(status, *place, limit=PAGE)
        context = {
            "show": status,
            "lines": [line(row) for row in rows],
            "waiting": await uow.misheard.count(WAITING, *place),
            "labelled": await uow.misheard.count(LABELLED, *place),
            "groups": [(group, _named(group)) for group in GROUPS],
        }
        return await desk_page(uow, officer, "desk/sentences.html", context)


@post("/desk/sentences/{sentence_id:int}", include_in_schema=False)
async def judge_sentence(request: DeskRequest, sentence_id: int) -> Redirect:
    """Give a sentence its intent, drop it, or take an intent back."""
    site = site_of(request)
    form = await request.form()
    intent, do = str(form.get("intent") or ""), str(form.get("do") or "")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        if do == "drop":
            await drop(uow, officer, sentence_id, _home(site), site.now())
        elif do == "back":
            await take_back(uow, officer, sentence_id, _home(site), site.now())
        else:
            await label(uow, officer, sentence_id, intent, _home(site), site.now())
    if do != "drop":
        await _for_training(site)
    where = f"?show={LABELLED}" if do == "back" else ""
    return Redirect(f"/desk/sentences{where}", status_code=303)


def line(row: Misheard) -> dict[str, Any]:
    """A sentence in words, with the likeliest intents first."""
    return {
        "id": row.id,
        "text": row.text,
        "why": "对方说不是这个意思" if row.reason == "corrected" else "没听懂",
        "guess": chinese(row.guess),
        "sure": f"{row.confidence:.0%}",
        "times": row.times,
        "on": row.last_on.isoformat(),
        "label": chinese(row.label) if row.label else "",
        "quick": _likely(row),
    }


def _likely(row: Misheard) -> Sequence[IntentName]:
    """What the person picked, then the engine's two guesses, then 'not ours'; each once."""
    guesses = [row.guess, row.runner_up]
    if row.reason == "corrected":  # the first guess was wrong, by the person's own word
        guesses = [row.runner_up, row.guess]
    names = intent_names()
    wanted = [row.chosen, *guesses, Intent.OUT_OF_SCOPE]
    return [names[key] for key in dict.fromkeys(wanted) if key is not None and key in names]


def _named(group: str) -> list[IntentName]:
    return [known for known in intent_names().values() if known.group == group]


def _home(site: Site) -> str:
    return str(site.service.config.office.home_region)


async def _for_training(site: Site) -> None:
    """Keep the file for training up to date; a full disk must not undo the officer's work."""
    try:
        await write_learned(site.db, site.service.config.learned_file)
    except OSError as error:
        log.error("learned.not_written", error=type(error).__name__)


HANDLERS = (sentence_list, judge_sentence)
