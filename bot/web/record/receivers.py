"""To whom a record may be handed on, as the choices of a form."""

from bot.cases.records import Record
from bot.rights.territory import canonical, chain, covers, level
from bot.web import labels
from bot.web.changes.form import Options
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_BANNER = 2


async def receivers(uow: UnitOfWork, officer: Officer, record: Record) -> Options:
    """Places with officers, then officers: all banners and leagues, and what lies in one's own."""
    home = set(chain(officer.region_code)[:3])
    others = [
        other
        for other in await uow.officers.all()
        if other.active
        and other.id not in (officer.id, record.assigned_to_id)
        and (level(other.region_code) >= _BANNER or home <= set(chain(other.region_code)))
    ]
    units = sorted({canonical(other.region_code) for other in others})
    here = record.region_code
    places = [
        (f"place:{code}", labels.place_path(code)) for code in units if not covers(code, here)
    ]
    people = sorted(others, key=lambda other: (canonical(other.region_code), other.id))
    named = [
        (f"officer:{other.id}", f"{labels.place_short(other.region_code)} {other.name}")
        for other in people
    ]
    return (*places, *named)
