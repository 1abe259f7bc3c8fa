"""How rate limits count network addresses."""

import pytest

from bluelamp.foundation.kernel.client_address import is_this_machine, rate_limit_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:0db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::7", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_it_works(address: str, key: str) -> None:
    assert rate_limit_key(address) == key


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("", True),
        ("::ffff:192.0.2.7", False),
        ("192.0.2.7", False),
        ("2001:db8::1", False),
    ],
)
def test_which_addresses_are_this_machine_s(address: str, is_local: bool) -> None:
    assert is_this_machine(address) is is_local
