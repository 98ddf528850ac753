"""What is not a file must be small: to take 48 MB of fields apart would hold up everybody.

The form token stands in the form, so a form is read before anything is known of its sender.
"""

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

from bot.web.door.origin import OUTSIDE, SAFE

LARGEST = 256 << 10
"""10,000 Chinese characters make 90 KB of a form."""

FILES = b"multipart/form-data"


class TooLarge(HTTPException):
    """The body is larger than any of our forms without a file."""

    status_code = 413
    detail = "the body is too large"


class PlainBodies(ASGIMiddleware):
    """Limits every body that holds no files; the API and the webhooks have limits of their own."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Raises TooLarge at once where the length is said, else once too much has come."""
        headers = dict(scope["headers"])
        is_free = str(scope.get("method", "GET")) in SAFE or scope["path"].startswith(OUTSIDE)
        if is_free or headers.get(b"content-type", b"").lower().startswith(FILES):
            await next_app(scope, receive, send)
            return
        said = headers.get(b"content-length", b"0")
        if said.isdigit() and int(said) > LARGEST:
            raise TooLarge
        come = 0

        async def counted() -> ReceiveMessage:
            nonlocal come
            message = await receive()
            if message["type"] == "http.request":
                come += len(message["body"])
                if come > LARGEST:
                    raise TooLarge
            return message

        await next_app(scope, counted, send)
