"""What people agreed to, and when they took it back."""

from datetime import datetime

from sqlalchemy import select

from storage.models.person import Consent
from storage.repositories.base import Repository


class Consents(Repository):
    """Consents by person and purpose; answers are added, never overwritten."""

    async def add(
        self,
        *,
        person_id: int,
        purpose: str,
        version: str,
        granted: bool,
        channel: str,
        at: datetime,
        relation: str | None = None,
    ) -> Consent:
        """Keep an answer, with the version of the notice that was shown."""
        row = Consent(
            person_id=person_id,
            purpose=purpose,
            version=version,
            granted=granted,
            relation=relation,
            channel=channel,
            at=at,
        )
        return await self._added(row)

    async def latest(self, person_id: int, purpose: str) -> Consent | None:
        """The last answer for a purpose; it holds when `granted` and not `withdrawn_at`."""
        query = select(Consent).filter_by(person_id=person_id, purpose=purpose)
        return await self._session.scalar(query.order_by(Consent.id.desc()).limit(1))

    async def of_person(self, person_id: int) -> list[Consent]:
        """All answers of a person, oldest first."""
        query = select(Consent).where(Consent.person_id == person_id)
        return await self._all(query.order_by(Consent.id))
