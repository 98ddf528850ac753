"""The HTTP side put together: pages, API, webhooks, static files, and the rules for all of them."""

import importlib.util
from enum import Enum, auto
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.openapi.config import OpenAPIConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler
from sqlalchemy import text

from bot.web import chat, labels, live, operating, webhooks
from bot.web.door import cookies
from bot.web.door.crowd import Crowd
from bot.web.door.headers import security_headers
from bot.web.door.origin import OUTSIDE, OwnOrigin
from bot.web.door.path_numbers import possible_numbers
from bot.web.door.plain_bodies import PlainBodies
from bot.web.door.request_trail import RequestTrail, note_answer
from bot.web.door.sealed_spool import seal_uploads
from bot.web.problems import on_error
from bot.web.site import Service, Site, site_of

HERE = Path(__file__).parent
OUTSIDE_CSRF = [f"^{path}" for path in OUTSIDE]
"""Other programs call these; they carry a bearer token or a webhook's own secret, no cookie."""

LARGEST_BODY = 48 << 20


class Served(Enum):
    """How much of it one application serves."""

    STATES = auto()
    """How the process is, and nothing else."""
    CHAT = auto()
    """Also what families and other programs write to."""
    ALL = auto()
    """Also the desk and the API."""


def create_server(
    service: Service, served: Served = Served.ALL, site: Site | None = None
) -> Litestar:
    """The ASGI application of one process."""
    site = site or Site(service)
    seal_uploads()
    return Litestar(
        route_handlers=[*_states(), *_pages(served)],
        state=State({"site": site}),
        template_config=TemplateConfig(
            directory=HERE / "templates", engine=JinjaTemplateEngine, engine_callback=_template_ways
        ),
        csrf_config=CSRFConfig(
            secret=site.secret("csrf").hex(),
            cookie_name=cookies.name_of(cookies.FORM, site.https),
            cookie_path="/",
            cookie_httponly=True,
            cookie_secure=site.https,
            exclude=OUTSIDE_CSRF,
        ),
        middleware=[RequestTrail(), Crowd(), OwnOrigin(), PlainBodies()],
        guards=[possible_numbers],
        exception_handlers={Exception: on_error},
        before_send=[security_headers(site.https), note_answer],
        openapi_config=_described(served),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )


@get("/health", include_in_schema=False)
async def health(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """200 once the service can answer people; 503 before, or when the database does not answer."""
    try:
        async with site_of(request).db.read() as uow:
            await uow.session.execute(text("SELECT 1"))
    except Exception:
        return Response({"status": "no database"}, status_code=503)
    if not site_of(request).service.is_ready:
        return Response({"status": "loading"}, status_code=503)
    return Response({"status": "ok"})


def _states() -> list[ControllerRouterHandler]:
    """How the process is: what whoever watches over it asks, of a worker too."""
    return [health, *operating.HANDLERS]


def _pages(served: Served) -> list[ControllerRouterHandler]:
    if served is Served.STATES:
        return []
    return [*_chat(), *(_offices() if served is Served.ALL else [])]


def _offices() -> list[ControllerRouterHandler]:
    from bot.web.api.router import api_router  # large: see in_two_steps
    from bot.web.desk.router import desk_router

    return [api_router(), desk_router()]


def _described(served: Served) -> OpenAPIConfig | None:
    if served is not Served.ALL:
        return None
    from bot.web.api.router import openapi_config

    return openapi_config()


def _chat() -> list[ControllerRouterHandler]:
    month = CacheControlHeader(max_age=30 * 24 * 3600, public=True)
    day = CacheControlHeader(max_age=3600, public=True)
    return [
        chat.chat_page,
        chat.send_message,
        chat.own_file,
        chat.form_token,
        chat.forget,
        live.events,
        live.news,
        webhooks.rest_webhook,
        webhooks.telegram_webhook,
        create_static_files_router(
            "/static/htmx", [_htmx()], name="htmx", cache_control=month, include_in_schema=False
        ),
        create_static_files_router(
            "/static", [HERE / "static"], cache_control=day, include_in_schema=False
        ),
    ]


def _htmx() -> Path:
    """Where the installed package keeps its script; it is found without being imported."""
    spec = importlib.util.find_spec("js_lib_htmx")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package django-js-lib-htmx is not installed")
    return Path(spec.origin).parent / "static" / "htmx"


def _template_ways(engine: JinjaTemplateEngine) -> None:
    engine.engine.trim_blocks = engine.engine.lstrip_blocks = True
    engine.engine.filters.update(clock=labels.clock, label=labels.label)
