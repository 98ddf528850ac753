"""Officers, found by name, token, link code or the place they answer for."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.keys import Keyring
from storage.models.officer import ApiToken, Officer
from storage.regions import enclosing, prefix, spellings
from storage.repositories.base import Repository

USE_WORTH_NOTING = timedelta(minutes=1)


class Officers(Repository):
    """The people at the desk."""

    def __init__(self, session: AsyncSession, keyring: Keyring) -> None:
        super().__init__(session)
        self._keyring = keyring

    async def get(self, id: int, lock: bool = False) -> Officer | None:
        """One officer."""
        return await self._by_id(Officer, id, lock)

    async def by_name(self, name: str) -> Officer | None:
        """The officer who signs in under this name."""
        return await self._session.scalar(select(Officer).where(Officer.name == name))

    async def of_conversation(self, conversation_id: int) -> Officer | None:
        """The active officer who tied this chat to their account; the newest of several."""
        return await self._session.scalar(_OF_CONVERSATION, {"conversation_id": conversation_id})

    async def linked(self) -> list[Officer]:
        """Active officers who can be told something in a chat."""
        query = select(Officer).where(
            Officer.conversation_id.is_not(None), Officer.active.is_(True)
        )
        return await self._all(query.order_by(Officer.id))

    async def by_token(self, token: str, now: datetime | None = None) -> Officer | None:
        """The active officer of an API token; with `now` one that is not outdated."""
        found = await self.token(token, now)
        return found[1] if found is not None else None

    async def token(
        self, token: str, now: datetime | None = None
    ) -> tuple[ApiToken, Officer] | None:
        """A token that is good, and whose it is."""
        query = (
            select(ApiToken, Officer)
            .join(Officer, Officer.id == ApiToken.officer_id)
            .where(ApiToken.token_hash == _sha256(token), ApiToken.revoked_at.is_(None))
            .where(Officer.active.is_(True))
        )
        if now is not None:
            query = query.where(or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now))
        row = (await self._session.execute(query)).one_or_none()
        return row.tuple() if row is not None else None

    async def note_use(self, token_id: int, now: datetime) -> None:
        """A token was used just now; of what was noted within the last minute nothing changes."""
        used = ApiToken.last_used_at
        is_news = or_(used.is_(None), used <= now - USE_WORTH_NOTING)
        await self._session.execute(
            update(ApiToken).where(ApiToken.id == token_id, is_news).values(last_used_at=now)
        )

    async def by_link_code(self, code: str, now: datetime) -> Officer | None:
        """The active officer who was given this one-time code, while it is good."""
        hash = self._keyring.blind(code)
        query = select(Officer).where(
            Officer.link_code_hash == hash,
            Officer.link_code_until > now,
            Officer.active.is_(True),
        )
        return await self._session.scalar(query)

    async def add(
        self,
        *,
        name: str,
        role: str,
        region_code: str,
        now: datetime,
        password_hash: str | None = None,
        conversation_id: int | None = None,
    ) -> Officer:
        """A new account."""
        row = Officer(
            name=name,
            role=role,
            region_code=region_code,
            password_hash=password_hash,
            conversation_id=conversation_id,
            created_at=now,
        )
        return await self._added(row)

    async def add_token(
        self,
        officer_id: int,
        label: str,
        now: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> str:
        """A new API token; this is the only time anybody sees it."""
        token = secrets.token_urlsafe(32)
        row = ApiToken(officer_id=officer_id, label=label, token_hash=_sha256(token))
        row.created_at, row.expires_at = now, expires_at
        await self._added(row)
        return token

    async def tokens(self, officer_id: int) -> list[ApiToken]:
        """All tokens of an officer, oldest first."""
        query = select(ApiToken).where(ApiToken.officer_id == officer_id)
        return await self._all(query.order_by(ApiToken.id))

    async def add_link_code(self, officer_id: int, until: datetime) -> str:
        """A new one-time code that ties a conversation to the account; it replaces the last.

        Kept as a keyed hash, because codes are short.
        """
        code = f"{secrets.randbelow(10**8):08d}"
        await self._set_link_code(officer_id, self._keyring.blind(code), until)
        return code

    async def use_up_link_code(self, officer_id: int) -> None:
        """A code works once."""
        await self._set_link_code(officer_id, None, None)

    async def _set_link_code(
        self, officer_id: int, hash: str | None, until: datetime | None
    ) -> None:
        values = {"link_code_hash": hash, "link_code_until": until}
        await self._session.execute(
            update(Officer).where(Officer.id == officer_id).values(**values)
        )

    async def covering(
        self, region_code: str | None, roles: Collection[str] | None = None
    ) -> list[Officer]:
        """Active officers who answer for a place, the nearest unit first."""
        codes = [code for unit in enclosing(region_code) for code in spellings(unit)]
        query = select(Officer).where(Officer.active.is_(True), Officer.region_code.in_(codes))
        if roles is not None:
            query = query.where(Officer.role.in_(roles))
        rows = await self._all(query)
        return sorted(rows, key=lambda row: (-len(prefix(row.region_code)), row.id))

    async def all(self) -> list[Officer]:
        """Every account, also those switched off."""
        return await self._all(select(Officer).order_by(Officer.id))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_OF_CONVERSATION = (  # built once: it is asked for each message
    select(Officer)
    .where(Officer.conversation_id == bindparam("conversation_id"), Officer.active.is_(True))
    .order_by(Officer.id.desc())
    .limit(1)
)
