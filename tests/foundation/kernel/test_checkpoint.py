"""Checkpoints against the C2SP formats, every single-bit change of one, and the key at first
start.
"""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    Checkpoint,
    SignerKey,
    VerifierKey,
    load_or_create_key,
    open_checkpoint,
    open_note,
    sign_checkpoint,
)

KEY = SignerKey(
    name="bluelamp/continuity", private_key=Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
)
CHECKPOINT = Checkpoint(origin="bluelamp/continuity", size=20_852_163, root=bytes(range(32)))

# The example key and note of the Go module golang.org/x/mod/sumdb/note, from which signed-note
# comes.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_it_works() -> None:
    note = sign_checkpoint(CHECKPOINT, key=KEY)
    assert note.startswith(
        "bluelamp/continuity\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— bluelamp/"
    )
    assert open_checkpoint(note.encode(), keys=[KEY.verifier]) == CHECKPOINT


def test_a_note_signed_by_another_program_opens() -> None:
    key = VerifierKey.parse(GO_KEY)
    assert str(key) == GO_KEY
    assert open_note(GO_NOTE.encode(), keys=[key]).endswith("what your problem is.\n")


def test_every_flipped_bit_is_noticed() -> None:
    note = sign_checkpoint(CHECKPOINT, key=KEY).encode()
    for position in range(len(note) * 8):
        flipped = bytearray(note)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(BadNote):
            open_checkpoint(bytes(flipped), keys=[KEY.verifier])


def test_another_key_of_the_same_name_is_not_trusted() -> None:
    other = SignerKey(name=KEY.name, private_key=Ed25519PrivateKey.generate())
    with pytest.raises(BadNote, match="None of the known keys"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, key=other).encode(), keys=[KEY.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "a\n1\nAA==\n",
        "\n\n— x y\n",
        "a\n\n\n— a AAAA\n",
        "\x00\n\n— a AAAAAAAA\n",
        "a\n\n— a AAAA",
    ],
)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note.encode(), keys=[KEY.verifier])


@pytest.mark.parametrize(
    "key", ["", "a", "a+b+c", GO_KEY[:-4], GO_KEY.replace("c74f", "c74e"), " " + GO_KEY]
)
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(BadNote):
        VerifierKey.parse(key)


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"

    def load(_: int) -> str:
        return str(load_or_create_key(folder=folder, name="bluelamp/audit").verifier)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load, range(16)))
    assert len(keys) == 1
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
