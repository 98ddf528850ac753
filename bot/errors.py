"""What may go wrong with a change; channels and the API turn it into words or problems."""


class ServiceError(Exception):
    """A change that was not made; `reason` is a Chinese sentence for the one who asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(ServiceError):
    """There is no such thing, or none that this caller may know of."""

    def __init__(self, reason: str = "没有找到这条记录。") -> None:
        super().__init__(reason)


class NotAllowed(ServiceError):
    """The caller's role or region does not permit it."""

    def __init__(self, reason: str = "您的权限不能做这件事。") -> None:
        super().__init__(reason)


class Conflict(ServiceError):
    """Somebody else changed the record first."""

    def __init__(self, reason: str = "别人刚改过这条记录，请看过以后再试。") -> None:
        super().__init__(reason)


class Refused(ServiceError):
    """The rules do not allow this change now."""


class WrongCode(Refused):
    """A one-time code that is not good; the guess is counted though nothing else is changed."""
