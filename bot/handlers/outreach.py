"""What officers say of the rows of a list: the same child or not, and what a visit came to."""

from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome
from bot.outreach.comparing import OTHER, SAME, sum_up
from bot.outreach.dropping import drop_list
from bot.outreach.reading import line_of, list_for, row_for, trace
from bot.rights.access import check_inside
from bot.words import render
from flows import commands as c
from storage.models.outreach import OutreachRow

LONGEST_NOTE = 500


async def judge_match(turn: Acting, command: c.JudgeMatch) -> Outcome:
    """Keep an officer's word on a match; the row counts by it from now on."""
    row = await row_for(turn, c.JudgeMatch, command.row)
    found = await turn.uow.outreach.match(row.id, command.target)
    if found is None:
        raise Refused(render("refused.match_gone"))
    verdict = SAME if command.same else OTHER
    if found.verdict == verdict:
        return Outcome(changed=False)
    found.verdict, found.by_id, found.at = verdict, turn.by.id, turn.now
    sum_up(row, await turn.uow.outreach.matches([row.id]))
    told = {
        "row": row.id,
        "title": await _line(turn, row),
        "target": command.target,
        "verdict": verdict,
    }
    await trace(turn, "judge_match", row.region_code, **told)
    return Outcome(detail={"list": row.list_id})


async def note_outreach(turn: Acting, command: c.NoteOutreach) -> Outcome:
    """Keep what came of a visit; an empty state takes it back."""
    row = await row_for(turn, c.NoteOutreach, command.row)
    note = command.note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(render("refused.visit_long"))
    state = command.state.value if command.state else None
    if (row.state, row.state_note or "") == (state, note):
        return Outcome(changed=False, detail={"list": row.list_id})
    row.state, row.state_note = state, note or None
    row.state_by_id, row.state_at = (turn.by.id, turn.now) if state else (None, None)
    told = {"row": row.id, "title": await _line(turn, row), "state": state or "cleared"}
    await trace(turn, "note_outreach", row.region_code, **told)
    return Outcome(detail={"list": row.list_id})


async def _line(turn: Acting, row: OutreachRow) -> str:
    one = await turn.uow.outreach.get_list(row.list_id)
    return line_of(one, row) if one is not None else ""


async def compare_again(turn: Acting, command: c.CompareAgain) -> Outcome:
    """Let a list be held against the ledgers anew."""
    one = await list_for(turn, c.CompareAgain, command.list_id)
    await turn.uow.outreach.compare_again(one.id)
    await trace(turn, "compare_again", one.region_code, id=one.id, title=one.title)
    return Outcome(detail={"list": one.id})


async def drop(turn: Acting, command: c.DropList) -> Outcome:
    """Remove a list that is not needed any more."""
    one = await list_for(turn, c.DropList, command.list_id)
    check_inside(turn.by, c.DropList, one.region_code)
    if not command.reason.strip():
        raise Refused(render("refused.reason_missing"))
    await drop_list(turn, one, command.reason.strip())
    return Outcome()
