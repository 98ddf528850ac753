"""Says in words what is wrong with the policy data or missing; for `python -m bot check`."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from flows.content import in_words
from flows.policy.loader import (
    HERE,
    Raw,
    answer_files,
    further_questions,
    load,
    load_raw,
)
from flows.policy.offices import Purpose
from flows.policy.recognition import Recognition
from flows.policy.reminders import ReminderRules, reminder_rules
from flows.policy.render import PLACEHOLDER, known_placeholders
from flows.policy.types import (
    Aid,
    AnswersFile,
    Calendar,
    Concepts,
    Entry,
    Model,
    Offices,
    Policy,
    Row,
    Sla,
    Training,
    Wording,
    Workdays,
)
from nlu.types import BadContent

_FILES: dict[str, type[Model]] = {
    "aid.yaml": Aid,
    "answers.yaml": Wording,
    "concepts.yaml": Concepts,
    "offices.yaml": Offices,
    "sla.yaml": Sla,
    "workdays.yaml": Workdays,
    "training.yaml": Training,
    "calendar.yaml": Calendar,
    "recognition.yaml": Recognition,
    "reminders.yaml": ReminderRules,
}
_LITERAL_YUAN = re.compile(r"[0-9一二三四五六七八九十百千万]+\s*元")
_SOURCE_ID = re.compile(r"[A-Z]+[0-9]*[a-z]?")


def check(on: date | None = None, folder: Path = HERE) -> list[str]:
    """What is wrong, in words, [] when nothing is; with a day, rows past their review too."""
    wrong = [problem for name in _names(folder) for problem in _schema(folder, name)]
    if wrong:
        return wrong
    policy = load(folder)
    wrong = list(within(policy))
    wrong += _asked_of_nobody(folder)
    wrong += _unknown_events(policy, folder)
    return wrong + (list(_overdue(policy, on)) if on else [])


def within(policy: Policy) -> Iterator[str]:
    """What does not fit together in data that is valid by itself."""
    rules: tuple[Callable[[Policy], Iterable[str]], ...] = (
        _duplicates,
        _placeholders,
        _wordings,
        _literal_sums,
        _hedges,
        _overlaps,
        _references,
        _unnamed_sources,
        _vague_sums,
    )
    for rule in rules:
        yield from rule(policy)


def _names(folder: Path) -> dict[str, type[Model]]:
    return {**_FILES, **dict.fromkeys(answer_files(folder), AnswersFile)}


def _schema(folder: Path, name: str) -> Iterator[str]:
    """One line for each value that does not fit, with where it stands."""
    try:
        raw = load_raw(folder, name)
        _names(folder)[name].model_validate(raw)
    except BadContent as bad:
        yield from bad.sentences
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(str(part) for part in one["loc"])
            said = in_words(one["type"], one["msg"])
            yield f"policy/{name}: {_owner(raw, one['loc'])}{place} {said}"


def _owner(raw: Raw, place: tuple[int | str, ...]) -> str:
    """The id of the row that a wrong value belongs to, when it has one."""
    rows = raw.get(str(place[0])) if place else None
    if isinstance(rows, list) and len(place) > 1 and isinstance(place[1], int):
        row = rows[place[1]]
        name = row.get("id") or row.get("key") if isinstance(row, dict) else None
        return f"“{name}”的 " if name else ""
    return ""


def _rows(policy: Policy) -> Iterator[tuple[str, Row]]:
    for programme in policy.aid.programmes:
        yield f"资助“{programme.id}”", programme
        yield from ((f"金额“{a.key}”", a) for a in programme.amounts)
    yield from ((f"金额“{a.key}”", a) for a in policy.aid.other_amounts)
    yield from ((f"回答“{e.id}”", e) for e in policy.entries)
    yield from ((f"电话“{h.number}”", h) for h in policy.offices.hotlines)
    yield from ((f"等级“{p.id}”", p) for p in policy.training.psc_levels)
    yield from ((f"考试“{s.day}”", s) for s in policy.training.psc_sessions)
    yield from ((f"日历“{e.id}”", e) for e in policy.calendar.events)
    yield from ((f"学期“{t.year} {t.term}”", t) for t in policy.calendar.terms)


def _duplicates(policy: Policy) -> Iterator[str]:
    groups = {
        "资助": [p.id for p in policy.aid.programmes],
        "回答": [e.id for e in policy.entries],
        "期限": [r.id for r in policy.sla.rules],
        "电话": [h.number for h in policy.offices.hotlines],
        "日历": [e.id for e in policy.calendar.events],
    }
    for what, ids in groups.items():
        yield from (f"{what}“{i}”写了两次" for i, n in Counter(ids).items() if n > 1)
    asked = Counter(question for entry in policy.entries for question in entry.ask)
    yield from (f"问法“{q}”写在两个地方" for q, n in asked.items() if n > 1)


def _placeholders(policy: Policy) -> Iterator[str]:
    known = known_placeholders(policy)
    for entry in policy.entries:
        names = set(PLACEHOLDER.findall(entry.text)) - known
        yield from (f"回答“{entry.id}”里的 {{{name}}} 没有这个代号" for name in sorted(names))


def _wordings(policy: Policy) -> Iterator[str]:
    """What is said beside an answer is filled in as well; an unknown sum must not name a sum."""
    known, wording = known_placeholders(policy), policy.wording
    offices = {name for name in known if name.startswith("office")}
    for key, text, allowed in (
        ("stale", wording.stale, known),
        ("hand_over", wording.hand_over, known),
        ("expired", wording.expired, known | {"title", "until"}),
        ("unknown_amount", wording.unknown_amount, offices),
    ):
        names = set(PLACEHOLDER.findall(text)) - allowed
        yield from (f"answers.yaml 的 {key} 里不能用 {{{name}}}" for name in sorted(names))


def _literal_sums(policy: Policy) -> Iterator[str]:
    for entry in policy.entries:
        for literal in _LITERAL_YUAN.findall(entry.text):
            yield f"回答“{entry.id}”直接写了“{literal}”，请写到 aid.yaml 再用 {{aid.代号}} 引用"


def _hedges(policy: Policy) -> Iterator[str]:
    hedges = policy.wording.hedges
    for entry in policy.entries:
        if not _is_firm(entry) and not any(word in entry.text for word in hedges):
            yield f"回答“{entry.id}”不确定（{entry.confidence}），要写上请人核实的话"
    for programme in policy.aid.programmes:
        told = programme.note + programme.apply
        if not programme.confidence.firm and not any(word in told for word in hedges):
            yield f"资助“{programme.id}”不确定（{programme.confidence}），note 要请人核实"
        for amount in programme.amounts:
            if amount.confidence == "U" and amount.yuan is not None:
                yield f"金额“{amount.key}”写着不知道（U），却有数字"


def _is_firm(entry: Entry) -> bool:
    return entry.confidence.firm


def _overlaps(policy: Policy) -> Iterator[str]:
    """Two sums for one key, place and day would make the answer a matter of luck."""
    seen: dict[tuple[str, tuple[str, ...]], list[tuple[date, date]]] = {}
    inside = [a for p in policy.aid.programmes for a in p.amounts]
    for amount in (*inside, *policy.aid.other_amounts):
        start, end = amount.effective_from, amount.effective_to or date.max
        spans = seen.setdefault((amount.key, amount.scope), [])
        if any(start <= other_end and other_start <= end for other_start, other_end in spans):
            yield f"金额“{amount.key}”有两行的日期重在一起，请给旧行写 effective_to"
        if end < start:
            yield f"金额“{amount.key}”的 effective_to 比 effective_from 早"
        spans.append((start, end))


def _references(policy: Policy) -> Iterator[str]:
    if not policy.offices.purposes.get(Purpose.DANGER):
        yield "offices.yaml 的 purposes 里要有 danger：有危险时打哪个电话"
    if "aid" not in policy.offices.default:
        yield "offices.yaml 的 default 里要有 aid"
    numbers = {line.number for line in policy.offices.hotlines}
    for purpose, wanted in policy.offices.purposes.items():
        yield from (f"{purpose} 要的电话 {n} 不在 hotlines 里" for n in wanted if n not in numbers)
    for office in policy.offices.offices:
        if office.duty not in policy.offices.default:
            yield f"办公室“{office.name}”的 duty {office.duty} 不认识"


def _vague_sums(policy: Policy) -> Iterator[str]:
    sums, names = policy.concepts.sums, policy.concepts.concepts
    yield from (
        f"sums 里的名字 {n} 不在 concepts 里" for n in {sums.asked, *sums.vague} - names.keys()
    )
    if sums.answer not in {entry.id for entry in policy.entries}:
        yield f"sums 的 answer {sums.answer} 不是哪一条回答的代号"


def _unnamed_sources(policy: Policy) -> Iterator[str]:
    for what, row in _rows(policy):
        if _SOURCE_ID.fullmatch(row.source):
            yield f"{what}的来源 {row.source} 没有登记在 sources.yaml"


def _asked_of_nobody(folder: Path) -> Iterator[str]:
    """Sample questions under an id that the file beside them does not answer would be lost."""
    for name in answer_files(folder):
        held = {entry["id"] for entry in load_raw(folder, name)["entries"]}
        for key in further_questions(folder, name).keys() - held:
            yield f"policy/{name.replace('answers_', 'asked_')}: 没有代号是“{key}”的回答"


def _unknown_events(policy: Policy, folder: Path) -> Iterator[str]:
    """A reminder of a day that no calendar holds would never be sent."""
    known = {event.id for event in policy.calendar.events}
    rules = reminder_rules(folder)
    named = [*(rule.event for rule in rules.windows), *(call.event for call in rules.calls)]
    for event in named:
        if event not in known:
            yield f"reminders.yaml 里的 event {event} 不在 calendar.yaml 里"
    for row in policy.calendar.events:
        if row.ends < row.starts:
            yield f"日历“{row.id}”跨过了元旦（{row.starts} 到 {row.ends}）：请分成两行写"
        if row.local_of and row.local_of not in known:
            yield f"日历“{row.id}”的 local_of {row.local_of} 不在 calendar.yaml 里"


def overdue(on: date) -> Iterator[str]:
    """What should have been looked at again before this day."""
    yield from _overdue(load(), on)


def _overdue(policy: Policy, on: date) -> Iterator[str]:
    for what, row in _rows(policy):
        ended = row.effective_to is not None and row.effective_to < on
        if row.is_stale(on) and not ended:
            yield f"{what}过了复核日期 {row.review_by}，请重新核对"
