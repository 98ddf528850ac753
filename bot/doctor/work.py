"""The work: does it move, and does anything wait for a human that no human sees?"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.backup.waiting import held
from bot.config import Config
from bot.doctor.finding import Finding, fault, watch, well
from bot.rights.territory import covers, place_name
from bot.watch import limits
from bot.watch.snapshot import Snapshot, Snapshots
from storage.db import Database
from storage.kinds import EscalationType, Role
from storage.models.officer import Officer


async def movement(db: Database, config: Config, now: datetime) -> AsyncIterator[Finding]:
    """The queues, the clocks, and who is there to serve them."""
    channels = ["web", *(["telegram"] if config.telegram.token.get_secret_value() else [])]
    seen = await Snapshots(db, lambda: now, config.data_dir, channels).newest()
    yield _processes(seen)
    yield _inbox(seen)
    for found in _outbox(seen):
        yield found
    yield _ticks(seen)
    yield _parked(seen)
    yield _unacknowledged(seen)
    kept = await held(db)
    if kept.count:
        do = "运行 python -m bot held 看清楚，再 --send 或 --drop。"
        yield watch("恢复时扣住的", f"{kept.count} 条没发", do)


def _processes(seen: Snapshot) -> Finding:
    if not seen.processes:
        return watch("服务", "没有在运行", "运行 make run，或者 systemctl start yulu。")
    return well("服务", f"{len(seen.processes)} 个进程在运行")


def _inbox(seen: Snapshot) -> Finding:
    waits = seen.age(seen.inbox.oldest)
    if waits > limits.INBOX_WAITS.total_seconds():
        said = f"{seen.inbox.count} 条没处理，最久等了 {_span(waits)}"
        return fault("收到的消息", said, _start_or_look(seen))
    return well("收到的消息", f"{seen.inbox.count} 条在处理" if seen.inbox.count else "都处理了")


def _outbox(seen: Snapshot) -> Iterator[Finding]:
    for channel, queue in seen.outbox.items():
        waits, title = seen.age(queue.oldest), f"要发的消息（{channel}）"
        if waits > limits.OUTBOX_WAITS.total_seconds():
            said = f"{queue.count} 条没发出去，最久等了 {_span(waits)}"
            yield fault(title, said, "看网络和令牌；对方恢复以后会接着发，不会丢。")
        else:
            yield well(title, f"{queue.count} 条在排队" if queue.count else "都发了")
        failed = seen.unsent.get(channel)
        if failed is not None and failed.count:
            do = "在办公端看是哪些人，请打电话。"
            yield watch(f"没发成的（{channel}）", f"一天里 {failed.count} 条", do)


def _ticks(seen: Snapshot) -> Finding:
    clocks, reminders = seen.age(seen.oldest_clock), seen.age(seen.reminders.oldest)
    late = max(clocks, reminders)
    is_late = clocks > limits.CLOCKS_BEHIND.total_seconds()
    if is_late or reminders > limits.REMINDERS_WAIT.total_seconds():
        said = f"到期的事没人做，最久晚了 {_span(late)}"
        return fault("提醒和时限", said, _start_or_look(seen))
    return well("提醒和时限", "按时")


def _parked(seen: Snapshot) -> Finding:
    if seen.parked.count:
        do = "在办公端“出错的消息”里看，可以再试一次。"
        return watch("出错的消息", f"{seen.parked.count} 条", do)
    return well("出错的消息", "没有")


def _unacknowledged(seen: Snapshot) -> Finding:
    urgent = seen.unacknowledged.get(EscalationType.EMERGENCY)
    waits = seen.age(urgent.oldest) if urgent is not None else 0
    if urgent is not None and waits > limits.EMERGENCY_WAITS.total_seconds():
        said = f"{urgent.count} 件没人接，最久等了 {_span(waits)}"
        return fault("紧急求助", said, "马上打电话给值班的人；孩子有危险先打 110。")
    late = sum(count for (kind, *_), count in seen.overdue.items() if kind == "escalation")
    if late:
        return watch("求助", f"{late} 件过了时限", "请主管在办公端看“超期”。")
    return well("求助", "没有没人接的紧急求助")


def _start_or_look(seen: Snapshot) -> str:
    if seen.processes:
        return "看日志里的 error；再不动就重启服务。"
    return "启动服务，积下的会接着处理。"


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // (24 * 60)} 天"


async def people(db: Database, config: Config) -> AsyncIterator[Finding]:
    """Whether every place has somebody, and a second person to agree."""
    async with db.read() as uow:
        active = (await uow.session.scalars(select(Officer).where(Officer.active))).all()
    home = config.office.home_region
    answering = [officer for officer in active if covers(officer.region_code, home)]
    if not answering:
        do = "用 python -m bot officer add --region 加一个管全部地区的人。"
        yield fault("办公人员", f"没有一个人管{place_name(home) or home}全部", do)
    else:
        yield well("办公人员", f"{len(active)} 人")
    deciding = [o for o in active if o.role in (Role.SUPERVISOR, Role.ADMIN)]
    if active and len(deciding) < 2:
        do = "销号、群发要另一位主管同意：再加一位 --role supervisor。"
        yield watch("主管", f"只有 {len(deciding)} 位", do)
    if left_out := _without(active, home):
        some = "、".join(place_name(code) or code for code in left_out[:3])
        do = "那里的事会送到上一级；有了人就用 officer add 加上。"
        yield watch("没有自己人的旗县", f"{len(left_out)} 个，例如{some}", do)


def _without(active: Sequence[Officer], home: str) -> list[str]:
    from nlu.divisions import table

    own = {officer.region_code[:6] for officer in active}
    banners = [code for code in table().rows if len(code) == 6 and not code.endswith("00")]
    return [code for code in banners if covers(home, code) and code not in own]
