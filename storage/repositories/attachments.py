"""Files people sent, and the record each belongs to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from storage.models.attachment import Attachment
from storage.repositories.base import Repository


class Attachments(Repository):
    """Photos and documents."""

    async def add(
        self,
        *,
        sha256: str,
        mime: str,
        size: int,
        path: str,
        name: str,
        created_at: datetime,
        person_id: int | None = None,
        conversation_id: int | None = None,
        reference: str | None = None,
        document: str | None = None,
        status: str = "kept",
    ) -> Attachment:
        """Note a file that was stored; `size` in bytes, `path` below the files directory."""
        row = Attachment(
            sha256=sha256,
            mime=mime,
            size=size,
            path=path,
            name=name,
            created_at=created_at,
            person_id=person_id,
            conversation_id=conversation_id,
            reference=reference,
            document=document,
            status=status,
        )
        return await self._added(row)

    async def get(self, id: int) -> Attachment | None:
        """One file."""
        return await self._session.get(Attachment, id)

    async def held(self, id: int) -> Attachment | None:
        """One file, as it is now, which nobody else changes before this transaction ends."""
        return await self._session.get(
            Attachment, id, populate_existing=True, with_for_update={"read": True}
        )

    async def of_reference(self, reference: str) -> list[Attachment]:
        """The files of a record, oldest first."""
        query = select(Attachment).where(Attachment.reference == reference)
        return await self._all(query.order_by(Attachment.id))

    async def of_each(self, references: Collection[str]) -> dict[str, list[Attachment]]:
        """The files of many records at once, each oldest first."""
        found: dict[str, list[Attachment]] = {}
        if references:
            query = select(Attachment).where(Attachment.reference.in_(references))
            for row in await self._all(query.order_by(Attachment.id)):
                found.setdefault(row.reference or "", []).append(row)
        return found

    async def of_person(self, person_id: int) -> list[Attachment]:
        """All files a person sent, oldest first."""
        query = select(Attachment).where(Attachment.person_id == person_id)
        return await self._all(query.order_by(Attachment.id))

    async def attach(self, id: int, reference: str, document: str | None) -> Attachment:
        """Put a file with a record. Raises LookupError when there is no such file."""
        row = await self.get(id)
        if row is None:
            raise LookupError(f"no attachment {id}")
        row.reference, row.document = reference, document
        await self._session.flush()
        return row
