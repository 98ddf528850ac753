"""Mandarin training: seats offered, taken and used, session by session and place by place."""

from bot.reports.folding import by_unit, sums, total
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.scope import Scope, month_days
from bot.rights.territory import place_name
from storage.kinds import RecordKind
from storage.kinds import RegistrationStatus as R
from storage.models.training import TrainingSession
from storage.uow import UnitOfWork

HEADING = Heading(
    "training",
    "普通话培训",
    "开了多少班、多少名额，报了多少人，来了多少人。",
)

KIND = RecordKind.TRAINING_REGISTRATION
MOST_SESSIONS = 200
_HELD = (R.BOOKED, R.ATTENDED, R.ABSENT)
_COLUMNS = {"候补": (R.WAITLISTED,), "到课": (R.ATTENDED,), "缺课": (R.ABSENT,)}
_REGISTERED = {
    "已报名": (R.BOOKED,),
    "候补": (R.WAITLISTED,),
    "只登记了意向": (R.INTERESTED,),
    "到课": (R.ATTENDED,),
    "缺课": (R.ABSENT,),
    "取消": (R.CANCELLED,),
}


async def training_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a place and time."""
    days = month_days(scope.first)[0], month_days(scope.last)[1]
    sessions = await uow.counts.sessions(*days, scope.prefixes, MOST_SESSIONS)
    taken = await uow.counts.places_taken([session.id for session in sessions])
    told = await uow.counts.tally(scope.query(KIND), scope.prefixes, (scope.by, "status"))
    steps = [
        Spot("名额", sum(session.seats or 0 for session in sessions)),
        Spot("报上名", sum(many for (_, status), many in taken.items() if status in _HELD)),
        Spot("到课", sum(many for (_, status), many in taken.items() if status == R.ATTENDED)),
    ]
    funnel = Chart("funnel", "名额用了多少", tuple(steps))
    counts = {status: total(told, lambda _, s, wanted=status: s == wanted) for status in R}
    bars = Chart(
        "bars",
        "这段时间的报名",
        tuple(Spot(name, sum(counts[s] for s in group)) for name, group in _REGISTERED.items()),
    )
    lines = tuple(_session(session, taken) for session in sessions)
    heads = ("班次", "地方", "开课", "名额", "报上名", *_COLUMNS, "到课率%")
    note = f"按开课日期，最多列 {MOST_SESSIONS} 个班。点开数字只看得到您辖区里的报名人。"
    return Report(
        HEADING,
        scope.place,
        scope.period,
        (
            Part(Table("各班", heads, lines, note), (funnel,)),
            Part(_by_unit(scope, told), (bars,)),
            Part(await _offered(uow, scope)),
        ),
    )


def _session(session: TrainingSession, taken: dict[tuple[int, str], int]) -> Line:
    def cell(statuses: tuple[str, ...]) -> Cell:
        many = sum(taken.get((session.id, status), 0) for status in statuses)
        behind = {"kind": KIND, "session": str(session.id), "status": ",".join(statuses)}
        return Cell(many, behind)

    came, stayed_away = (taken.get((session.id, s), 0) for s in (R.ATTENDED, R.ABSENT))
    share = round(100 * came / (came + stayed_away), 1) if came + stayed_away else "—"
    return (
        Cell(f"{session.title} {session.reference}"),
        Cell(_place(session)),
        Cell(session.starts_on.isoformat()),
        Cell(session.seats if session.seats is not None else "不限"),
        cell(_HELD),
        *(cell(statuses) for statuses in _COLUMNS.values()),
        Cell(share, cell((R.ATTENDED, R.ABSENT)).rows),
    )


_LIST = {"page": "/desk/trainings"}
"""Where the sessions stand that were counted."""


def _place(session: TrainingSession) -> str:
    return place_name(session.region_code) or "线上"


def _by_unit(scope: Scope, told: dict[tuple[str | None, str], int]) -> Table:
    lines: list[Line] = []
    for unit, counts in by_unit(scope, told).items():
        cells = [Cell(scope.unit_name(unit)), Cell(total(counts), scope.rows_in(KIND, unit))]
        for statuses in _REGISTERED.values():
            many = total(counts, lambda status, wanted=statuses: status in wanted)
            cells.append(Cell(many, scope.rows_in(KIND, unit, status=",".join(statuses))))
        lines.append(tuple(cells))
    heads = ("地方", "报名", *_REGISTERED)
    with_sum = (*lines, sums(lines, scope.region)) if lines else ()
    return Table("各地报名（按报名的月份）", heads, with_sum)


async def _offered(uow: UnitOfWork, scope: Scope) -> Table:
    """How many sessions and seats each unit offers; what no unit offers is online."""
    days = month_days(scope.first)[0], month_days(scope.last)[1]
    offered = await uow.counts.seats(*days, scope.prefixes)
    units: dict[str, tuple[int, int]] = {}
    for banner, (many, seats) in offered.items():
        unit = scope.unit(banner)
        before = units.get(unit, (0, 0))
        units[unit] = before[0] + many, before[1] + seats
    lines = [
        (Cell(scope.unit_name(unit) if unit else "线上"), Cell(many, _LIST), Cell(seats, _LIST))
        for unit, (many, seats) in sorted(units.items())
    ]
    return Table("各地开的班", ("地方", "班次", "名额"), (*lines, sums(lines)) if lines else ())
