"""Routes for commands that several kinds of record take: written once, offered where it is allowed.

Which kinds a command has is asked of the table of transitions, so the API cannot offer less than
the desk does.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, get_type_hints

from litestar.handlers import HTTPRouteHandler

from bot.handlers.transitions import TABLES
from bot.web.api import types as t
from bot.web.api.changes import Kinds, change, on_record
from bot.web.api.query import APPLICATIONS, CASES, REGISTRATIONS, ApiRequest, Reference
from flows import commands as c

Build: TypeAlias = Callable[[ApiRequest, str, Any], Awaitable[c.OfficerCommand]]
"""What a body says, as a command."""

_PATHS: Mapping[str, Kinds] = {
    "cases": CASES,
    "applications": APPLICATIONS,
    "registrations": REGISTRATIONS,
}


def on_each_kind(
    name: str, command: type[c.OfficerCommand]
) -> Callable[[Build], tuple[HTTPRouteHandler, ...]]:
    """One route for every kind of record that has the command; described by what builds it."""

    def routes(build: Build) -> tuple[HTTPRouteHandler, ...]:
        return tuple(
            _route(path, name, kinds, build)
            for path, kinds in _PATHS.items()
            if any(command in TABLES[kind] for kind in kinds)
        )

    return routes


def _route(path: str, name: str, kinds: Kinds, build: Build) -> HTTPRouteHandler:
    async def changed(request: ApiRequest, ref: Reference, data: t.Change) -> t.RecordDocument:
        return await change(request, kinds, await build(request, ref, data))

    changed.__name__ = f"{name.replace('-', '_')}_{path}"
    changed.__doc__ = build.__doc__
    changed.__annotations__["data"] = get_type_hints(build)["data"]
    return on_record(path, name)(changed)
