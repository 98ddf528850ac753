"""Who an officer is: a bearer token for programs, a signed-in browser for the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from bot.web.door import cookies
from bot.web.door.addresses import client_of
from bot.web.door.session_life import LoggedIn, is_over, must_enrol, stamp_of
from bot.web.site import Connection, Site, site_of
from storage.kinds import Proof
from storage.models.officer import ApiToken, Officer
from storage.repositories.officers import USE_WORTH_NOTING
from storage.uow import UnitOfWork

LOGIN = "/desk/login"
CODE = "/desk/login/code"
ENROL = "/desk/factor"
SEEN_WORTH_NOTING = timedelta(minutes=5)


class Elsewhere(NotAuthorizedException):
    """Signing in is not done; `location` is the page that asks for the rest."""

    def __init__(self, location: str) -> None:
        super().__init__("sign in first")
        self.location = location


@dataclass(frozen=True)
class SignedIn:
    """The officer of a request; the row itself is read anew in each transaction."""

    officer_id: int
    session_id: int | None = None

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
            await site.account.take(site.db, f"token {key.id}", now)
            await _note_use(site, key, now)
            connection.scope["user"] = SignedIn(officer.id)
            return
        await site.token.take(site.db, client, now)
    raise NotAuthorizedException(
        "a valid bearer token of an officer is needed", headers={"www-authenticate": "Bearer"}
    )


async def desk_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """Let only officers to the desk who have shown all that their role must show."""
    logged_in = await _logged_in(connection)
    if must_enrol(site_of(connection), logged_in):
        raise Elsewhere(ENROL)


async def enrol_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """The same, but for the pages on which a second factor is set up."""
    await _logged_in(connection)


async def session_of(connection: Connection) -> LoggedIn | None:
    """The session of this browser, whatever it has proved, while it lasts."""
    site = site_of(connection)
    token = cookies.read(connection, site, cookies.SESSION)
    if not token:
        return None
    async with site.db.read() as uow:
        found = await uow.desk_sessions.by_token(token)
    if found is None:
        return None
    row, officer = found
    outdated = row.stamp != stamp_of(officer) or is_over(site, row)
    return None if outdated or not officer.active else LoggedIn(row, officer)


async def _logged_in(connection: Connection) -> LoggedIn:
    """Raises Elsewhere with the page to go to, TooMany for an account that floods."""
    site, found = site_of(connection), await session_of(connection)
    if found is None:
        raise Elsewhere(LOGIN)
    if found.session.proof == Proof.FIRST:
        raise Elsewhere(CODE)
    now = site.now()
    await site.account.take(site.db, f"desk {found.officer.id}", now)
    if now - found.session.seen_at >= SEEN_WORTH_NOTING:
        async with site.db.write() as uow:
            await uow.desk_sessions.touch(found.session.id, now)
    connection.scope["user"] = SignedIn(found.officer.id, found.session.id)
    return found


async def _note_use(site: Site, key: ApiToken, now: datetime) -> None:
    if key.last_used_at is None or now - key.last_used_at >= USE_WORTH_NOTING:
        async with site.db.write() as uow:
            await uow.officers.note_use(key.id, now)
