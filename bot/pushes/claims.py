"""A family said that the papers are handed in: nobody asks again before an officer has looked."""

from collections.abc import Collection

from storage.uow import UnitOfWork

HANDED_IN = "handed_in"


async def claimed_among(uow: UnitOfWork, references: Collection[str]) -> frozenset[str]:
    """The applications whose papers are said to be in, and at which no officer looked since."""
    said = await uow.reminders.answered_at(references, HANDED_IN)
    looked = await uow.audit.last_by_officers(said)
    return frozenset(key for key, at in said.items() if key not in looked or looked[key] < at)
