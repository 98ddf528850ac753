"""The JSON API put together, and its OpenAPI description (contract section 6)."""

from typing import Any, Literal

from litestar import Request, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web import (
    api_aid,
    api_baton,
    api_changes,
    api_life,
    api_outreach,
    api_people,
    api_reads,
    api_rectifications,
    api_reveal,
)
from bot.web.api_query import filters
from bot.web.api_types import Change
from bot.web.auth import bearer_guard

PATH = "/api/v1"

_HANDLERS = (
    api_reads.list_applications,
    api_reads.list_cases,
    api_reads.list_registrations,
    api_reads.get_application,
    api_reads.get_case,
    api_reads.get_registration,
    api_reads.list_sessions,
    api_reads.get_session,
    api_people.list_people,
    api_people.list_reminders,
    api_people.list_audit,
    api_rectifications.list_rectifications,
    api_reveal.reveal_case,
    api_reveal.reveal_application,
    api_reveal.reveal_registration,
    api_changes.visit_case,
    api_changes.return_case,
    api_changes.request_close,
    api_changes.approve_close,
    api_life.verify_case,
    api_life.name_responsible,
    api_life.set_plan,
    api_life.check_attendance,
    api_life.mark_duplicate,
    api_life.keep_paper,
    api_changes.accept_application,
    api_changes.return_application,
    api_changes.set_level,
    api_changes.approve_application,
    api_changes.reject_application,
    *api_aid.HANDLERS,
    *api_baton.HANDLERS,
    *api_outreach.HANDLERS,
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
    models: list[type[BaseModel]] = [Change, *Change.__subclasses__()]
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
