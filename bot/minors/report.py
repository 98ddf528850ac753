"""The yearly compliance audit of minors' data as one file without anybody's name in it."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from bot.minors.access import access
from bot.minors.held import held
from bot.minors.rights import consents, incidents, purged, requests
from bot.minors.year import Year, year_of
from bot.reports.made import Made
from bot.reports.model import Cell, Table
from bot.rights.territory import place_name
from bot.web import labels
from flows.policy.minors import load_minors_audit
from storage.models.officer import ApiToken
from storage.uow import UnitOfWork

TITLE = "未成年人个人信息保护合规审计底稿"
NOTES = (
    "只有数目，没有个人信息。数字由系统从数据库和日志里数出来；依据和措施是固定的话，每条写了出处。",
    "依据未成年人网络保护条例第37条。报送的表样以网信部门当年的通知为准。",
)


async def minors_audit(
    uow: UnitOfWork, number: int, region: str, by: str, now: datetime
) -> tuple[list[Table], Made]:
    """The tables of a year and a place, and who made them."""
    year = await year_of(uow, number, region)
    tables = [
        _duty(),
        *await held(uow, region),
        _purposes(),
        await consents(uow, year),
        *await access(uow, year),
        await accounts(uow, year, now),
        await requests(uow, year),
        await purged(uow, year),
        await incidents(uow, year),
        _sharing(),
        _measures(),
    ]
    place = place_name(region) or region
    made = Made(TITLE, place, f"{number}年", by, now, (*NOTES, *load_minors_audit().unknown))
    return tables, made


def _duty() -> Table:
    lines = tuple((Cell(fact.what), Cell(fact.cited)) for fact in load_minors_audit().duty)
    return Table("为什么要做", ("要求", "出处"), lines, widths=(3, 2))


def _purposes() -> Table:
    lines = tuple(
        (Cell(one.name), Cell(one.data), Cell(one.basis), Cell(one.cited))
        for one in load_minors_audit().purposes
    )
    heads = ("目的", "用到什么", "合法性基础", "出处")
    return Table("目的和合法性基础", heads, lines, widths=(2, 4, 4, 3))


def _sharing() -> Table:
    lines = tuple(
        (Cell(one.who), Cell(one.what), Cell(one.how), Cell(one.cited))
        for one in load_minors_audit().sharing
    )
    return Table("提供给谁", ("谁", "什么", "怎么给", "出处"), lines, widths=(3, 3, 4, 3))


def _measures() -> Table:
    lines = tuple((Cell(fact.what), Cell(fact.cited)) for fact in load_minors_audit().measures)
    return Table("安全措施", ("措施", "出处"), lines, widths=(3, 2))


async def accounts(uow: UnitOfWork, year: Year, now: datetime) -> Table:
    """How many may look, by role, and how many programs."""
    active = Counter(one.role for one in year.officers.values() if one.active)
    stopped = Counter(one.role for one in year.officers.values() if not one.active)
    query = select(ApiToken.officer_id, func.count()).where(ApiToken.revoked_at.is_(None))
    alive = query.where((ApiToken.expires_at.is_(None)) | (ApiToken.expires_at > now))
    tokens: Counter[str] = Counter()
    for officer, many in await uow.session.execute(alive.group_by(ApiToken.officer_id)):
        if officer in year.officers:
            tokens[year.officers[officer].role] += many
    roles = sorted({*active, *stopped, *tokens})
    lines = tuple(
        (
            Cell(labels.label(f"role.{role}")),
            Cell(active[role]),
            Cell(stopped[role]),
            Cell(tokens[role]),
        )
        for role in roles
    )
    heads = ("角色", "在用的账号", "停用的账号", "在用的接口令牌")
    return Table("账号和令牌（制表时）", heads, lines)
