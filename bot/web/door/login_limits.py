"""How often somebody may try a password or a code: counted for all processes, over restarts.

Guessing is slowed by name and by address. A browser in which an officer has signed in before has a
mark and a measure of its own, so that a stranger who uses up a name's measure locks nobody out.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from bot.login.throttle import Limit, TooMany
from bot.web.site import Site

BY_HAND = Limit(5, timedelta(minutes=15))
BY_NAME = Limit(30, timedelta(hours=1))
BY_ADDRESS = Limit(40, timedelta(minutes=15))
BY_CODE = Limit(5, timedelta(minutes=15))
DEVICE_DAYS = 180


async def take(site: Site, *counted: tuple[str, Limit]) -> None:
    """Count one attempt for each caller. Raises TooMany."""
    now = site.now()
    async with site.db.write() as uow:
        for caller, limit in counted:
            wait = await uow.attempts.take(caller, now, limit.attempts, limit.window)
            if wait is not None:
                raise TooMany(wait.total_seconds())


def of_password(site: Site, client: str, name: str, device: str) -> Sequence[tuple[str, Limit]]:
    """What a try of a password counts for."""
    short = name[:100]
    address = (f"address {client}", BY_ADDRESS)
    if is_known(site, device, name):
        return (own_measure(site, client, name, device), BY_HAND), address
    return (own_measure(site, client, name, device), BY_HAND), (f"name {short}", BY_NAME), address


def own_measure(site: Site, client: str, name: str, device: str) -> str:
    """The measure that a right password empties."""
    if is_known(site, device, name):
        return f"device {device[:100]}"
    return f"pair {client} {name[:100]}"


def of_code(officer_id: int) -> tuple[str, Limit]:
    """What a try of a one-time code counts for."""
    return f"code {officer_id}", BY_CODE


def new_mark(site: Site, name: str) -> str:
    """The mark of a browser in which this officer has signed in."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signature(site, nonce, name)}"


def is_known(site: Site, device: str, name: str) -> bool:
    """Whether the browser's mark is ours and of this officer."""
    nonce, _, signature = device.partition(".")
    right = _signature(site, nonce, name)
    return hmac.compare_digest(signature.encode(), right.encode())


def _signature(site: Site, nonce: str, name: str) -> str:
    key = site.secret("known device")
    return hmac.new(key, f"{nonce} {name}".encode(), sha256).hexdigest()
