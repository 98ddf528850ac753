"""What keeps strangers out of the desk: sessions, second factors, counted attempts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Hash, Key, Word


class DeskSession(Base):
    """A browser that is signed in; the cookie holds the token, the row only its SHA-256.

    `proof` is how far the officer has got (`storage.kinds.Proof`); `stamp` changes with the
    password. `address` lacks its end, so that it says roughly where and not who.
    """

    __tablename__ = "desk_sessions"

    id: Mapped[Key]
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"), index=True)
    stamp: Mapped[Hash]
    proof: Mapped[Word]
    device: Mapped[Word]
    address: Mapped[Word]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """An officer's secret for one-time codes; asked for once `confirmed_at` is set.

    `last_step` is the half minute of the last code that was taken: no code works twice.
    """

    __tablename__ = "second_factors"

    id: Mapped[Key]
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"), unique=True)
    secret: Mapped[str] = mapped_column(Encrypted("second_factors.secret"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int | None] = mapped_column(Id)


class RecoveryCode(Base):
    """A code for the day the telephone is lost: random, used once, only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index(None, "officer_id", "code_hash", unique=True), NEVER_REUSE_IDS)

    id: Mapped[Key]
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    code_hash: Mapped[Hash]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """How full the measure of one caller is: it is empty again at `empty_at`.

    The caller is a keyed hash of a name or an address, never the name or the address itself.
    """

    __tablename__ = "attempts"

    id: Mapped[Key]
    caller: Mapped[str] = mapped_column(String(64), unique=True)
    empty_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
