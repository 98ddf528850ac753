"""Where other programs post: Rasa's REST chat protocol and Telegram's webhook."""

import json
from hmac import compare_digest
from typing import Any

from litestar import Request, Response, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
)

from bot.channels import rest
from bot.web.site import site_of

TELEGRAM_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header

LARGEST_CALL = 256 << 10
LARGEST_UPDATE = 1 << 20

AnyRequest = Request[Any, Any, Any]


@post(
    "/webhooks/rest/webhook",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=LARGEST_CALL,
)
async def rest_webhook(request: AnyRequest) -> Response[list[dict[str, Any]]]:
    """One message in, the bot's answers out (contract section 4)."""
    site = site_of(request)
    _check_bearer(request, site.service.config.rest.token.get_secret_value())
    try:
        call = rest.read(await _json(request), site.now())
    except rest.BadMessage as bad:
        raise ClientException(str(bad)) from None
    await site.sender.take(site.db, call.sender, site.now())
    async with site.turnstile.turn(call.sender):
        await site.service.intake.settle(call.inbound)
        async with site.db.write(brief=True) as uow:
            answers = await rest.collect(uow, call, site.now())
    return Response(answers, media_type="application/json")


@post("/webhooks/telegram", include_in_schema=False, request_max_body_size=LARGEST_UPDATE)
async def telegram_webhook(request: AnyRequest) -> Response[None]:
    """One update of Telegram, checked and taken by the channel."""
    telegram = site_of(request).service.telegram
    if telegram is None:
        raise NotFoundException("the Telegram channel is off")
    secret = request.headers.get(TELEGRAM_SECRET)
    if not telegram.admits(secret):
        return Response(None, status_code=403)  # before anything of the body is read
    body = await _json(request)
    if not isinstance(body, dict):
        raise ClientException("the body must be a JSON object")
    status = await telegram.webhook(body, secret)
    return Response(None, status_code=status)


def _check_bearer(request: AnyRequest, token: str) -> None:
    """Raise NotFound while the channel is off, NotAuthorized without its token."""
    if not token:
        raise NotFoundException("the REST channel is off")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise NotAuthorizedException(
            "a bearer token is needed", headers={"www-authenticate": "Bearer"}
        )


async def _json(request: AnyRequest) -> Any:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise ClientException("the body is not JSON") from None
