"""What somebody has to look after by the calendar: days off, policy, texts of campaigns."""

from collections.abc import Iterator
from datetime import date

from bot.doctor.finding import Finding, watch, well


def calendar(today: date) -> Finding:
    """Whether the days off of this year and the next are known."""
    from flows.workdays import guessed_years

    guessed = [str(year) for year in guessed_years(today)]
    if not guessed:
        return well("放假安排", "今年和明年的都有")
    do = "国务院公布以后，更新 chinese_calendar，或者写进 flows/policy/workdays.yaml。"
    return watch("放假安排", f"{'、'.join(guessed)}年的还没有，时限先按周末推算", do)


def policy(today: date) -> Iterator[Finding]:
    """Whether anything is past the day on which it was to be looked at again."""
    from flows.policy import campaigns
    from flows.policy.lint import overdue

    old = [*overdue(today), *campaigns.overdue(today)]
    if old:
        yield watch(
            "政策内容", f"{len(old)} 条过了复核日期，例如：{old[0]}", "请核对，再改 review_by。"
        )
    else:
        yield well("政策内容", "都在复核日期以内")
