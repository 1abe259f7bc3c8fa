"""A log's checkpoints, one after the other: when it was sealed, and whether any is missing."""

from collections.abc import Iterator

from django.db.models.functions import Coalesce

from bluelamp.foundation.kernel.merkle_log import checkpoint_file
from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote, SignerKey
from bluelamp.foundation.kernel.merkle_log.checkpoint_chain import (
    CheckpointChain,
    SignedCheckpoint,
)
from bluelamp.foundation.kernel.merkle_log.entry_times import SealTimes
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint

WHAT_NEXT = (
    "Entries were removed or changed, or an older database or another key was restored: if you"
    " know that it was, run `bluelamp audit restored`; if not, change nothing and call whoever is"
    " responsible for security."
)
_BATCH = 5000
# Checkpoints from before the database said when it wrote them have only the program's time.
_TIME = Coalesce("written_at", "at")


def signed_checkpoints(
    log: str, *, after: int = 0, up_to: int | None = None
) -> Iterator[SignedCheckpoint]:
    """Yield a log's checkpoints at more than `after` entries and at most `up_to`, in order."""
    rows = LogCheckpoint.objects.filter(log=log, size__gt=after).order_by("size")
    if up_to is not None:
        rows = rows.filter(size__lte=up_to)
    values = rows.values_list("size", "note", _TIME)
    for size, note, at in values.iterator(chunk_size=_BATCH):
        yield SignedCheckpoint(size, note, at)


def seal_times(log: str) -> SealTimes:
    """Return when a log was sealed, for comparison with the times of its entries."""
    rows = list(LogCheckpoint.objects.filter(log=log).order_by("size").values_list("size", _TIME))
    return SealTimes([size for size, _ in rows], [at for _, at in rows])


def verify_checkpoint_chain(*, key: SignerKey, log: str) -> tuple[bool, str]:
    """Return whether a log's checkpoints are those of the chain outside the database, and a
    sentence about it.
    """
    try:
        saved = checkpoint_file.latest_chain(key=key.verifier)
    except (BadNote, OSError) as fault:
        return False, f"The {log} log's chain of checkpoints cannot be read: {fault} {WHAT_NEXT}"
    if saved is None:
        return True, "there is none yet: the next seal writes it"
    chain = CheckpointChain(key.name).extend(signed_checkpoints(log, up_to=saved.size))
    if chain != saved:
        return False, (
            f"The database has {chain.count} checkpoints up to {saved.size} entries of the {log}"
            f" log and the chain has {saved.count}: some were removed, added or changed."
            f" {WHAT_NEXT}"
        )
    return True, f"{saved.count} checkpoints"
