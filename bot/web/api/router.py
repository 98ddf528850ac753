"""The JSON API put together, and its OpenAPI description (contract section 6)."""

from typing import Any, Literal

from litestar import Request, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web.api import (
    aid,
    baton,
    changes,
    life,
    outreach,
    people,
    reads,
    rectifications,
    reveal,
)
from bot.web.api.query import filters
from bot.web.api.types import Body, Change
from bot.web.door.auth import bearer_guard

PATH = "/api/v1"

_HANDLERS = (
    reads.list_applications,
    reads.list_cases,
    reads.list_registrations,
    reads.get_application,
    reads.get_case,
    reads.get_registration,
    reads.list_sessions,
    reads.get_session,
    people.list_people,
    people.list_reminders,
    people.list_audit,
    *rectifications.HANDLERS,
    reveal.reveal_case,
    reveal.reveal_application,
    reveal.reveal_registration,
    changes.visit_case,
    changes.return_case,
    changes.request_close,
    changes.approve_close,
    life.verify_case,
    life.name_responsible,
    life.set_plan,
    life.check_attendance,
    life.mark_duplicate,
    life.keep_paper,
    changes.accept_application,
    changes.return_application,
    changes.set_level,
    changes.approve_application,
    changes.reject_application,
    *aid.HANDLERS,
    *baton.HANDLERS,
    *outreach.HANDLERS,
)


def api_router() -> Router:
    """All routes below /api/v1, each behind an officer's token."""
    return Router(
        PATH,
        route_handlers=_HANDLERS,
        guards=[bearer_guard],
        security=[{"bearer": []}],
        dependencies={"filters": Provide(filters, sync_to_thread=False)},
        request_max_body_size=1 << 20,
    )


class Description(JsonRenderPlugin):
    """The document with the bodies of the commands as pydantic itself describes them.

    Litestar's own description leaves out that unknown fields are refused.
    """

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The whole document as JSON."""
        components = openapi_schema["components"]
        schemas = {**components["schemas"], **_bodies()}
        return super().render(
            request, {**openapi_schema, "components": {**components, "schemas": schemas}}
        )


def _bodies() -> dict[str, Any]:
    models: list[type[BaseModel]] = [*Body.__subclasses__(), *Change.__subclasses__()]
    pairs: list[tuple[type[BaseModel], Literal["validation"]]] = [(m, "validation") for m in models]
    _, found = models_json_schema(pairs, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def openapi_config() -> OpenAPIConfig:
    """The description, as one JSON document and nothing else."""
    bearer = SecurityScheme(
        type="http", scheme="bearer", description="API token of an officer: bot officer add"
    )
    return OpenAPIConfig(
        title="育路 Yulu",
        version="1",
        description="Records of the education offices; limited to the officer's region and role.",
        path=f"{PATH}/openapi.json",
        use_handler_docstrings=True,
        render_plugins=[Description(path="/")],
        components=Components(security_schemes={"bearer": bearer}),
    )
