"""Making and changing officers' accounts, each change in the audit log."""

from bot.actor import SYSTEM
from bot.cli.passwords import hashed, new_password
from bot.clock import utc_now
from bot.errors import NotFound, Refused
from storage.db import Database
from storage.kinds import Role

WHOLE_REGION = "150000"
FIRST_NAME = "admin"


async def first_officer(db: Database) -> tuple[str, str] | None:
    """Make the administrator when there is no officer yet; the name and the password, once."""
    async with db.read() as uow:
        if await uow.officers.all():
            return None
    password = new_password()
    await add_officer(db, FIRST_NAME, Role.ADMIN, WHOLE_REGION, password)
    return FIRST_NAME, password


async def add_officer(
    db: Database, name: str, role: Role, region: str, password: str, *, with_token: bool = False
) -> str:
    """Make an account; returns an API token if wanted, else "". Raises Refused on a taken name."""
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
        return await uow.officers.add_token(officer.id, "命令行") if with_token else ""


async def change_password(db: Database, name: str, password: str) -> None:
    """Set a new password. Raises NotFound for an unknown name."""
    password_hash = await hashed(password)
    async with db.write() as uow:
        officer = await uow.officers.by_name(name)
        if officer is None:
            raise NotFound(f"没有叫“{name}”的账号。")
        officer.password_hash = password_hash
        await uow.audit.add(
            utc_now(), SYSTEM.kind.value, None, "officer.passwd", detail={"officer": officer.id}
        )
