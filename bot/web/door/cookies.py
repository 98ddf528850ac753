"""Names and marks of our cookies: over https none can be set by, or leak to, another host."""

from typing import Literal

from litestar.datastructures import Cookie

from bot.web.site import Connection, Site

HOST_ONLY = "__Host-"
SESSION = "yulu_desk"
DEVICE = "yulu_device"
FORM = "yulu_form"
TICKET = "yulu_chat"


def name_of(name: str, https: bool) -> str:
    """`__Host-` makes a browser insist on https, on this host alone and on the path /."""
    return f"{HOST_ONLY}{name}" if https else name


def read(connection: Connection, site: Site, name: str) -> str:
    """The value of one of our cookies, or nothing."""
    return connection.cookies.get(name_of(name, site.https), "")


def make(
    site: Site,
    name: str,
    value: str,
    seconds: int,
    *,
    path: str = "/",
    samesite: Literal["lax", "strict"] = "lax",
) -> Cookie:
    """One of our cookies: never for scripts, only over https where the site has it."""
    return Cookie(
        key=name_of(name, site.https),
        value=value,
        path="/" if site.https else path,
        max_age=seconds,
        httponly=True,
        samesite=samesite,
        secure=site.https,
    )
