"""Which part of the service a process does: everything, or the half that scales on its own."""

from enum import StrEnum


class Part(StrEnum):
    """`web` takes in and shows; `worker` answers, sends and reminds; `all` does both."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def serves(self) -> bool:
        """Whether people open its pages and other programs call it."""
        return self is not Part.WORKER

    @property
    def works(self) -> bool:
        """Whether it answers messages, sends and does what falls due."""
        return self is not Part.WEB

    def receives(self, *, by_webhook: bool) -> bool:
        """Whether a channel hands its messages to this process."""
        return self.serves if by_webhook else self.works
