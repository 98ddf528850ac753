"""From an officer's line to the command, and from what came of it to a sentence."""

from collections.abc import Callable

from bot.cases.notices import due_words
from bot.cases.records import Record
from bot.handlers.persuading import WAYS
from bot.officers.lines import BARE, Line, Verb
from bot.rights.access import may_take
from bot.rights.territory import covers
from bot.words import render, sentences
from flows import commands as c
from flows.dropout.closing import CODES, code_of
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_NOBODY = 0
"""An officer there is not: the handler refuses, after it has looked who asks."""
_OTHER_CODES = ("resolved", "unfounded", "duplicate")
_OTHER_WORDS = {"解决": "resolved", "无此事": "unfounded", "没有这回事": "unfounded"} | {
    "重复": "duplicate"
}


class Unclear(Exception):
    """The line is not complete; `reason` says kindly how to write it."""

    def __init__(self, key: str, line: Line, reference: str, **values: object) -> None:
        example = render(f"line.example.{line.verb}", reference=reference)
        self.reason = render(key, reference=reference, example=example, **values)
        super().__init__(self.reason)


async def command_of(
    uow: UnitOfWork, officer: Officer, line: Line, reference: str
) -> c.OfficerCommand:
    """The command a line asks for. Raises Unclear when something is left out."""
    if line.verb is Verb.TAKE:
        record = await uow.records.get(reference)
        is_offered = record is not None and may_take(officer, record)
        return c.AcceptTransfer(reference) if is_offered else c.Assign(reference)
    if not line.rest and line.verb not in BARE:
        raise Unclear("line.write" if line.verb is Verb.REPLY else "line.wrong", line, reference)
    if line.verb is Verb.ASSIGN:
        return await _assign(uow, line, reference)
    return _MADE[line.verb](line, reference)


def _visit(line: Line, reference: str) -> c.LogVisit:
    method, *told = line.rest.replace("，", " ").replace(",", " ").split(maxsplit=2)
    if method not in WAYS:
        raise Unclear("line.way_unknown", line, reference, ways="、".join(WAYS))
    if len(told) < 2:
        raise Unclear("line.wrong", line, reference)
    return c.LogVisit(reference, method=method, met=told[0], result=told[1].strip())


async def _assign(uow: UnitOfWork, line: Line, reference: str) -> c.Assign | c.TransferRecord:
    """To a colleague of the place at once; to one elsewhere, with a reason, by an offer."""
    name, _, reason = line.rest.partition(" ")
    to = await uow.officers.by_name(line.rest) or await uow.officers.by_name(name)
    if to is None:
        return c.Assign(reference, officer=_NOBODY)
    record = await uow.records.get(reference)
    is_elsewhere = record is not None and not covers(to.region_code, record.region_code)
    if is_elsewhere and reason.strip():
        return c.TransferRecord(reference, officer=to.id, reason=reason.strip())
    return c.Assign(reference, officer=to.id)


def _close(line: Line, reference: str) -> c.RequestClose:
    is_dropout = reference.startswith("D")
    codes = CODES if is_dropout else _OTHER_CODES
    named = (code for code in codes if render(f"closing.{code}") == line.rest)
    code = next(named, None) or (code_of(line.rest) if is_dropout else _other(line.rest))
    if code not in codes:
        shown = "、".join(render(f"closing.{code}") for code in codes)
        raise Unclear("line.code_unknown", line, reference, codes=shown)
    return c.RequestClose(reference, code=code, note=line.rest)


def _other(words: str) -> str:
    return next((code for spoken, code in _OTHER_WORDS.items() if spoken in words), "")


_MADE: dict[Verb, Callable[[Line, str], c.OfficerCommand]] = {
    Verb.BACK: lambda line, reference: c.HandBack(reference),
    Verb.APPROVE: lambda line, reference: c.ApproveClose(reference, note=line.rest),
    Verb.DECLINE: lambda line, reference: c.DeclineClose(reference, reason=line.rest),
    Verb.REPLY: lambda line, reference: c.Reply(reference, text=line.rest),
    Verb.NOTE: lambda line, reference: c.AddNote(reference, text=line.rest),
    Verb.REFUSE: lambda line, reference: c.RejectTransfer(reference, reason=line.rest),
    Verb.VISIT: _visit,
    Verb.CLOSE: _close,
}


async def done(uow: UnitOfWork, command: c.OfficerCommand, record: Record, changed: bool) -> str:
    """What the officer hears when it is done; the record is always named."""
    values: dict[str, object] = {"reference": record.reference, "due": due_words(record.due_at)}
    key = _DONE[type(command)]
    if isinstance(command, c.HandBack) and not changed:
        key = "line.back_already"
    elif isinstance(command, c.TransferRecord) or (
        isinstance(command, c.Assign) and command.officer is not None
    ):
        key = "line.offer" if isinstance(command, c.TransferRecord) else "line.assign"
        to = await uow.officers.get(command.officer or _NOBODY)
        values["name"] = to.name if to else ""
    elif isinstance(command, c.LogVisit):
        values |= {"method": command.method, "met": command.met, "result": command.result}
    elif isinstance(command, c.RequestClose):
        values["code"] = sentences().get(f"closing.{command.code}", command.code)
    return render(key, **values)


_DONE: dict[type[c.OfficerCommand], str] = {
    c.AcceptTransfer: "line.take",
    c.Assign: "line.take",
    c.TransferRecord: "line.offer",
    c.Reply: "line.reply",
    c.HandBack: "line.back",
    c.RejectTransfer: "line.refuse",
    c.LogVisit: "line.visit",
    c.AddNote: "line.note",
    c.RequestClose: "line.close",
    c.ApproveClose: "line.approve",
    c.DeclineClose: "line.decline",
}
