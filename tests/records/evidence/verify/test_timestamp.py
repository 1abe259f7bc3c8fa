"""Time stamps: any bit of one changed is either noticed or changes nothing that was said."""

from pathlib import Path

import pytest

from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.timestamp import (
    check_chain,
    is_root,
    load_certificates,
    open_stamp,
)
from sandbox.tsa import Authority
from tests.records.evidence.packages import stamp

NOTE = b"a note\n"


def test_it_works(tsa: Path) -> None:
    chain = load_certificates(Authority.in_folder(tsa).chain)
    opened = open_stamp(stamp(NOTE, tsa), over=NOTE)
    assert check_chain(opened, enclosed=chain, roots=chain[1:]) == chain[1]
    assert opened.by.startswith("CN=Bluelamp sandbox time stamps")
    with pytest.raises(Unreadable, match="no root"):
        check_chain(opened, enclosed=chain, roots=[])
    with pytest.raises(Unreadable, match="something other"):
        open_stamp(stamp(NOTE, tsa), over=NOTE + b" ")


def test_no_changed_bit_says_another_thing(tsa: Path) -> None:
    """What the signature does not cover (an enclosed root, the status) may change, but not what is
    signed.
    """
    response = stamp(NOTE, tsa)
    opened = open_stamp(response, over=NOTE)
    roots = [each for each in opened.certificates if is_root(each)]
    noticed = 0
    for bit in range(0, len(response) * 8, 37):
        spoilt = bytearray(response)
        spoilt[bit // 8] ^= 1 << bit % 8
        try:
            found = open_stamp(bytes(spoilt), over=NOTE)
            check_chain(found, enclosed=found.certificates, roots=roots)
        except Unreadable:
            noticed += 1
        else:
            assert (found.at, found.by, found.nonce) == (opened.at, opened.by, opened.nonce)
    assert noticed > 100


@pytest.mark.parametrize(
    "nonsense", [b"", b"\x30", b"0\x03\x02\x01\x01", b"\x30\x80" * 2000, bytes(5000), b"<html>"]
)
def test_nonsense_is_unreadable(nonsense: bytes) -> None:
    with pytest.raises(Unreadable):
        open_stamp(nonsense, over=NOTE)
    with pytest.raises(Unreadable):
        load_certificates(nonsense)
