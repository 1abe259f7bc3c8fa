"""How a log goes over from one signing key to the next: a statement that both keys sign.

It names the last checkpoint under the old key. Whoever trusts either key can follow the log to the
other: the old key vouches for what came up to that checkpoint, and the new one for everything
after. This module does no I/O.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    SignerKey,
    VerifierKey,
    add_signature,
    open_note,
    sign_note,
)


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A log's statement that another key signs it after `size` entries, whose root is `root`."""

    size: int
    root: bytes
    old_key: VerifierKey
    new_key: VerifierKey
    at: datetime

    @property
    def text(self) -> str:
        """Return the text that both keys sign."""
        root = base64.b64encode(self.root).decode()
        return (
            f"{self.old_key.name} key change\n{self.size}\n{root}\n"
            f"{self.old_key}\n{self.new_key}\n{self.at.isoformat()}\n"
        )

    @classmethod
    def parse(cls, text: str) -> "KeyChange":
        """Parse a signed text. Raises BadNote unless it is exactly what `text` would return."""
        try:
            _, size, root, old_key, new_key, at, _ = text.split("\n")
            change = cls(
                size=int(size),
                root=base64.b64decode(root),
                old_key=VerifierKey.parse(old_key),
                new_key=VerifierKey.parse(new_key),
                at=datetime.fromisoformat(at),
            )
        except ValueError:
            raise BadNote("The change of key is not well formed.") from None
        if change.text != text:
            raise BadNote("The change of key is not well formed.")
        return change


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """A key of a log, and which checkpoints it signed: those at more than `after` entries and at
    most `up_to`; None is no limit, for the key of today.
    """

    key: VerifierKey
    after: int = -1
    up_to: int | None = None


def sign_key_change(change: KeyChange, *, old: SignerKey, new: SignerKey) -> str:
    """Return the change as a note with both signatures."""
    return add_signature(sign_note(change.text, key=old), key=new)


def open_key_change(note: bytes) -> KeyChange:
    """Return the change in a note that both of its keys signed; raises BadNote otherwise."""
    text, mark, _ = note.decode(errors="replace").rpartition("\n\n")
    if not mark:
        raise BadNote("The change of key has no signature.")
    change = KeyChange.parse(f"{text}\n")
    for key in (change.old_key, change.new_key):
        open_note(note, keys=[key])
    if change.old_key.name != change.new_key.name or change.old_key == change.new_key:
        raise BadNote("The change of key is not from one key of a log to another.")
    return change


def list_key_periods(notes: Iterable[bytes], *, current: VerifierKey) -> Sequence[KeyPeriod]:
    """Return a log's keys in the order of time, from the notes of its changes in that order.

    Raises:
        BadNote: A note is not signed by both keys, or the changes do not lead to today's key.
    """
    periods: list[KeyPeriod] = []
    after = -1
    expected: VerifierKey | None = None
    for note in notes:
        change = open_key_change(note)
        if change.size < after or (expected and str(expected) != str(change.old_key)):
            raise BadNote("The changes of key do not follow one another.")
        periods.append(KeyPeriod(change.old_key, after, change.size))
        after, expected = change.size, change.new_key
    if expected and str(expected) != str(current):
        raise BadNote("The log's key was replaced by another than this one.")
    return [*periods, KeyPeriod(current, after)]
