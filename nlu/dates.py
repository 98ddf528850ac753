"""Days and moments in what people write: the one door to `days` and `moments`."""

from nlu.date_readings import term_start
from nlu.days import SHANGHAI, find, local_day
from nlu.moments import parse_moment

__all__ = ["SHANGHAI", "find", "local_day", "parse_moment", "term_start"]
