"""Numbers in addresses: one that no row can have names nothing, and must not reach the database."""

from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from bot.web.site import Connection

MOST = (1 << 63) - 1


def possible_numbers(connection: Connection, _: BaseRouteHandler) -> None:
    """Raise NotFound for a number that is too large for a row's."""
    numbers = [value for value in connection.path_params.values() if isinstance(value, int)]
    if any(number > MOST for number in numbers):
        raise NotFoundException("there is no such thing")
