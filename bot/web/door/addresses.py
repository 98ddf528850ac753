"""Where a request comes from, coarse enough to count by and masked enough to keep."""

from ipaddress import IPv6Address, ip_address, ip_network

from bot.web.site import Connection

UNKNOWN = "unknown"
HOME_BITS = 64
"""A household or an office has a whole /64 of IPv6: its addresses count as one."""


def network_of(address: str) -> str:
    """The address, of IPv6 its /64; one that is none counts with all such."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, HOME_BITS), strict=False))
    return str(found)


def masked(address: str) -> str:
    """About where: the first half of an address."""
    network = network_of(address)
    if ":" in network:
        return ":".join(network.split(":")[:2]) + ":*"
    return ".".join(network.split(".")[:2]) + ".*.*" if "." in network else ""


def client_of(connection: Connection) -> str:
    """The caller's network.

    uvicorn puts in what a trusted proxy says (`web.trusted_proxies`), never what others claim.
    """
    return network_of(connection.client.host if connection.client else UNKNOWN)
