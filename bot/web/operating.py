"""For those who run the service: is this process ready, and the figures for Prometheus."""

from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST

from bot.watch.watch import is_ready
from bot.web.site import site_of

THROUGH_A_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""A request with one of these was not made on this machine, whatever its address says."""

AnyRequest = Request[Any, Any, Any]


@get("/ready", include_in_schema=False)
async def ready(request: AnyRequest) -> Response[dict[str, Any]]:
    """How each part is; 503 when a load balancer should send people elsewhere."""
    service = site_of(request).service
    parts = await service.watch.parts(service.is_ready)
    is_fit = is_ready(parts, service.watch.pulse)
    status = "draining" if service.watch.pulse.is_draining else "ready" if is_fit else "not ready"
    told = {part.name: {"state": part.state, "is": part.said} for part in parts}
    return Response({"status": status, "parts": told}, status_code=200 if is_fit else 503)


@get("/metrics", include_in_schema=False)
async def metrics(request: AnyRequest) -> Response[bytes]:
    """The figures, to this machine or to whoever has the token; to others there is no such page."""
    service = site_of(request).service
    token = service.config.metrics.token.get_secret_value()
    if not (_has_token(request, token) or _is_here(request)):
        if not token:
            raise NotFoundException
        raise NotAuthorizedException(
            "a bearer token is needed", headers={"www-authenticate": "Bearer"}
        )
    text = await service.watch.metrics()
    return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})


def _has_token(request: AnyRequest, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and right


def _is_here(request: AnyRequest) -> bool:
    """Whether a program of this machine asks, and not a proxy of this machine for somebody."""
    if request.client is None or any(name in request.headers for name in THROUGH_A_PROXY):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


HANDLERS = (ready, metrics)
