"""Who sends, as a limit counts them: one IPv4 address, or the whole /64 that an IPv6 address lies
in.

One household or server is given a /64 or more (RFC 6177, BCP 157) and may use a new address of it
for every request (RFC 8981), so a limit on single addresses would be none. Whoever holds a /48
still has 65,536 of them.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

_HOST_BITS = 64


def sender_of(address: str) -> str:
    """Return the name that limits count an address under: `192.0.2.7`, `2001:db8:0:1::/64`, or the
    text as it came.

    An IPv4 address written as IPv6 (`::ffff:192.0.2.7`, RFC 4291, 2.5.5.2) is the IPv4 address.
    """
    known = _parsed(address)
    if known is None:
        return address[:64]
    if isinstance(known, IPv4Address):
        return str(known)
    return f"{IPv6Address(int(known) >> _HOST_BITS << _HOST_BITS)}/{128 - _HOST_BITS}"


def is_this_machine(address: str) -> bool:
    """Say whether an address is this machine's own; a socket of this machine has none."""
    known = _parsed(address)
    return known is None or known.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address)
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known
