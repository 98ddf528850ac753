"""Who answers for a record: the nearest level that has somebody, the least loaded of them.

Never nobody: a place without officers goes to the administrators.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.rights.territory import TOP, covers, level
from flows.policy.loader import load
from storage.kinds import CLOSED_STATUSES, Role
from storage.models.application import Application
from storage.models.case import Case
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_SUPERVISING = frozenset({Role.SUPERVISOR, Role.ADMIN})


@dataclass(frozen=True)
class Route:
    """The officers of one level and the one of them who answers; all empty without any officer."""

    level: int
    officers: tuple[Officer, ...]
    answerable: Officer | None


async def route(uow: UnitOfWork, region: str | None, at_least: int = 0) -> Route | None:
    """The nearest level from `at_least` up that has officers; None when no level has.

    Levels are steps of the ladder, 0 嘎查 to 4 自治区.
    """
    covering = [o for o in await _active(uow) if covers(o.region_code, region)]
    higher = [o for o in covering if level(o.region_code) >= at_least]
    if not higher:
        return None
    nearest = min(level(o.region_code) for o in higher)
    team = tuple(o for o in higher if level(o.region_code) == nearest)
    return Route(nearest, team, await least_loaded(uow, team))


async def catch_all(uow: UnitOfWork, region: str | None) -> Route:
    """Whom sla.yaml names for a place without officers, else all administrators."""
    active = await _active(uow)
    rules = [rule for rule in load().sla.catch_all if region and covers(rule.scope, region)]
    for rule in sorted(rules, key=lambda rule: level(rule.scope)):
        named = tuple(o for o in active if o.name == rule.officer)
        if named:
            return Route(level(rule.scope), named, named[0])
    admins = tuple(o for o in active if o.role == Role.ADMIN)
    return Route(TOP, admins, await least_loaded(uow, admins))


async def supervisors(uow: UnitOfWork, region: str | None) -> tuple[Officer, ...]:
    """Those of the nearest level who may approve and must hear of emergencies."""
    covering = [o for o in await _active(uow) if covers(o.region_code, region)]
    leading = [o for o in covering if o.role in _SUPERVISING]
    nearest = min((level(o.region_code) for o in leading), default=TOP)
    return tuple(o for o in leading if level(o.region_code) == nearest)


async def least_loaded(uow: UnitOfWork, officers: Sequence[Officer]) -> Officer | None:
    """The one with the fewest open records; clerks and administrators only when nobody else is."""
    if not officers:
        return None
    loads = await _loads(uow)
    last = {Role.CLERK: 2, Role.ADMIN: 1}
    return min(officers, key=lambda o: (last.get(Role(o.role), 0), loads.get(o.id, 0), o.id))


async def _active(uow: UnitOfWork) -> list[Officer]:
    return [officer for officer in await uow.officers.all() if officer.active]


async def _loads(uow: UnitOfWork) -> dict[int, int]:
    loads: dict[int, int] = {}
    for model in (Application, Case):
        counted = (
            select(model.assigned_to_id, func.count())
            .where(model.assigned_to_id.is_not(None), model.status.not_in(CLOSED_STATUSES))
            .group_by(model.assigned_to_id)
        )
        for officer_id, count in await uow.session.execute(counted):
            if officer_id is not None:
                loads[officer_id] = loads.get(officer_id, 0) + count
    return loads
