"""Papers looked at, objections and payments of aid applications."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from storage.models.recognition import Objection, PaperReview, Payment
from storage.repositories.base import Repository


class Recognition(Repository):
    """What belongs to an application beside its answers; rows are added, verdicts never changed."""

    async def add_review(
        self,
        reference: str,
        document: str,
        verdict: str,
        at: datetime,
        *,
        officer_id: int | None = None,
        reason: str | None = None,
        status_before: str | None = None,
    ) -> PaperReview:
        """Keep a verdict on a paper or an answer."""
        row = PaperReview(
            reference=reference,
            document=document,
            verdict=verdict,
            at=at,
            officer_id=officer_id,
            reason=reason,
            status_before=status_before,
        )
        return await self._added(row)

    async def reviews(self, reference: str) -> list[PaperReview]:
        """All verdicts on the papers of an application, oldest first."""
        query = select(PaperReview).where(PaperReview.reference == reference)
        return await self._all(query.order_by(PaperReview.id))

    async def reviews_of_each(self, references: Collection[str]) -> dict[str, list[PaperReview]]:
        """The verdicts on the papers of many applications, each oldest first."""
        found: dict[str, list[PaperReview]] = {}
        if references:
            query = select(PaperReview).where(PaperReview.reference.in_(references))
            for row in await self._all(query.order_by(PaperReview.id)):
                found.setdefault(row.reference, []).append(row)
        return found

    async def add_objection(
        self, reference: str, text: str, at: datetime, officer_id: int | None
    ) -> Objection:
        """Keep what was said against a published result."""
        row = Objection(reference=reference, text=text, at=at, recorded_by_id=officer_id)
        return await self._added(row)

    async def objections(self, reference: str) -> list[Objection]:
        """All objections to a result, oldest first."""
        query = select(Objection).where(Objection.reference == reference)
        return await self._all(query.order_by(Objection.id))

    async def objected(self, references: Collection[str]) -> set[str]:
        """Which of these results somebody objects to, and nobody has looked into it."""
        if not references:
            return set()
        query = select(Objection.reference).where(
            Objection.reference.in_(references), Objection.settled_at.is_(None)
        )
        return set((await self._session.scalars(query)).all())

    async def add_payment(
        self,
        reference: str,
        paid_on: date,
        fen: int,
        programme: str,
        period: str,
        at: datetime,
        officer_id: int | None,
    ) -> Payment:
        """Keep that money was paid."""
        row = Payment(
            reference=reference,
            paid_on=paid_on,
            fen=fen,
            programme=programme,
            period=period,
            at=at,
            recorded_by_id=officer_id,
        )
        return await self._added(row)

    async def payments(self, reference: str) -> list[Payment]:
        """All payments on an application, oldest first."""
        query = select(Payment).where(Payment.reference == reference)
        return await self._all(query.order_by(Payment.paid_on, Payment.id))
