"""The report: what was done to the service, and what came of it."""

from collections import Counter

from tests.torture.oracle import WRONG
from tests.torture.run import Order, Outcome

TITLES = {
    "lost": "丢失 lost",
    "doubled": "重复 doubled effects",
    "out of order": "乱序 out of order",
    "half": "半截 half records",
    "parked or failed": "误放弃 parked or failed",
    "held": "占着没放 leases left",
    "told wrongly": "答错 answers that do not fit",
    "sent twice without a reason": "无故重发 sent twice without a reason",
}


def is_good(outcome: Outcome) -> bool:
    """Whether nothing at all is wrong."""
    return not outcome.verdict.wrong and not outcome.badly_stopped


def lines(order: Order, outcome: Outcome) -> list[str]:
    """The report of one database."""
    verdict = outcome.verdict
    told = [
        f"== {outcome.home}，种子 seed {order.seed}，{order.processes} 个进程 processes，"
        f"{outcome.seconds:.0f} s",
        f"   杀进程 kills {outcome.kills.total()}：{_listed(outcome.kills)}",
        f"   别的毛病 other trouble {outcome.disturbances.total()}："
        f"{_listed(outcome.disturbances)}",
        f"   对话 talks {outcome.talks}，消息 messages acknowledged {verdict.messages}，"
        f"记录 records {verdict.records}，Telegram 发送 sends {verdict.sends}",
        f"   客户端重发 repeated by clients {outcome.repeated.total()}："
        f"{_listed(outcome.repeated)}",
        f"   Telegram 重发 sends doubled {verdict.sent_twice.total()}："
        f"{_listed(verdict.sent_twice)}",
        f"   内存 memory {outcome.memory:.0f} MB，没人杀自己退出 ended by themselves "
        f"{outcome.fell}，停得不好 stopped badly {outcome.badly_stopped}",
    ]
    for kind in WRONG:
        told.append(f"   {TITLES[kind]}: {verdict.wrong[kind]}")
        told += [f"      {example}" for example in verdict.examples.get(kind, ())]
    return told


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "-"
