"""Every address of the service, with something in the place of its variables."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from litestar import Litestar

from tests.web.conftest import Client, form_token

_VARIABLE = re.compile(r"\{(\w+):(\w+)\}")
_VALUES = {"int": "1", "str": "x", "path": "/base.css"}


def addresses(app: Litestar, method: str, values: dict[str, str] | None = None) -> list[str]:
    """The addresses that take a method, by the route table of the server."""
    given = values or {}

    def put(found: re.Match[str]) -> str:
        return given.get(found[1], _VALUES[found[2]])

    return sorted(
        _VARIABLE.sub(put, route.path).replace("//", "/")
        for route in app.routes
        if method in getattr(route, "methods", ())
    )


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes."""
        self.found.append((tag, dict(attrs)))

    def running(self) -> Iterator[str]:
        """What would run or style from inside the page."""
        for tag, attrs in self.found:
            if tag == "style" or (tag == "script" and "src" not in attrs):
                yield f"<{tag}>"
            for name, value in attrs.items():
                is_link = name in ("href", "src", "action", "formaction")
                if name.startswith("on") or name == "style":
                    yield f"{tag} {name}"
                elif is_link and re.match(r"\s*(javascript|data|vbscript):", value or "", re.I):
                    yield f"{tag} {name}={value}"


async def post_with_token(client: Client, path: str, page: str, **more: Any) -> Any:
    """A form with the right token; the page it is taken from."""
    token = form_token((await client.get(page)).text)
    return await client.post(path, data={"_csrf_token": token}, follow_redirects=False, **more)
