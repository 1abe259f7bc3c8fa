"""Signed checkpoints of a log, in the C2SP formats `signed-note` and `tlog-checkpoint`.

A checkpoint is three lines (origin, size, root in base64), an empty line, and a signature line `—
<key name> <base64 of key id and Ed25519 signature>`. Any tool that reads these formats can check
ours. This module does not use Django: the package verifier imports it.

Sources: https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bluelamp.foundation.kernel.durable import sync_folder
from bluelamp.foundation.kernel.merkle_log.merkle import HASH_SIZE

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4
_SIGNATURE_MARK = "— "


class BadNote(ValueError):
    """A note is malformed, or no trusted key signed it. The message says which."""


@dataclass(frozen=True)
class Checkpoint:
    """A log's statement that its first `size` leaves hash to `root` (32 bytes).

    `origin` names the log.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Parse a signed text. Raises BadNote unless it is exactly what `text` would return."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise BadNote("A checkpoint is three lines: origin, size and root.")
        origin, size, root = lines[:3]
        # isdigit alone is true of digits of other scripts, and 18 of them fit in 64 bits.
        if not (size.isascii() and size.isdigit()) or len(size) > 18:
            raise BadNote("The checkpoint's size is not a number.")
        checkpoint = cls(origin=origin, size=int(size), root=_decode(root))
        if not origin or len(checkpoint.root) != HASH_SIZE or checkpoint.text != text:
            raise BadNote("The checkpoint is not written as tlog-checkpoint says.")
        return checkpoint


@dataclass(frozen=True)
class VerifierKey:
    """A log's public key with its name, written `<name>+<key id>+<base64 of type and key>`."""

    name: str
    public_key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        """Return the first four bytes of `SHA-256(name || 0x0A || 0x01 || key)`."""
        # C2SP signed-note: enough to choose the key with. The whole key is then checked.
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self._raw).digest()[
            :_KEY_ID_SIZE
        ]

    @property
    def _raw(self) -> bytes:
        return self.public_key.public_bytes_raw()

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(_ED25519 + self._raw)}"

    @classmethod
    def parse(cls, line: str) -> "VerifierKey":
        """Parse the written form. Raises BadNote unless it is exactly what `str` would return."""
        name, _, encoded = line.partition("+")
        raw = _decode(encoded.partition("+")[2])
        # A byte for the type and the 32 of an Ed25519 key.
        if raw[:1] != _ED25519 or len(raw) != 33:
            raise BadNote("The key is not an Ed25519 verifier key.")
        key = cls(name=name, public_key=Ed25519PublicKey.from_public_bytes(raw[1:]))
        if not _is_key_name(name) or str(key) != line:
            raise BadNote("The key's name, id and bytes do not belong together.")
        return key


@dataclass(frozen=True)
class SignerKey:
    """A log's private key and its name."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(name=self.name, public_key=self.private_key.public_key())


def sign_note(text: str, *, key: SignerKey) -> str:
    """Return the signed note for a text.

    Raises:
        ValueError: The text does not end in a newline, or holds an empty line.
    """
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("a note's text ends in one newline and holds no empty line")
    return f"{text}\n{_signature_line(text, key)}"


def add_signature(note: str, *, key: SignerKey) -> str:
    """Return a signed note with another key's signature of the same text."""
    text = note.rpartition("\n\n")[0] + "\n"
    return note + _signature_line(text, key)


def _signature_line(text: str, key: SignerKey) -> str:
    blob = key.verifier.key_id + key.private_key.sign(text.encode())
    return f"{_SIGNATURE_MARK}{key.name} {_encode(blob)}\n"


def open_note(note: bytes, *, keys: Sequence[VerifierKey]) -> str:
    """Return the text of a note that one of `keys` signed.

    Raises:
        BadNote: It is malformed, has a wrong signature under a known key, or none under any.
    """
    try:
        text, mark, signatures = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise BadNote("The note is not text in UTF-8.") from None
    if not mark or not signatures.endswith("\n"):
        raise BadNote("The note has no signature.")
    text += "\n"
    # They could make a terminal show another text than the one that was signed.
    if any(ord(letter) < 32 and letter != "\n" for letter in text):
        raise BadNote("The note holds control characters.")
    by_id = {(key.name, key.key_id): key for key in keys}
    is_signed = False
    for line in signatures[:-1].split("\n"):
        name, _, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
        blob = _decode(encoded)
        if (
            not line.startswith(_SIGNATURE_MARK)
            or not _is_key_name(name)
            or len(blob) <= _KEY_ID_SIZE
        ):
            raise BadNote("A signature line is not written as signed-note says.")
        if key := by_id.get((name, blob[:_KEY_ID_SIZE])):
            try:
                key.public_key.verify(blob[_KEY_ID_SIZE:], text.encode())
            except InvalidSignature:
                raise BadNote(f"The signature of {name} does not fit the text.") from None
            is_signed = True
    if not is_signed:
        raise BadNote("None of the known keys signed this note.")
    return text


def sign_checkpoint(checkpoint: Checkpoint, *, key: SignerKey) -> str:
    """Return the checkpoint as a signed note."""
    return sign_note(checkpoint.text, key=key)


def open_checkpoint(note: bytes, *, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return the checkpoint in a note that one of `keys` signed; raises BadNote otherwise."""
    return Checkpoint.parse(open_note(note, keys=keys))


def load_or_create_key(*, folder: Path, name: str) -> SignerKey:
    """Return the key stored in `folder` under `name`, and create it on first use with mode 0600.

    Two processes that create it at the same time get the same key: the file appears whole under
    its name, once, and the other process reads it. Whoever can read the file can sign for the log.
    If it is lost, the log can continue only under a new key: keep a copy of its public half
    elsewhere.
    """
    path = key_path(folder, name)
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_key(path, Ed25519PrivateKey.generate())
    return SignerKey(name=name, private_key=Ed25519PrivateKey.from_private_bytes(path.read_bytes()))


def key_path(folder: Path, name: str) -> Path:
    """Return the file that a key of this name is kept in."""
    return folder / f"{name.replace('/', '-')}.key"


def write_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a private key durably, with mode 0600, unless the file exists."""
    _write_once(path, key.private_bytes_raw())


def _write_once(path: Path, content: bytes) -> None:
    """Write a file durably unless it exists. It appears whole, because a link is atomic."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link and not a rename, which would replace the key of a process that was quicker.
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    """Decode base64 strictly.

    Each value has one spelling only, so that no bit of a line can be changed unnoticed.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("A base64 value is not well formed.") from None
    # The last digit has spare bits, so one value could be written in several ways.
    if _encode(raw) != text:
        raise BadNote("A base64 value is not well formed.")
    return raw
