"""What one installation must remember about itself."""

from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted
from storage.models.base import Base, Hash, Key


class KeyCheck(Base):
    """A known value under the first key, so that a wrong key is noticed at the start."""

    __tablename__ = "key_check"

    id: Mapped[Key]
    sample: Mapped[str] = mapped_column(Encrypted("key_check.sample"))
    blind: Mapped[Hash]
