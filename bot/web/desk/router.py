"""The officers' desk put together of its rooms."""

from collections.abc import Sequence
from importlib import import_module

from litestar import Router
from litestar.types import ControllerRouterHandler

from bot.web.door.auth import desk_guard

_DOORS = ("bot.web.desk.login", "bot.web.desk.factor")
"""The rooms before the guard, or with guards of their own."""
_ROOMS = (
    "bot.web.desk.audit",
    "bot.web.desk.campaigns",
    "bot.web.desk.copy",
    "bot.web.desk.correct",
    "bot.web.desk.files",
    "bot.web.desk.importing",
    "bot.web.desk.incidents",
    "bot.web.desk.link",
    "bot.web.desk.logins",
    "bot.web.desk.me",
    "bot.web.desk.minors",
    "bot.web.desk.notices",
    "bot.web.desk.outreach",
    "bot.web.desk.parked",
    "bot.web.desk.pulse",
    "bot.web.desk.record",
    "bot.web.desk.rectifications",
    "bot.web.desk.rehearsal",
    "bot.web.desk.reports",
    "bot.web.desk.requests",
    "bot.web.desk.retention",
    "bot.web.desk.running",
    "bot.web.desk.sentences",
    "bot.web.desk.supervised",
    "bot.web.desk.training",
    "bot.web.desk.work",
    "bot.web.outreach.files",
)


def desk_router() -> Router:
    """Everything below /desk; all but signing in is behind the session."""
    guarded = Router("/", route_handlers=_handlers(_ROOMS), guards=[desk_guard])
    return Router("/", route_handlers=[*_handlers(_DOORS), guarded])


def _handlers(rooms: Sequence[str]) -> list[ControllerRouterHandler]:
    return [handler for room in rooms for handler in import_module(room).HANDLERS]
