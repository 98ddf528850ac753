"""Which training sessions are offered, and how near they are."""

from datetime import date

import pytest

from bot.training.sessions import distance, find_sessions
from flows.ports import SessionWish
from storage.db import Database
from storage.models.training import TrainingSession

TODAY = date(2026, 11, 23)
HERE = "152222105"  # 好腰苏木镇


@pytest.mark.parametrize(
    ("region", "mode", "expected"),
    [
        ("152222105", "线下", "same_town"),
        ("152222", "线下", "same_banner"),
        ("152223", "线下", "neighbour"),
        ("150221", "线下", "elsewhere"),
        ("150221", "线上", "online"),
        (None, "线下", "elsewhere"),
    ],
)
def test_distance(region: str | None, mode: str, expected: str) -> None:
    assert distance(TrainingSession(region_code=region, mode=mode), HERE) == expected


async def test_nearest_first_and_only_what_can_still_be_joined(db: Database) -> None:
    offers = [
        ("far", "150221", "线下", "晚上", "2026-12-01", None),
        ("online", "150221", "线上", "晚上", "2026-11-30", None),
        ("banner", "152222", "线下", "晚上七点", "2026-12-02", None),
        ("town", HERE, "线下", "夜校", "2026-12-09", None),
        ("weekend", HERE, "线下", "周末上午", "2026-12-09", None),
        ("past", HERE, "线下", "晚上", "2026-11-01", None),
        ("closed", HERE, "线下", "晚上", "2026-12-01", "2026-11-20"),
    ]
    async with db.write() as uow:
        for key, region, mode, schedule, starts, apply_by in offers:
            await uow.trainings.upsert(
                {
                    "source_key": key,
                    "reference": f"S-{key}",
                    "title": key,
                    "region_code": region,
                    "mode": mode,
                    "schedule": schedule,
                    "starts_on": date.fromisoformat(starts),
                    "apply_by": date.fromisoformat(apply_by) if apply_by else None,
                }
            )
        wish = SessionWish(HERE, "work", "basic", "weekday_evening", TODAY)
        assert [s.title for s in await find_sessions(uow, wish)] == ["town", "banner", "online"]


@pytest.mark.parametrize(("level", "offered"), [("none", []), ("psc_3a", ["二乙冲刺班"])])
async def test_beginners_are_not_sent_to_an_exam_course(
    level: str, offered: list[str], db: Database
) -> None:
    async with db.write() as uow:
        await uow.trainings.upsert(
            {
                "source_key": "x",
                "reference": "S-x",
                "title": "二乙冲刺班",
                "region_code": HERE,
                "mode": "线下",
                "starts_on": date(2026, 12, 1),
            }
        )
        wish = SessionWish(HERE, "exam", level, "any", TODAY)
        assert [s.title for s in await find_sessions(uow, wish)] == offered
