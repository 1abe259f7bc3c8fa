"""Replacing a log's signing key: `bluelamp keys rotate`.

The statement of both keys is committed first, with the new key already on disk beside the old one.
Then the checkpoint files go over to the new key, and its file takes the place of the old, which is
gone with it. Whoever seals next finishes a change that was cut off after the commit.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from bluelamp.foundation.kernel.durable import sync_folder
from bluelamp.foundation.kernel.merkle_log import checkpoint_file
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    Checkpoint,
    SignerKey,
    VerifierKey,
    key_path,
    load_or_create_key,
    sign_checkpoint,
    write_key,
)
from bluelamp.foundation.kernel.merkle_log.key_change import (
    KeyChange,
    KeyPeriod,
    list_key_periods,
    open_key_change,
    sign_key_change,
)
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogKeyChange


def signer(log: str) -> SignerKey:
    """Return the log's signing key, made at first use and kept in `keys/` under BLUELAMP_VAR."""
    return load_or_create_key(folder=_folder(), name=f"bluelamp/{log}")


def key_periods(log: str) -> Sequence[KeyPeriod]:
    """Return the keys that signed a log, one after the other, today's last.

    Raises:
        BadNote: The changes on record do not lead to this node's key.
    """
    # Several changes may have been made at one size, where nothing was written between them.
    notes = LogKeyChange.objects.filter(log=log).order_by("size", "id")
    return list_key_periods(
        (note.encode() for note in notes.values_list("note", flat=True)),
        current=signer(log).verifier,
    )


def keys_at(periods: Sequence[KeyPeriod], size: int) -> list[VerifierKey]:
    """Return the keys that may have signed a checkpoint at this many entries."""
    return [
        period.key
        for period in periods
        if period.after < size and (period.up_to is None or size <= period.up_to)
    ]


def is_replaced(log: str) -> bool:
    """Say whether this node still has a key of the log that was replaced on another node."""
    return LogKeyChange.objects.filter(log=log, old_key=str(signer(log).verifier)).exists()


def begin_key_change(*, log: str, checkpoint: LogCheckpoint, at: datetime) -> KeyChange:
    """Make a new key, and record the change to it. Call it with the log locked, in a command.

    Args:
        log: The log.
        checkpoint: Its checkpoint over everything so far.
        at: The time.
    """
    old = signer(log)
    new = SignerKey(name=old.name, private_key=Ed25519PrivateKey.generate())
    next_path = _next_path(log)
    next_path.unlink(missing_ok=True)  # of a change that was never committed
    write_key(next_path, new.private_key)
    change = KeyChange(
        size=checkpoint.size,
        root=bytes(checkpoint.root),
        old_key=old.verifier,
        new_key=new.verifier,
        at=at,
    )
    LogKeyChange.objects.create(
        log=log,
        size=change.size,
        old_key=str(change.old_key),
        new_key=str(change.new_key),
        note=sign_key_change(change, old=old, new=new),
        at=at,
    )
    return change


def finish_key_change(log: str) -> None:
    """Put the new key of a committed change in the old one's place. Call it with the log locked.

    Nothing is done where there is no change to finish.
    """
    next_path = _next_path(log)
    if not next_path.exists():
        return
    raw = next_path.read_bytes()
    new = SignerKey(f"bluelamp/{log}", Ed25519PrivateKey.from_private_bytes(raw))
    row = LogKeyChange.objects.filter(log=log, new_key=str(new.verifier)).first()
    if row is None:  # the change was rolled back
        next_path.unlink()
        return
    change = open_key_change(row.note.encode())
    checkpoint = Checkpoint(origin=new.name, size=change.size, root=change.root)
    checkpoint_file.hand_over(
        old=change.old_key, new=new, note=sign_checkpoint(checkpoint, key=new).encode(), at=row.at
    )
    next_path.rename(key_path(_folder(), new.name))
    sync_folder(_folder())


def _folder() -> Path:
    return Path(settings.BLUELAMP_VAR) / "keys"


def _next_path(log: str) -> Path:
    return key_path(_folder(), f"bluelamp/{log}").with_suffix(".key-next")
