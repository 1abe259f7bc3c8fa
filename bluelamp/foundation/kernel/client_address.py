"""Network addresses as rate limits count them: one IPv4 address, or a whole IPv6 /64.

One home or server is given a /64 or more (RFC 6177, BCP 157) and may use a new address of it for
every request (RFC 8981), so a limit on single IPv6 addresses would limit nobody. Somebody with a
/48 still has 65,536 of them.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

_HOST_BITS = 64


def rate_limit_key(address: str) -> str:
    """Return the key that limits count an address under.

    An IPv4 address written as IPv6 (RFC 4291, 2.5.5.2) is the IPv4 address. Text that is no
    address is cut to 64 characters.

    >>> rate_limit_key("::ffff:192.0.2.7"), rate_limit_key("2001:db8:0:1::7")
    ('192.0.2.7', '2001:db8:0:1::/64')
    """
    parsed = _parse_address(address)
    if parsed is None:
        return address[:64]
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    # A household is given a whole /64: its addresses count together.
    return f"{IPv6Address(int(parsed) >> _HOST_BITS << _HOST_BITS)}/{128 - _HOST_BITS}"


def network_prefix(address: str) -> str:
    """Return what the keys of all addresses of a network begin with: an IPv4 /24, or an IPv6 /64.

    >>> network_prefix("192.0.2.7"), network_prefix("2001:db8:0:1::7")
    ('192.0.2.', '2001:db8:0:1::/64')
    """
    key = rate_limit_key(address)
    return key if "/" in key else key.rpartition(".")[0] + "."


def is_this_machine(address: str) -> bool:
    """Say whether an address is this machine's own. A local socket has none and counts as such."""
    parsed = _parse_address(address)
    return parsed is None or parsed.is_loopback


def _parse_address(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    # ::ffff:192.0.2.1 is an IPv4 address that came through an IPv6 socket.
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
