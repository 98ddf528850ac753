"""Where people stop answering: how often each question of the forms was asked and answered."""

from bot.learning.questions import CONFIRM
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.scope import Scope, month_days
from flows.all import ALL
from flows.steps import AnyFlow, Ask
from flows.words import texts
from storage.uow import UnitOfWork

HEADING = Heading(
    "questions",
    "问到哪里停了",
    "每个问题问了多少次、答了多少次。只记次数，不记是谁、在哪里，所以不分地区。",
)

DAYS = "/desk/reports/questions/days"
"""The page with a question day by day."""
_OF_NOBODY = "没填完的，谁也看不到是谁：填了一半没交的，不算交给了办公室，名字、电话都不给看。"

FORMS = {
    "aid": "助学申请",
    "dropout": "失学登记",
    "training": "培训报名",
    "escalation": "找人和投诉",
}


async def questions_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a time; the counters know no place."""
    days = month_days(scope.first)[0], month_days(scope.last)[1]
    counts = await uow.questions.between(*days)
    flows = {flow.name: flow for flow in ALL}
    parts = tuple(_form(flows[name], title, counts, scope) for name, title in FORMS.items())
    return Report(
        HEADING,
        "全部地区",
        scope.period,
        parts,
    )


def _form(
    flow: AnyFlow, title: str, counts: dict[tuple[str, str], tuple[int, int]], scope: Scope
) -> Part:
    """The questions in the order of the form; those never asked in this time are left out."""
    slots = [step.slot for step in flow.steps if isinstance(step, Ask)]
    known = [slot for slot in (*slots, CONFIRM) if (flow.name, slot) in counts]
    others = sorted(slot for name, slot in counts if name == flow.name and slot not in known)
    lines: list[Line] = []
    for slot in (*known, *others):
        asked, answered = counts[flow.name, slot]
        lost = max(asked - answered, 0)
        share = round(100 * lost / asked, 1) if asked else 0.0
        days = {
            "page": DAYS,
            "question": f"{flow.name}.{slot}",
            "from": scope.first,
            "to": scope.last,
        }
        numbers = (Cell(value, days) for value in (asked, answered, lost, share))
        lines.append((Cell(label_of(flow.name, slot)), *numbers))
    spots = tuple(
        Spot(str(line[0].value), float(line[3].value))
        for line in lines
        if not isinstance(line[3].value, str)
    )
    heads = ("问题", "问了", "答了", "没答", "没答的占%")
    charts = (Chart("bars", f"{title}：在哪个问题停下（次）", spots),)
    return Part(Table(title, heads, tuple(lines), f"{_OF_NOBODY}点数字，能看到每天几次。"), charts)


async def question_days(uow: UnitOfWork, scope: Scope, question: str) -> Table | None:
    """One question day by day; None for a question that no form has."""
    name, _, slot = question.partition(".")
    if name not in FORMS:
        return None
    first, last = month_days(scope.first)[0], month_days(scope.last)[1]
    lines = tuple(
        (Cell(day.isoformat()), Cell(asked), Cell(answered), Cell(max(asked - answered, 0)))
        for day, asked, answered in await uow.questions.days(name, slot, first, last)
    )
    title = f"{FORMS[name]}：{label_of(name, slot)}"
    return Table(title, ("哪天", "问了", "答了", "没答"), lines, _OF_NOBODY)


def label_of(flow: str, slot: str) -> str:
    """What a question is called; a form's own name for it before the one that all use."""
    if slot == CONFIRM:
        return "最后核对"
    words = texts()
    return words.get(f"{flow}.{slot}.label") or words.get(f"slot.{slot}.label") or "别的问题"
