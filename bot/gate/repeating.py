"""What was told and is not done is told again after some days, a few times and no more."""

from datetime import datetime, timedelta

from bot.clock import at_local, local_day
from bot.gate.verdict import Item, Verdict
from flows.policy.reminders import Rule
from storage.uow import UnitOfWork


async def plan_next(
    uow: UnitOfWork, item: Item, rule: Rule, now: datetime, verdict: Verdict
) -> None:
    """Plan the next one after a reminder that was told; nothing once it was dropped."""
    row = item.row
    if rule.again_days is None or verdict.text is None:
        return
    key, _, number = row.dedupe_key.rpartition("#")
    done = int(number) if key and number.isdigit() else 1
    if done >= rule.times:
        return
    await uow.reminders.add(
        row.kind,
        row.person_id,
        row.conversation_id,
        at_local(local_day(now) + timedelta(days=rule.again_days), rule.at),
        row.text,
        row.reference,
        dedupe_key=f"{key or row.dedupe_key}#{done + 1}",
        about=row.about,
    )
