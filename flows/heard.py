"""One message as the dialogue hears it: what its words mean and what came beside them."""

from dataclasses import dataclass
from datetime import datetime

from nlu.types import Understanding


@dataclass(frozen=True)
class HeardFile:
    """A stored file that came with the message."""

    attachment: int
    mime: str

    @property
    def is_picture(self) -> bool:
        """Whether it can be a paper: a photo or a PDF."""
        return self.mime.startswith("image/") or self.mime == "application/pdf"


@dataclass(frozen=True)
class Heard:
    """What a person sent. `at` is the moment they sent it; `moment` a time they named."""

    understood: Understanding
    at: datetime
    external_id: str = ""
    press: str | None = None
    files: tuple[HeardFile, ...] = ()
    phone: str | None = None
    location: tuple[float, float] | None = None
    edit_of: str | None = None
    moment: datetime | None = None
    moment_topic: str = ""
    unsupported: str | None = None

    @property
    def text(self) -> str:
        """The words, as written."""
        return self.understood.text
