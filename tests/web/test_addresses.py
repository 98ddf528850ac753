"""Where a request comes from: believed only of a trusted proxy, kept only in part."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, get

from bot.config import Config, Web
from bot.service.serving import QuietServer, listen
from bot.web.door.addresses import client_of, masked, network_of


@pytest.mark.parametrize(
    ("address", "network", "kept"),
    [
        ("203.0.113.9", "203.0.113.9", "203.0.*.*"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.*.*"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64", "2001:db8:*"),
        ("fe80::1%eth0", "fe80::/64", "fe80::*"),
        ("testclient", "unknown", ""),
        ("", "unknown", ""),
        ("203.0.113.9, 10.0.0.1", "unknown", ""),
    ],
)
def test_addresses_are_counted_by_network_and_kept_in_part(
    address: str, network: str, kept: str
) -> None:
    assert (network_of(address), masked(address)) == (network, kept)


def test_a_proxy_is_trusted_only_when_there_is_one() -> None:
    assert Config().trusted_proxies == ()
    assert Config(web=Web(public_url="https://y.example")).trusted_proxies == ("127.0.0.1", "::1")
    named = Web(public_url="https://y.example", trusted_proxies=("10.0.0.2",))
    assert Config(web=named).trusted_proxies == ("10.0.0.2",)


@get("/who")
async def who(request: Request[Any, Any, Any]) -> str:
    return client_of(request)


async def seen(trusted: Sequence[str], forwarded: str) -> str:
    """Whom the real server takes a caller on this machine for."""
    socket = listen("127.0.0.1", 0)
    server = QuietServer(Litestar([who]), trusted)
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    await server.ready.wait()
    url = f"http://127.0.0.1:{socket.getsockname()[1]}/who"
    async with httpx.AsyncClient() as client:
        answer = await client.get(url, headers={"x-forwarded-for": forwarded})
    server.should_exit = server.force_exit = True
    await serving
    return answer.text


async def test_what_a_caller_claims_counts_only_through_a_proxy() -> None:
    assert await seen((), "198.51.100.7") == "127.0.0.1"
    assert await seen(("10.0.0.2",), "198.51.100.7") == "127.0.0.1"
    assert await seen(("127.0.0.1",), "198.51.100.7") == "198.51.100.7"
    assert await seen(("127.0.0.1",), "8.8.8.8, 198.51.100.7") == "198.51.100.7", "the proxy's word"
