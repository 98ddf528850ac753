"""Children of a list whose dropout case is under dispute: their families are left in peace."""

from collections.abc import Sequence

from bot.cases.contested import contested_among
from bot.outreach.comparing import OTHER
from storage.kinds import DropoutStatus
from storage.models.outreach import OutreachRow
from storage.uow import UnitOfWork

_LEDGER = "dropout"


async def disputed_rows(uow: UnitOfWork, rows: Sequence[OutreachRow]) -> frozenset[int]:
    """The rows that match a case which is contested, or said to be written wrongly."""
    matches = await uow.outreach.matches([row.id for row in rows if row.dropped != "none"])
    meant = [one for one in matches if one.ledger == _LEDGER and one.verdict != OTHER]
    records = await uow.records.all_of({one.target for one in meant})
    disputed = {r.reference for r in records.values() if r.status == DropoutStatus.CONTESTED}
    disputed |= await contested_among(uow, set(records))
    return frozenset(one.row_id for one in meant if one.target in disputed)
