"""Turns a policy text with placeholders into the words for one day and one place."""

import re
from datetime import date

from flows.aid.eligibility import amount_now
from flows.policy.loader import amounts
from flows.policy.offices import office_name
from flows.policy.types import Entry, Policy, SlaRule, Wording

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OFFICE = "office"


def known_placeholders(policy: Policy) -> frozenset[str]:
    """Every name that a policy text may use in braces."""
    aid = {f"aid.{amount.key}" for amount in amounts(policy)}
    offices = {_OFFICE} | {f"{_OFFICE}.{duty}" for duty in policy.offices.default}
    return frozenset(aid | offices | {f"sla.{rule.id}" for rule in policy.sla.rules})


def time_allowed(rule: SlaRule) -> str:
    """The span of a rule in words, such as 3个工作日."""
    if rule.days:
        return f"{rule.days}个工作日" if rule.working else f"{rule.days}天"
    return f"{rule.hours}小时" if rule.hours else f"{rule.minutes}分钟"


def fill(text: str, policy: Policy, on: date, region: str | None) -> str:
    """The text with sums, offices and spans of that day and place; KeyError for a wrong name."""
    return PLACEHOLDER.sub(lambda found: _value(found[1], policy, on, region), text)


def _value(name: str, policy: Policy, on: date, region: str | None) -> str:
    what, _, key = name.partition(".")
    if what == _OFFICE:
        return office_name(region, key or "aid", policy.offices)
    if what == "sla":
        return time_allowed({rule.id: rule for rule in policy.sla.rules}[key])
    if name not in known_placeholders(policy):
        raise KeyError(name)
    amount = amount_now(amounts(policy), key, on, region)
    if amount is None or amount.text is None:
        return fill(policy.wording.unknown_amount, policy, on, region)
    return amount.text


def answer_text(
    entry: Entry, policy: Policy, on: date, region: str | None, *, doubted: bool = False
) -> str:
    """The answer of that day with its document: an expired rule is not told, a stale one warily.

    `doubted` when the question may have meant something else.
    """
    wording = policy.wording
    told = _expired(entry, wording) if _has_ended(entry, on) else entry.text
    if entry.is_stale(on) and not _has_ended(entry, on):
        told += wording.stale
    if doubted or not is_sure(entry, policy, on, region):
        told += wording.hand_over
    return f"{fill(told, policy, on, region)}\n{wording.cited.replace('{source}', citation(entry))}"


def citation(entry: Entry) -> str:
    """The document with its year or number, as it is named after an answer."""
    return entry.source + (f"（{entry.document}）" if entry.document else "")


def is_sure(entry: Entry, policy: Policy, on: date, region: str | None) -> bool:
    """Whether the answer may stand alone: firm, in force, looked at in time, with firm sums."""
    if not entry.confidence.firm or entry.is_stale(on) or _has_ended(entry, on):
        return False
    keys = [name[len("aid.") :] for name in PLACEHOLDER.findall(entry.text) if name[:4] == "aid."]
    sums = [amount_now(amounts(policy), key, on, region) for key in keys]
    return all(a is not None and a.yuan is not None and a.confidence.firm for a in sums)


def _has_ended(entry: Entry, on: date) -> bool:
    return entry.effective_to is not None and entry.effective_to < on


def _expired(entry: Entry, wording: Wording) -> str:
    end = entry.effective_to
    until = f"{end.year}年{end.month}月" if end else ""
    return wording.expired.replace("{title}", entry.title).replace("{until}", until)
