"""Which training sessions fit a wish: same 苏木, then same banner, then neighbours, then online."""

from datetime import date

from bot.rights.territory import chain
from flows.ports import SessionView, SessionWish
from nlu import regions
from storage.models.training import TrainingSession
from storage.repositories.trainings import TrainingQuery
from storage.uow import UnitOfWork

DISTANCES = ("same_town", "same_banner", "neighbour", "online", "elsewhere")
TOWN, BANNER, LEAGUE = 3, 2, 1  # steps below the autonomous region
NEAR = DISTANCES[:4]
TIMES = {
    "weekday_day": ("白天", "上午", "下午", "工作日"),
    "weekday_evening": ("晚", "夜"),
    "weekend": ("周末", "周六", "周日", "星期六", "星期日", "礼拜六", "礼拜天", "双休"),
    "slack_season": ("农闲", "冬"),
}
BEGINNERS = frozenset({"none", "basic"})
EXAM_COURSE = ("冲刺", "考级", "测试", "二乙", "二甲", "PSC")
FIRST_STEPS = ("零起点", "零基础", "入门", "扫盲", "识字")
EXAMINED = frozenset({"teacher_certificate", "exam"})


async def find_sessions(uow: UnitOfWork, wish: SessionWish) -> list[SessionView]:
    """Sessions one can still join, nearest first and then the earliest."""
    query = TrainingQuery(
        on_or_after=wish.on_or_after, open_for_registration_on=wish.on_or_after, limit=200
    )
    rows = [row for row in await uow.trainings.search(query) if fits(row, wish)]
    views = [await view_of(uow, row, wish.region) for row in rows]
    near = [view for view in views if view.distance in NEAR]
    return sorted(near, key=lambda view: _order(view, wish.purpose))


def _order(view: SessionView, purpose: str | None) -> tuple[int, bool, date]:
    """Nearest first; as near, what serves the purpose first; then the earliest."""
    serves = (purpose in EXAMINED) == _is_exam_course(f"{view.level}{view.title}")
    return DISTANCES.index(view.distance), not serves, view.starts_on


def is_joinable(session: TrainingSession, today: date) -> bool:
    """Whether one can still register: neither begun nor past the last day for it."""
    return session.starts_on >= today and (session.apply_by is None or session.apply_by >= today)


def fits(session: TrainingSession, wish: SessionWish) -> bool:
    """Whether neither the hours nor the level speak against it; what is not said never does."""
    return _fits_time(session, wish.available_time) and _fits_level(session, wish.level)


def _fits_time(session: TrainingSession, wanted: str | None) -> bool:
    if wanted not in TIMES or session.mode == "线上":
        return True
    said = {time for time, words in TIMES.items() if any(w in session.schedule for w in words)}
    return not said or wanted in said


def _fits_level(session: TrainingSession, level: str | None) -> bool:
    text = f"{session.level}{session.title}"
    if level in BEGINNERS:
        return not _is_exam_course(text)
    return level is None or not any(word in text for word in FIRST_STEPS)


def _is_exam_course(text: str) -> bool:
    return any(word in text for word in EXAM_COURSE)


def distance(session: TrainingSession, region: str | None) -> str:
    """How near a session is to a place."""
    code = session.region_code or ""
    if region is None or not code:
        return "online" if session.mode == "线上" else "elsewhere"
    if session.mode == "线上":
        return "online"
    here, there = chain(region), chain(code)
    for depth, name in ((TOWN, "same_town"), (BANNER, "same_banner"), (LEAGUE, "neighbour")):
        if len(here) > depth and here[: depth + 1] == there[: depth + 1]:
            return name
    return "elsewhere"


async def view_of(uow: UnitOfWork, row: TrainingSession, region: str | None) -> SessionView:
    """What a person hears of a session."""
    place = regions.lookup(row.region_code) if row.region_code else None
    left = None if row.seats is None else max(row.seats - await uow.trainings.taken(row.id), 0)
    return SessionView(
        reference=row.reference,
        title=row.title,
        place=place.name if place else "",
        venue=row.venue,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        schedule=row.schedule,
        mode=row.mode,
        level=row.level,
        fee=row.fee,
        seats_left=left,
        distance=distance(row, region) if region else "elsewhere",
        apply_by=row.apply_by,
        phone=row.phone,
    )
