"""`check`: is everything that colleagues edit complete and consistent?"""

from collections.abc import Callable, Iterable
from contextlib import suppress

from bot.cli.options import ConfigPath, DataDir, out, refused, settings
from bot.config import Config
from nlu.types import BadContent

FEWEST_UNITS = {6: 115, 9: 1000, 12: 14000}
"""12 leagues and 103 banners, 1,033 towns, 14,592 villages, by digits of their codes."""

EXAMPLES = "例：改过 flows/texts、flows/policy 或 nlu/data 以后运行 python -m bot check"


def check(config: ConfigPath = None, data: DataDir = None) -> None:
    """检查设置、话语、政策数据、例句和地区表。

    缺什么就说什么；有问题时退出码是 1。
    """
    chosen = settings(config, data)
    console = out()
    problems = 0
    for title, look in CHECKS.items():
        found = _problems(look, chosen)
        problems += len(found)
        mark = "[red]✗[/]" if found else "[green]✓[/]"
        console.print(f"{mark} {title}")
        for sentence in found:
            console.print(f"    {sentence}", markup=False)
    for sentence in _warnings(chosen):
        console.print(f"[yellow]![/] {sentence}")
    if problems:
        raise refused(f"共 {problems} 处要改。")
    console.print("全部通过。")


def _problems(look: Callable[[Config], Iterable[str]], chosen: Config) -> list[str]:
    """What is wrong, in words; what another file is needed for cannot be looked at without it."""
    try:
        return list(look(chosen))
    except BadContent as bad:
        return list(bad.sentences)


def _settings_file(config: Config) -> Iterable[str]:
    """Reading it already proved the types; what is left is whether the region exists."""
    from bot.rights.territory import place_name

    code = config.office.home_region
    if not place_name(code):
        yield f"设置 office.home_region：区划代码 {code} 不在地区表里。"


def _texts_and_flows(_config: Config) -> Iterable[str]:
    from flows import lint

    return lint.check()


def _policy(_config: Config) -> Iterable[str]:
    from flows.policy import lint

    return lint.check()


def _replies(_config: Config) -> Iterable[str]:
    from flows.policy import replies

    return replies.check()


def _campaigns(_config: Config) -> Iterable[str]:
    from flows.policy import campaigns

    return campaigns.check()


def _retention(_config: Config) -> Iterable[str]:
    from bot.retention import complete

    return complete.check()


def _privacy(_config: Config) -> Iterable[str]:
    from flows.policy.incidents import load_incidents
    from flows.policy.minors import load_minors_audit

    for load in (load_incidents, load_minors_audit):
        try:
            load()
        except BadContent as bad:
            yield from bad.sentences


def _sentences(_config: Config) -> Iterable[str]:
    from nlu.classify import training

    return training.check()


def _word_lists(_config: Config) -> Iterable[str]:
    from nlu import word_lists

    return word_lists.check()


def _regions(_config: Config) -> Iterable[str]:
    from nlu.divisions import table

    rows = table().rows
    for digits, fewest in FEWEST_UNITS.items():
        have = sum(len(code) == digits for code in rows)
        if have < fewest:
            yield f"地区表里 {digits} 位代码只有 {have} 个，至少应有 {fewest} 个。"


def _warnings(_config: Config) -> Iterable[str]:
    """What is no mistake but should be known: guessed deadlines, texts to look at again."""
    from bot.clock import local_day, utc_now
    from flows.policy import campaigns, incidents
    from flows.workdays import guessed_years

    yield from campaigns.overdue(local_day(utc_now()))
    with suppress(ValueError):  # a file that is wrong has been told of
        yield from incidents.overdue(local_day(utc_now()))
    for year in guessed_years(local_day(utc_now())):
        yield (
            f"{year}年的放假和调休安排还没有：到那一年的时限先按周末和法定节假日推算。"
            "国务院公布以后，请更新 chinese_calendar，或者写进 flows/policy/workdays.yaml。"
        )


CHECKS: dict[str, Callable[[Config], Iterable[str]]] = {
    "设置文件": _settings_file,
    "话语和流程": _texts_and_flows,
    "政策数据": _policy,
    "现成的回复": _replies,
    "群发的样板": _campaigns,
    "数据保存多久": _retention,
    "安全事件和合规审计": _privacy,
    "训练例句": _sentences,
    "词语表": _word_lists,
    "地区表": _regions,
}
