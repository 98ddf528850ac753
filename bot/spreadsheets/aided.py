"""Whether a child of a dropout case was granted aid: told by name and banner, so it is a hint."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.cases.records import Record
from bot.rights.territory import canonical
from storage.kinds import ApplicationStatus
from storage.models.application import Application
from storage.uow import UnitOfWork

HINT = "有（同旗县同名，请核对）"
_AT_ONCE = 500
_BANNER = 6


async def aided(uow: UnitOfWork, records: Sequence[Record]) -> dict[str, str]:
    """Reference → a hint, for those whose name has a granted application in the same banner."""
    names = sorted({record.name_key for record in records if record.name_key})
    granted: set[tuple[str, str]] = set()
    for start in range(0, len(names), _AT_ONCE):
        query = select(Application.name_key, Application.region_code).where(
            Application.name_key.in_(names[start : start + _AT_ONCE]),
            Application.status.in_((ApplicationStatus.APPROVED, ApplicationStatus.PAID)),
        )
        rows = (await uow.session.execute(query)).all()
        granted |= {(name or "", _banner(code)) for name, code in rows}
    found = (r for r in records if (r.name_key or "", _banner(r.region_code)) in granted)
    return {record.reference: HINT for record in found if record.region_code}


def _banner(code: str | None) -> str:
    return canonical(code)[:_BANNER] if code else ""
