"""What the reader brings to a check: the keys and roots that they trust, and where they had them.

They come as a key, a file with a key, PEM certificates, or a force's published list of keys: the
JSON at `/keys/keys.json` of its public site, which says since when and until when each was used.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote, VerifierKey
from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.timestamp import load_certificates

LIST_FORMAT = "bluelamp-keys/1"
# The path is whatever was typed, such as a device that never ends.
_MAX_FILE_BYTES = 1 << 20
_GROUP = 4
# 128 bits: too many to make another key for, few enough to read aloud.
_FINGERPRINT_LENGTH = 32


@dataclass(frozen=True)
class PinnedKey:
    """A log's public key that the reader trusts, and when it was in use. None is no limit."""

    key: VerifierKey
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def is_valid_at(self, at: datetime) -> bool:
        """Return whether the key was in use at an instant."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at <= self.valid_until
        )

    @property
    def period(self) -> str:
        """Say when it was in use: "from … to …"."""
        start = f"from {self.valid_from.isoformat()}" if self.valid_from else ""
        end = f"to {self.valid_until.isoformat()}" if self.valid_until else ""
        return " ".join(part for part in (start, end) if part)


@dataclass(frozen=True)
class Pins:
    """The keys and the roots for time stamps that the reader trusts. Empty where they gave none."""

    keys: Sequence[PinnedKey] = ()
    roots: Sequence[x509.Certificate] = ()

    def find_key(self, key: VerifierKey) -> PinnedKey | None:
        """Return the trusted key that is this one, if there is one."""
        return next((pinned for pinned in self.keys if str(pinned.key) == str(key)), None)


def fingerprint(key: VerifierKey) -> str:
    """Return what people compare by phone: the first half of a key's SHA-256, in groups of four.

    The key id in the key itself is too short: a forger can make another key with the same id.
    """
    return _group_hex_digits(hashlib.sha256(str(key).encode()).hexdigest())


def certificate_fingerprint(certificate: x509.Certificate) -> str:
    """Return the first half of the SHA-256 of a certificate in DER, in groups of four."""
    return _group_hex_digits(certificate.fingerprint(hashes.SHA256()).hex())


def _group_hex_digits(digest: str) -> str:
    short = digest[:_FINGERPRINT_LENGTH]
    return " ".join(short[start : start + _GROUP] for start in range(0, len(short), _GROUP))


def load_pins(*, log_key: str = "", tsa_root: str = "") -> Pins:
    """Return what the options `--log-key` and `--tsa-root` name. A list of keys serves for both.

    Args:
        log_key: A key, a file with a key, or a published list of keys.
        tsa_root: A file with certificates in PEM, or a published list of keys.

    Raises:
        Unreadable: One of them is nothing of the kind. The message names the option.
    """
    keys: Sequence[PinnedKey] = ()
    roots: Sequence[x509.Certificate] = ()
    if log_key:
        text = _read_text(log_key, "--log-key") if _is_file(log_key) else log_key
        if listed := _load_list(text, "--log-key"):
            keys, roots = listed.keys, listed.roots
        else:
            key = _parse("--log-key", VerifierKey.parse, text.strip())
            keys = (PinnedKey(key),)
    if tsa_root:
        text = _read_text(tsa_root, "--tsa-root")
        if listed := _load_list(text, "--tsa-root"):
            roots = listed.roots
        else:
            roots = tuple(_parse("--tsa-root", load_certificates, text.encode()))
    return Pins(keys=keys, roots=roots)


def _load_list(text: str, option: str) -> Pins | None:
    """Return the keys and roots of a published list, or None if this is no list."""
    if not text.lstrip().startswith("{"):
        return None
    pins: Pins = _parse(option, _parse_list, text)
    # With an empty list the package's own key would do: the reader asked for the opposite.
    if not pins.keys or not pins.roots:
        raise Unreadable(f"{option}: The list of keys has no key, or no root for time stamps.")
    return pins


def _parse_list(text: str) -> Pins:
    body = json.loads(text)
    if body["format"] != LIST_FORMAT:
        raise ValueError("another format")
    return Pins(
        keys=tuple(_to_pinned_key(row) for row in body["log_keys"]),
        roots=tuple(
            certificate
            for row in body["time_stamp_roots"]
            for certificate in load_certificates(row["pem"].encode())
        ),
    )


def _to_pinned_key(row: dict[str, Any]) -> PinnedKey:
    return PinnedKey(
        key=VerifierKey.parse(row["key"]),
        valid_from=_to_instant(row["valid_from"]),
        valid_until=_to_instant(row["valid_until"]),
    )


def _to_instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    # It could not be compared with the time of a stamp, which has its offset.
    if instant.tzinfo is None:
        raise ValueError("a time without its offset")
    return instant


def _parse(option: str, parse: Callable[[Any], Any], value: Any) -> Any:
    """Return a parsed value, and raise Unreadable with the name of the option if it is not one."""
    try:
        return parse(value)
    except (BadNote, Unreadable) as error:
        raise Unreadable(f"{option}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{option}: It is not a list of keys ({LIST_FORMAT}).") from None


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # a key is longer than a name of a file may be
        return False


def _read_text(path: str, option: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(_MAX_FILE_BYTES).decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{option} {path[:200]}: It is not text.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such name"
        raise Unreadable(f"{option} {path[:200]}: It cannot be read ({reason}).") from None
