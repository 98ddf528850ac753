"""Making and changing officers' accounts, each change in the audit log."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from bot.clock import utc_now
from bot.errors import NotFound, Refused
from bot.login.passwords import hashed, new_password
from bot.rights.actor import SYSTEM
from storage.db import Database
from storage.kinds import Role
from storage.models.officer import ApiToken, Officer
from storage.uow import UnitOfWork

WHOLE_REGION = "150000"
FIRST_NAME = "admin"


async def first_officer(db: Database) -> tuple[str, str] | None:
    """Make the administrator when there is no officer yet; the name and the password, once."""
    async with db.read() as uow:
        if await uow.officers.all():
            return None
    password = new_password()
    try:
        await add_officer(db, FIRST_NAME, Role.ADMIN, WHOLE_REGION, password)
    except (Refused, IntegrityError):  # another process starts too, and was faster
        return None
    return FIRST_NAME, password


async def add_officer(
    db: Database, name: str, role: Role, region: str, password: str, *, token_days: int = 0
) -> str:
    """Make an account; returns an API token for so many days, if any. Raises Refused."""
    if not name:
        raise Refused("名字不能是空的。")
    now = utc_now()
    password_hash = await hashed(password)
    async with db.write() as uow:
        if await uow.officers.by_name(name) is not None:
            raise Refused(f"已经有叫“{name}”的账号了，请换一个名字。")
        officer = await uow.officers.add(
            name=name, role=role, region_code=region, password_hash=password_hash, now=now
        )
        detail = {"officer": officer.id, "role": str(role), "region": region}
        await uow.audit.add(now, SYSTEM.kind.value, None, "officer.add", detail=detail)
        if not token_days:
            return ""
        end = now + timedelta(days=token_days)
        return await uow.officers.add_token(officer.id, "命令行", now, end)


async def change_password(db: Database, name: str, password: str) -> None:
    """Set a new password and sign the officer out everywhere. Raises NotFound."""
    password_hash = await hashed(password)
    async with db.write() as uow:
        officer = await _named(uow, name)
        officer.password_hash = password_hash
        await uow.desk_sessions.end_all(officer.id)
        await _audit(uow, "officer.passwd", officer)


async def reset_factor(db: Database, name: str) -> bool:
    """Take an officer's second factor away, for instance after the telephone was lost.

    False when there was none. Raises NotFound for an unknown name.
    """
    async with db.write() as uow:
        officer = await _named(uow, name)
        had_one = await uow.second_factors.remove(officer.id)
        await uow.desk_sessions.end_all(officer.id)
        if had_one:
            told = "技术员重设了您的第二步验证。要不是您要求的，请马上问技术员。"
            await uow.notices.add(officer.id, None, told, utc_now())
        await _audit(uow, "officer.reset_factor", officer, had_one=had_one)
        return had_one


async def switch(db: Database, name: str, active: bool) -> None:
    """Switch an account on or off; off, its browsers and its tied chat are let go.

    API tokens of an account that is off do not work. Raises NotFound for an unknown name.
    """
    async with db.write() as uow:
        officer = await _named(uow, name)
        officer.active = active
        if not active:
            await uow.desk_sessions.end_all(officer.id)
            officer.conversation_id = None
        await _audit(uow, "officer.on" if active else "officer.off", officer)


async def new_token(db: Database, name: str, label: str, days: int) -> str:
    """An API token that ends by itself. Raises NotFound for an unknown name."""
    now = utc_now()
    async with db.write() as uow:
        officer = await _named(uow, name)
        await _audit(uow, "officer.token", officer, label=label)
        return await uow.officers.add_token(officer.id, label, now, now + timedelta(days=days))


async def revoke_token(db: Database, id: int) -> None:
    """A token that works no more. Raises NotFound for an unknown number."""
    async with db.write() as uow:
        key = await uow.session.get(ApiToken, id)
        if key is None:
            raise NotFound(f"没有编号是 {id} 的令牌。")
        key.revoked_at = key.revoked_at or utc_now()
        detail = {"officer": key.officer_id, "token": key.id}
        await uow.audit.add(
            utc_now(), SYSTEM.kind.value, None, "officer.token_revoked", detail=detail
        )


async def tokens(db: Database, name: str) -> list[ApiToken]:
    """The tokens of an officer. Raises NotFound for an unknown name."""
    async with db.read() as uow:
        return await uow.officers.tokens((await _named(uow, name)).id)


async def _named(uow: UnitOfWork, name: str) -> Officer:
    officer = await uow.officers.by_name(name)
    if officer is None:
        raise NotFound(f"没有叫“{name}”的账号。")
    return officer


async def _audit(uow: UnitOfWork, action: str, officer: Officer, **more: object) -> None:
    detail = {"officer": officer.id, **more}
    await uow.audit.add(utc_now(), SYSTEM.kind.value, None, action, detail=detail)
