"""Time stamps: a changed bit is noticed or changes nothing, and OpenSSL always agrees with us."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.timestamp import (
    _verify_signature,
    check_chain,
    is_self_signed,
    load_certificates,
    open_stamp,
)
from sandbox.tsa import Authority
from tests.records.evidence.packages import stamp, stamp_request

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
    """What the signature does not cover, such as an enclosed root or the status, may change; what
    is signed may not.
    """
    response = stamp(NOTE, tsa)
    opened = open_stamp(response, over=NOTE)
    roots = [certificate for certificate in opened.certificates if is_self_signed(certificate)]
    noticed = 0
    for bit in range(0, len(response) * 8, 37):
        changed = bytearray(response)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            other = open_stamp(bytes(changed), over=NOTE)
            check_chain(other, enclosed=other.certificates, roots=roots)
        except Unreadable:
            noticed += 1
        else:
            assert (other.at, other.by, other.nonce) == (opened.at, opened.by, opened.nonce)
    assert noticed > 100


@pytest.mark.parametrize(
    "nonsense", [b"", b"\x30", b"0\x03\x02\x01\x01", b"\x30\x80" * 2000, bytes(5000), b"<html>"]
)
def test_nonsense_is_unreadable(nonsense: bytes) -> None:
    with pytest.raises(Unreadable):
        open_stamp(nonsense, over=NOTE)
    with pytest.raises(Unreadable):
        load_certificates(nonsense)


def test_a_rejection_is_no_stamp(tsa: Path) -> None:
    rejection = Authority.in_folder(tsa).respond(b"not a request")
    with pytest.raises(Unreadable, match="did not grant it: rejection"):
        open_stamp(rejection, over=NOTE)


def test_a_certificate_from_the_package_is_never_trusted(tsa: Path, tmp_path: Path) -> None:
    """Not even one that names itself as its issuer, where OpenSSL would end a chain."""
    (_, root) = load_certificates(Authority.in_folder(tsa).chain)
    (_, other_root) = load_certificates(Authority.in_folder(tmp_path / "other").chain)
    opened = open_stamp(stamp(NOTE, tmp_path / "other"), over=NOTE)
    check_chain(opened, enclosed=[], roots=[other_root])
    with pytest.raises(Unreadable, match="no root"):
        check_chain(opened, enclosed=[other_root], roots=[root])
    with pytest.raises(Unreadable, match="not what the authority signed"):
        _verify_signature(opened, [other_root], root)


@dataclass
class Sample:
    """A time stamp with the root to check it against."""

    response: bytes
    root: Path
    enclosed: list[x509.Certificate]


def _good(tsa: Path, tmp_path: Path) -> Sample:
    chain = load_certificates(Authority.in_folder(tsa).chain)
    return Sample(stamp(NOTE, tsa), tsa / "root.pem", chain)


def _altered_time(tsa: Path, tmp_path: Path) -> Sample:
    sample = _good(tsa, tmp_path)
    response = bytearray(sample.response)
    # The time in the stamp is the first GeneralizedTime; its last digit of the seconds.
    start = response.index(b"\x18\x0f20") + 2
    response[start + 13] ^= 1
    return replace(sample, response=bytes(response))


def _altered_signature(tsa: Path, tmp_path: Path) -> Sample:
    sample = _good(tsa, tmp_path)
    return replace(sample, response=sample.response[:-1] + bytes([sample.response[-1] ^ 1]))


def _other_message(tsa: Path, tmp_path: Path) -> Sample:
    return replace(_good(tsa, tmp_path), response=stamp(b"another note\n", tsa))


def _wrong_chain(tsa: Path, tmp_path: Path) -> Sample:
    sample = _good(tsa, tmp_path)
    Authority.in_folder(tmp_path / "other")
    return replace(sample, root=tmp_path / "other" / "root.pem")


def _stamped_at(moment: datetime) -> Callable[[Path, Path], Sample]:
    def make(tsa: Path, tmp_path: Path) -> Sample:
        authority = replace(Authority.in_folder(tsa), clock=lambda: moment)
        response = authority.respond(stamp_request(NOTE))
        return replace(_good(tsa, tmp_path), response=response)

    return make


SAMPLES = {
    "good": (_good, True),
    "altered time": (_altered_time, False),
    "altered signature": (_altered_signature, False),
    "another message": (_other_message, False),
    "wrong chain": (_wrong_chain, False),
    "certificate expired by then": (_stamped_at(datetime(2049, 1, 1, tzinfo=UTC)), False),
    "certificate not valid yet": (_stamped_at(datetime(2001, 1, 1, tzinfo=UTC)), False),
}
each_sample = pytest.mark.parametrize(
    ("make", "is_good"), list(SAMPLES.values()), ids=list(SAMPLES)
)


@each_sample
def test_our_verdict(
    make: Callable[[Path, Path], Sample], is_good: bool, tsa: Path, tmp_path: Path
) -> None:
    sample = make(tsa, tmp_path)
    roots = load_certificates(sample.root.read_bytes())
    try:
        opened = open_stamp(sample.response, over=NOTE)
        check_chain(opened, enclosed=sample.enclosed, roots=roots)
    except Unreadable:
        assert not is_good
    else:
        assert is_good


@each_sample
def test_the_library_alone_gives_the_same_verdict(
    make: Callable[[Path, Path], Sample], is_good: bool, tsa: Path, tmp_path: Path
) -> None:
    sample = make(tsa, tmp_path)
    verifier = VerifierBuilder(roots=load_certificates(sample.root.read_bytes())).build()
    try:
        verifier.verify_message(decode_timestamp_response(sample.response), NOTE)
    except (VerificationError, ValueError):
        assert not is_good
    else:
        assert is_good


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
@each_sample
def test_openssl_gives_the_same_verdict(
    make: Callable[[Path, Path], Sample], is_good: bool, tsa: Path, tmp_path: Path
) -> None:
    sample = make(tsa, tmp_path)
    (tmp_path / "stamp.tsr").write_bytes(sample.response)
    (tmp_path / "note").write_bytes(NOTE)
    (tmp_path / "chain.pem").write_bytes(
        b"".join(certificate.public_bytes(Encoding.PEM) for certificate in sample.enclosed)
    )
    # Without -attime OpenSSL asks whether the certificates are valid now, not when it was stamped.
    moment = decode_timestamp_response(sample.response).tst_info.gen_time
    result = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-in", "stamp.tsr", "-data", "note"),
            *("-CAfile", str(sample.root), "-untrusted", "chain.pem"),
            *("-attime", str(int(moment.timestamp()))),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (result.returncode == 0) is is_good, result.stderr
    assert ("Verification: OK" in result.stdout) is is_good
