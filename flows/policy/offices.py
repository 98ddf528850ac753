"""Whom to ring and where to go: hotlines by purpose, offices by place."""

from enum import StrEnum

from flows.policy.loader import load
from flows.policy.types import Hotline, Office, Offices, significant


class Purpose(StrEnum):
    """What a number is needed for; the order of numbers is policy data."""

    DANGER = "danger"
    VIOLENCE = "violence"
    SEXUAL_HARM = "sexual"
    SELF_HARM = "self_harm"
    MISSING = "missing"
    TRAFFICKING = "trafficking"
    LABOUR = "labour"
    FORCED_MARRIAGE = "forced_marriage"
    NEGLECT = "neglect"
    MIND = "mind"
    LAW = "law"
    COMPLAINT = "complaint"
    AID = "aid"
    LOAN = "loan"
    POVERTY = "poverty"
    DISABILITY = "disability"
    CARD = "card"


def hotlines(
    purpose: str, region: str | None = None, offices: Offices | None = None
) -> list[Hotline]:
    """The numbers for the purpose that work in the place, the first one first.

    An unknown purpose gets those for danger, so that nobody in need is left without a number.
    """
    data = offices or load().offices
    by_number = {line.number: line for line in data.hotlines}
    wanted = data.purposes.get(purpose) or data.purposes[Purpose.DANGER]
    lines = (by_number[number] for number in wanted if number in by_number)
    return [line for line in lines if line.covers(region)]


def office(region: str | None, duty: str = "aid", offices: Offices | None = None) -> Office | None:
    """The nearest configured desk for the duty: the place's own, else that of a wider area."""
    code = significant(region) if region else ""
    rows = (offices or load().offices).offices
    fits = [o for o in rows if o.duty == duty and code.startswith(significant(o.region))]
    return max(fits, key=lambda o: len(significant(o.region)), default=None)


def office_name(region: str | None, duty: str = "aid", offices: Offices | None = None) -> str:
    """What to call the desk in a sentence, with its phone when one is configured."""
    data = offices or load().offices
    found = office(region, duty, data)
    if found is None:
        return data.default[duty]
    return found.name + (f"（电话{found.phone}）" if found.phone else "")
