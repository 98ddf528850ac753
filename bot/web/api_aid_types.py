"""The bodies of the commands on one application's papers (contract section 6)."""

from pydantic import Field

from bot.web.api_types import LONG, Change
from flows.aid.faults import Fault


class PaperReturnChange(Change):
    """Why this paper goes back: a usual fault, own words, or both."""

    fault: Fault | None = None
    reason: str = Field(default="", max_length=LONG)
