"""The figures of a simulated autumn in tables, and whether any rule was broken."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.autumn.forgotten import forgotten
from tests.autumn.oracle import Oracle, count_by_kind
from tests.autumn.run import Plan, Result
from tests.autumn.script import LOCAL

_BAR = 40
_EXAMPLES = 3


def judged(plan: Plan, found: Result) -> Oracle:
    """What the oracle says of all messages."""
    world = plan.world()
    oracle = Oracle(world)
    oracle.judge(found.messages)
    oracle.faults["该听到没听到的"] = forgotten(world, found.messages)
    return oracle


def show(out: Console, plan: Plan, found: Result, oracle: Oracle) -> None:
    """Everything that is to be seen of a run."""
    title = f"{plan.families} 户，{plan.first} 到 {plan.last}，种子 {plan.seed}"
    out.print(f"{title}：{len(found.messages)} 条消息")
    out.print(_counted("发了的提醒", count_by_kind(found.messages)))
    out.print(_counted("没发，因为", found.dropped))
    delayed = set(found.put_off) - set(found.dropped)
    out.print(_counted("改时间（次），因为", {why: found.put_off[why] for why in delayed}))
    out.print(_hours(found))
    out.print(f"一个人一周最多收到 {oracle.most_in_a_week} 条（自己设的不算）")
    out.print(_faults(oracle))


def is_clean(oracle: Oracle) -> bool:
    """Whether no rule was broken."""
    return not any(oracle.faults.values())


def _counted(title: str, figures: Mapping[str, int]) -> Table:
    table = Table(title=title, show_header=False)
    table.add_column("", min_width=28)
    table.add_column("", justify="right", min_width=8)
    for name, many in sorted(figures.items(), key=lambda pair: -pair[1]):
        table.add_row(name, str(many))
    return table


def _hours(found: Result) -> Table:
    hours = Counter(message.at.astimezone(LOCAL).hour for message in found.messages)
    most = max(hours.values(), default=1)
    table = Table(title="几点发的（夜里的都是本人自己设的）", show_header=False)
    for hour in range(24):
        bar = "█" * round(_BAR * hours[hour] / most)
        table.add_row(f"{hour:02d}", str(hours[hour]), bar)
    return table


def _faults(oracle: Oracle) -> Table:
    table = Table(title="必须是 0 的")
    table.add_column("", min_width=24)
    table.add_column("条数", justify="right")
    table.add_column("头几条")
    for rule, faults in oracle.faults.items():
        table.add_row(rule, str(len(faults)), "\n".join(faults[:_EXAMPLES]))
    return table
