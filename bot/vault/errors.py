"""Why a file cannot be opened, in a sentence for whoever wanted to see it."""

from enum import StrEnum

from bot.errors import ServiceError


class Why(StrEnum):
    """What is wrong with a file."""

    GONE = "gone"
    SPOILT = "spoilt"
    NO_KEY = "no_key"


_SAID = {
    Why.GONE: "这张照片（或文件）找不到了。请再发一次；在局里请告诉技术员。",
    Why.SPOILT: "这张照片（或文件）坏了，打不开。请再发一次；在局里请告诉技术员。",
    Why.NO_KEY: "这张照片（或文件）还在，可是缺少开它的密钥，现在打不开。请告诉技术员。",
}


class Unopened(ServiceError):
    """A file that cannot be shown."""

    def __init__(self, why: Why, path: str) -> None:
        super().__init__(_SAID[why])
        self.why = why
        self.path = path
