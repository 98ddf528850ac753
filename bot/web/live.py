"""Answers pushed to an open chat page: server-sent events, or polling where there are none."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from litestar import Litestar, Request, get
from litestar.exceptions import NotAuthorizedException
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from bot.channels.webchat import NAME, address_of
from bot.login.throttle import TooMany
from bot.service.waiting import first_of
from bot.web.chat import ticket_of
from bot.web.door.addresses import client_of
from bot.web.record.transcript import Said, told_after
from bot.web.site import Site, site_of

POLL_SECONDS = 0.5
POLL_BESIDE_BELLS = 5.0
BEAT_SECONDS = 15.0
STREAM_SECONDS = 600.0
MOST_STREAMS = 6
MOST_OF_A_NETWORK = 200
RETRY_MILLISECONDS = 2000

AnyRequest = Request[Any, Any, Any]


@get("/chat/events", include_in_schema=False)
async def events(request: AnyRequest, after: int = 0) -> ServerSentEvent:
    """The stream of answers after a message; a reconnecting browser names the last one itself."""
    site, address = site_of(request), _address(request)
    network = client_of(request)
    listening = site.service.webchat.listeners(address)
    if listening >= MOST_STREAMS or site.streams[network] >= MOST_OF_A_NETWORK:
        raise TooMany(retry_after=30)  # the page then asks now and then instead
    last = request.headers.get("last-event-id", "")
    begin = int(last) if last.isdecimal() and last.isascii() else after
    return ServerSentEvent(_counted(site, network, stream(request.app, site, address, begin)))


@get("/chat/news", include_in_schema=False)
async def news(request: AnyRequest, after: int = 0) -> list[dict[str, Any]]:
    """The same answers once, for a browser that cannot hold a stream."""
    site = site_of(request)
    lines = await _news(site, _address(request), after)
    return [{"id": line.id, "html": _html(request.app, line)} for line in lines]


async def stream(
    app: Litestar, site: Site, address: str, after: int
) -> AsyncGenerator[ServerSentEventMessage, None]:
    """What is said at an address after a message, as it comes; ends by itself after minutes."""
    yield ServerSentEventMessage(data=None, comment="ready", retry=RETRY_MILLISECONDS)
    shown: set[int] = set()
    webchat = site.service.webchat
    now = asyncio.get_running_loop().time
    end, beat = now() + STREAM_SECONDS, now() + BEAT_SECONDS
    with webchat.listening(address) as bell:
        while now() < end:
            bell.clear()
            for line in await _news(site, address, after):
                if line.id in shown:
                    continue
                shown.add(line.id)
                after = max(after, line.id)
                yield ServerSentEventMessage(data=_html(app, line), event="said", id=line.id)
            if now() >= beat:
                beat = now() + BEAT_SECONDS
                yield ServerSentEventMessage(data=None, comment="still here")
            await first_of(bell, seconds=POLL_SECONDS if webchat.must_look else POLL_BESIDE_BELLS)


async def _counted(
    site: Site, network: str, messages: AsyncGenerator[ServerSentEventMessage, None]
) -> AsyncGenerator[ServerSentEventMessage, None]:
    """The same messages; counted against the network while they last."""
    site.streams[network] += 1
    try:
        async for message in messages:
            yield message
    finally:
        site.streams[network] -= 1
        if not site.streams[network]:
            del site.streams[network]


async def _news(site: Site, address: str, after: int) -> list[Said]:
    async with site.db.read() as uow:
        conversation = await uow.conversations.find(NAME, address)
        if conversation is None:
            return []
        return await told_after(uow, conversation.id, after, site.now())


def _html(app: Litestar, line: Said) -> str:
    engine = app.template_engine
    assert engine is not None  # noqa: S101 - the server is always built with one
    return str(engine.get_template("chat/said.html").render(line=line))


def _address(request: AnyRequest) -> str:
    ticket = ticket_of(request)
    if ticket is None:
        raise NotAuthorizedException("no conversation")
    return address_of(ticket)
