"""Signing in at the desk, step by step: the password, then a code where there is a factor."""

from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from litestar.datastructures import Cookie

from bot.login import passwords, second_factor
from bot.login.throttle import Limit, TooMany
from bot.web.door import cookies, login_limits, session_life
from bot.web.door.addresses import client_of, masked
from bot.web.door.auth import SignedIn
from bot.web.door.session_life import LoggedIn
from bot.web.site import Connection, Site
from storage.kinds import Proof
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DEVICE_SECONDS = login_limits.DEVICE_DAYS * 24 * 3600
WARNING = "有人用对了您的密码，可是验证码一直不对。要不是您自己，请马上换密码。"
USED_UP = "刚用掉一个恢复码登录，还剩 {left} 个。不是您自己？请马上换密码，再换一组恢复码。"

log = structlog.get_logger()


@dataclass(frozen=True)
class Step:
    """What a step of signing in led to: a session with its cookies, or nothing."""

    proof: Proof
    cookies: list[Cookie] = field(default_factory=list)


async def try_password(site: Site, connection: Connection, name: str, password: str) -> Step | None:
    """The next step after a right name and password, else None. Raises TooMany."""
    name, client = name.strip(), client_of(connection)
    device = cookies.read(connection, site, cookies.DEVICE)
    await login_limits.take(site, *login_limits.of_password(site, client, name, device))
    async with site.db.read() as uow:
        officer = await uow.officers.by_name(name)
    known = officer.password_hash if officer is not None and officer.active else None
    async with site.hashing:
        right = await passwords.is_right(known, password)
    if officer is None or known is None or not right:
        await _failed(site, connection, officer)
        return None
    newer = await passwords.hashed(password) if passwords.is_outdated(known) else None
    async with site.db.write() as uow:
        await uow.attempts.forget(login_limits.own_measure(site, client, name, device))
    async with site.db.write() as uow:
        return await _right(uow, site, connection, officer.id, newer)


async def try_code(
    site: Site, connection: Connection, logged_in: LoggedIn, code: str
) -> Step | None:
    """A full session after the code of the telephone or a recovery code. Raises TooMany."""
    officer, now = logged_in.officer, site.now()
    await _take_code(site, officer)
    async with site.db.write() as uow:
        way = "login"
        if not await second_factor.takes_code(uow, officer.id, code, now):
            if not await uow.second_factors.use_code(officer.id, code, now):
                await uow.audit.add(now, "officer", officer.id, "factor_failed")
                return None
            way = "login_recovery"
            left = await uow.second_factors.codes_left(officer.id)
            await uow.notices.add(officer.id, None, USED_UP.format(left=left), now)
        await uow.desk_sessions.end(logged_in.session.id)
        cookie = await session_life.begin(uow, site, connection, officer, Proof.FACTOR)
        await uow.audit.add(now, "officer", officer.id, way)
    async with site.db.write() as uow:
        await uow.attempts.forget(login_limits.of_code(officer.id)[0])
    return Step(Proof.FACTOR, [cookie, mark_of(site, officer)])


async def count_code(site: Site, officer: Officer) -> None:
    """Count a try of a code at the desk. Raises TooMany."""
    await login_limits.take(site, login_limits.of_code(officer.id))


def code_limit(signed_in: SignedIn) -> tuple[str, Limit]:
    """What a try of a code counts for, to be counted in the caller's transaction."""
    return login_limits.of_code(signed_in.officer_id)


def mark_of(site: Site, officer: Officer) -> Cookie:
    """The mark of a browser that an officer has signed in with."""
    mark = login_limits.new_mark(site, officer.name)
    return cookies.make(site, cookies.DEVICE, mark, DEVICE_SECONDS, path="/desk", samesite="strict")


async def _right(
    uow: UnitOfWork, site: Site, connection: Connection, officer_id: int, newer: str | None
) -> Step | None:
    """A session in the place of whatever this browser had before."""
    now, rules = site.now(), site.service.config.security
    officer = await uow.officers.get(officer_id, lock=True)
    if officer is None or not officer.active:
        return None
    if newer is not None:
        officer.password_hash = newer
        await uow.desk_sessions.restamp(officer.id, session_life.stamp_of(officer))
    await uow.desk_sessions.forget_old(
        now - timedelta(hours=rules.session_hours), now - timedelta(minutes=rules.idle_minutes)
    )
    before = await uow.desk_sessions.by_token(cookies.read(connection, site, cookies.SESSION))
    if before is not None:
        await uow.desk_sessions.end(before[0].id)
    factor = await uow.second_factors.of(officer.id)
    has_factor = factor is not None and factor.confirmed_at is not None
    proof = Proof.FIRST if has_factor else Proof.PLAIN
    cookie = await session_life.begin(uow, site, connection, officer, proof)
    if has_factor:
        return Step(proof, [cookie])
    await uow.audit.add(now, "officer", officer.id, "login")
    return Step(proof, [cookie, mark_of(site, officer)])


async def _failed(site: Site, connection: Connection, officer: Officer | None) -> None:
    """Write down that it failed and about where; never the name that was tried: it may be a
    password in the wrong field."""
    where = masked(connection.client.host if connection.client else "")
    log.warning("login.failed", known=officer is not None, address=where)
    async with site.db.write() as uow:
        await uow.attempts.forget_old(site.now())
        await uow.audit.add(
            site.now(),
            "officer",
            officer.id if officer is not None else None,
            "login_failed",
            detail={"address": where},
        )


async def _take_code(site: Site, officer: Officer) -> None:
    """Raises TooMany; the owner is warned, since whoever is here knows the password."""
    try:
        await count_code(site, officer)
    except TooMany:
        async with site.db.write() as uow:
            if all(notice.text != WARNING for notice in await uow.notices.unseen(officer.id)):
                await uow.notices.add(officer.id, None, WARNING, site.now())
        raise
