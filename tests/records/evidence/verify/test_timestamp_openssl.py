"""What OpenSSL refuses, we refuse: stamps with fields changed that no signature covers.

`BLUELAMP_STAMP_BITS=all` flips two bits of every byte; by default some hundred are flipped.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, tsp, x509
from cryptography.x509 import Certificate

from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.timestamp import (
    check_chain,
    load_certificates,
    open_stamp,
)
from sandbox.tsa import Authority
from tests.records.evidence.packages import stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
NOTE = b"a note\n"
SOME_BITS = 150


@pytest.fixture(scope="module")
def good(tsa: Path) -> bytes:
    """A good stamp over the note."""
    return stamp(NOTE, tsa)


@pytest.fixture
def openssl_accepts(tsa: Path, tmp_path: Path) -> Callable[[bytes], bool]:
    """Return what `openssl ts -verify` says about a stamp, as docs/how-to tells the reader."""
    (tmp_path / "note").write_bytes(NOTE)
    (tmp_path / "chain.pem").write_bytes(Authority.in_folder(tsa).chain)

    def accepts(response: bytes) -> bool:
        (tmp_path / "stamp.tsr").write_bytes(response)
        done = subprocess.run(
            [
                *("openssl", "ts", "-verify", "-in", "stamp.tsr", "-data", "note"),
                *("-CAfile", str(tsa / "root.pem"), "-untrusted", "chain.pem"),
            ],
            cwd=tmp_path,
            capture_output=True,
        )
        return done.returncode == 0

    return accepts


def we_accept(response: bytes, chain: list[Certificate]) -> bool:
    try:
        opened = open_stamp(response, over=NOTE, certificates=chain)
        check_chain(opened, enclosed=chain, roots=chain[1:])
    except Unreadable:
        return False
    return True


def test_it_works(good: bytes, tsa: Path, openssl_accepts: Callable[[bytes], bool]) -> None:
    assert openssl_accepts(good)
    assert we_accept(good, load_certificates(Authority.in_folder(tsa).chain))


def _set_serial_number(signer: Any, data: Any) -> None:
    signer["sid"].chosen["serial_number"] = 4711


def _set_issuer(signer: Any, data: Any) -> None:
    signer["sid"].chosen["issuer"] = x509.Name.build({"common_name": "Mallory"})


def _set_signer_version(signer: Any, data: Any) -> None:
    signer["version"] = "v3"


def _set_data_version(signer: Any, data: Any) -> None:
    data["version"] = "v1"


def _set_digest_algorithm(signer: Any, data: Any) -> None:
    signer["digest_algorithm"]["algorithm"] = "sha512"


def _set_digest_algorithms(signer: Any, data: Any) -> None:
    data["digest_algorithms"] = [{"algorithm": "md5"}]


def _sign_twice(signer: Any, data: Any) -> None:
    data["signer_infos"] = [signer, signer]


def _sign_by_nobody(signer: Any, data: Any) -> None:
    data["signer_infos"] = []


CHANGES = (
    _set_serial_number,
    _set_issuer,
    _set_signer_version,
    _set_data_version,
    _set_digest_algorithm,
    _set_digest_algorithms,
    _sign_twice,
    _sign_by_nobody,
)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__[1:] for change in CHANGES])
def test_a_changed_field_outside_the_signature_is_refused(
    good: bytes, change: Callable[[Any, Any], None], tsa: Path
) -> None:
    """Also where this version of OpenSSL does not look at the field, such as a version number."""
    response = tsp.TimeStampResp.load(good)
    data: cms.SignedData = response["time_stamp_token"]["content"]
    change(data["signer_infos"][0], data)
    changed = response.dump(force=True)
    assert changed != good
    assert not we_accept(changed, load_certificates(Authority.in_folder(tsa).chain))


def test_what_openssl_refuses_we_refuse(
    good: bytes, tsa: Path, openssl_accepts: Callable[[bytes], bool]
) -> None:
    chain = load_certificates(Authority.in_folder(tsa).chain)
    bits = [byte * 8 + bit for byte in range(len(good)) for bit in (0, 6)]
    if os.environ.get("BLUELAMP_STAMP_BITS") != "all":
        bits = random.Random(3161).sample(bits, SOME_BITS)
    refused = 0
    for bit in bits:
        changed = bytearray(good)
        changed[bit // 8] ^= 1 << bit % 8
        if we_accept(bytes(changed), chain):
            assert openssl_accepts(bytes(changed)), f"bit {bit}"
        else:
            refused += 1
    assert refused > len(bits) // 3
