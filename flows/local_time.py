"""The offices' own time: what day it is in Inner Mongolia, where the service stores UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    """The calendar day of the moment at the office: from 0 to 8 o'clock UTC is a day behind."""
    return moment.astimezone(SHANGHAI).date()
