"""The clock of the ticks, also when somebody turns it."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from bot.service import ticking
from bot.service.ticking import tick_until
from tests.channels.conftest import START, until


async def test_a_clock_that_is_turned_back_holds_up_no_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ticking, "FIRST_TICK", timedelta())
    monkeypatch.setattr(ticking, "LOOK_SECONDS", 0.05)
    stop, ticked = asyncio.Event(), []

    async def tick() -> None:
        ticked.append(1)

    with time_machine.travel(START + timedelta(hours=1), tick=True) as clock:
        ticking_task = asyncio.create_task(tick_until(stop, tick, 3600))
        await until(lambda: len(ticked) == 1)
        clock.move_to(START)
        await until(lambda: len(ticked) == 2)
        stop.set()
        await asyncio.wait_for(ticking_task, 5)
