"""Second factors of officers and the codes for when the telephone is lost."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage.inserting import insert_if_new
from storage.models.guard import RecoveryCode, SecondFactor
from storage.repositories.base import Repository


class SecondFactors(Repository):
    """At most one secret an officer."""

    async def of(self, officer_id: int, lock: bool = False) -> SecondFactor | None:
        """The factor, also one not confirmed yet; locked, no code is taken twice at once."""
        query = select(SecondFactor).where(SecondFactor.officer_id == officer_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return await self._session.scalar(query)

    async def begin(self, officer_id: int, secret: str, now: datetime) -> SecondFactor:
        """A new secret that waits for its first code; one that is confirmed is kept as it is."""
        values = {"officer_id": officer_id, "secret": secret, "created_at": now}
        await insert_if_new(self._session, SecondFactor, values, ("officer_id",))
        row = await self.of(officer_id, lock=True)
        assert row is not None  # noqa: S101 - inserted above
        if row.confirmed_at is None:
            row.secret, row.created_at = secret, now
            await self._session.flush()
        return row

    async def with_one(self) -> set[int]:
        """The officers who have confirmed one."""
        query = select(SecondFactor.officer_id).where(SecondFactor.confirmed_at.is_not(None))
        return set((await self._session.scalars(query)).all())

    async def remove(self, officer_id: int) -> bool:
        """Take it away, with its recovery codes; False when there was none."""
        await self._drop_codes(officer_id)
        gone = await self._session.scalars(
            delete(SecondFactor)
            .where(SecondFactor.officer_id == officer_id)
            .returning(SecondFactor.id)
        )
        return bool(gone.all())

    async def keep_codes(self, officer_id: int, codes: Collection[str]) -> None:
        """New recovery codes; those before are void."""
        await self._drop_codes(officer_id)
        for code in codes:
            await self._added(RecoveryCode(officer_id=officer_id, code_hash=_hash(code)))

    async def use_code(self, officer_id: int, code: str, now: datetime) -> bool:
        """Whether this recovery code was good; it is not any more."""
        used = await self._session.scalars(
            update(RecoveryCode)
            .where(
                RecoveryCode.officer_id == officer_id,
                RecoveryCode.code_hash == _hash(code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(RecoveryCode.id)
        )
        return bool(used.all())

    async def codes_left(self, officer_id: int) -> int:
        """How many recovery codes are not used up."""
        query = select(func.count()).where(
            RecoveryCode.officer_id == officer_id, RecoveryCode.used_at.is_(None)
        )
        return await self._session.scalar(query) or 0

    async def _drop_codes(self, officer_id: int) -> None:
        these = RecoveryCode.officer_id == officer_id
        await self._session.execute(delete(RecoveryCode).where(these))


def _hash(code: str) -> str:
    """Of what somebody types, however they write it; 79 random bits need no slow hash."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
