"""Who an officer is: a bearer token for programs, a name and password for the desk."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.session.client_side import CookieBackendConfig

from bot.web.site import Connection, Site, client_of, site_of
from storage.models.officer import ApiToken, Officer
from storage.repositories.officers import USE_WORTH_NOTING
from storage.uow import UnitOfWork

SESSION_HOURS = 12
SESSION_COOKIE = "yulu_desk"
LONGEST_PASSWORD = 200

_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGF0IGFsbA$mYc4xyPPJyRBGUwrQv0ZP0G8T3Tz0H2Ik0rJYx0kq2s"
)
"""The hash of no password: an unknown name must take as long as a wrong password."""


@dataclass(frozen=True)
class SignedIn:
    """The officer of a request; the row itself is read anew in each transaction."""

    officer_id: int

    async def officer(self, uow: UnitOfWork) -> Officer:
        """The officer's row. Raises NotAuthorized when the account was switched off meanwhile."""
        officer = await uow.officers.get(self.officer_id)
        if officer is None or not officer.active:
            raise NotAuthorizedException("the account is switched off")
        return officer


async def bearer_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """Let only officers' tokens into the JSON API; guesses are limited by address."""
    site = site_of(connection)
    client = f"token {client_of(connection)}"
    site.token.check(client, site.now())
    scheme, _sep, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        now = site.now()
        async with site.db.read() as uow:
            found = await uow.officers.token(token.strip(), now)
        if found is not None:
            key, officer = found
            await _note_use(site, key, now)
            connection.scope["user"] = SignedIn(officer.id)
            return
        site.token.count(client, now)
    raise NotAuthorizedException(
        "a valid bearer token of an officer is needed", headers={"www-authenticate": "Bearer"}
    )


async def _note_use(site: Site, key: ApiToken, now: datetime) -> None:
    if key.last_used_at is None or now - key.last_used_at >= USE_WORTH_NOTING:
        async with site.db.write() as uow:
            await uow.officers.note_use(key.id, now)


async def desk_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """Let only signed-in officers to the desk; a changed password ends every session."""
    site = site_of(connection)
    session = connection.session
    officer_id, stamp = session.get("officer"), session.get("stamp")
    if isinstance(officer_id, int):
        async with site.db.read() as uow:
            officer = await uow.officers.get(officer_id)
            if officer is not None and officer.active and stamp == _stamp(officer):
                connection.scope["user"] = SignedIn(officer.id)
                return
    raise NotAuthorizedException("sign in first")


async def sign_in(site: Site, client: str, name: str, password: str) -> dict[str, Any] | None:
    """The session of a right name and password, else None. Raises TooMany."""
    now = site.now()
    by_name, by_client = f"name {name.strip()[:100]}", f"client {client}"
    site.login.check(by_name, now)
    site.login_address.check(by_client, now)
    async with site.db.read() as uow:
        officer = await uow.officers.by_name(name.strip())
        known = officer.password_hash if officer is not None and officer.active else None
    right = await asyncio.to_thread(_matches, known or _NOBODY, password[:LONGEST_PASSWORD])
    if officer is None or known is None or not right:
        site.login.count(by_name, now)
        site.login_address.count(by_client, now)
        await _trace(site, "login_failed", officer, now)
        return None
    site.login.forget(by_name)
    await _trace(site, "login", officer, now)
    return {"officer": officer.id, "stamp": _stamp(officer)}


def session_config(site: Site) -> CookieBackendConfig:
    """The desk's session: an encrypted cookie, so that a restart signs nobody out."""
    return CookieBackendConfig(
        secret=site.secret("desk session"),
        key=SESSION_COOKIE,
        max_age=SESSION_HOURS * 3600,
        path="/desk",
        httponly=True,
        secure=site.https,
        samesite="lax",
    )


async def _trace(site: Site, action: str, officer: Officer | None, now: datetime) -> None:
    if officer is not None:
        async with site.db.write() as uow:
            await uow.audit.add(now, "officer", officer.id, action)


def _matches(password_hash: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _stamp(officer: Officer) -> str:
    """Changes with the password and tells nothing about it."""
    return hashlib.sha256(f"stamp {officer.password_hash}".encode()).hexdigest()[:24]
