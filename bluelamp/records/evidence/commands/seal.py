"""Seal continuity: add new lines to the Merkle log and sign a checkpoint over it, every minute."""

from __future__ import annotations

from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.merkle_log.log import integrate_model, sign_checkpoint
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint
from bluelamp.records.evidence.models import Continuity


def seal_continuity(*, whole: bool = False) -> LogCheckpoint:
    """Add every committed line of continuity to the log, and return the signed checkpoint.

    This is not an act on record, because it changes nothing that a person said or did.

    Args:
        whole: Look at every line. Otherwise only lines since the day before the last sealed one
            are looked at.

    Raises:
        LogBroken: The log was changed behind the program's back.
    """
    integrate_model(
        log="continuity",
        queryset=Continuity.objects.order_by(),
        canonical=Continuity.canonical,
        whole=whole,
    )
    return sign_checkpoint(log="continuity", at=clock.now())


@periodic(cron="* * * * *", name="evidence.seal", queue=Queue.SEALS)
def seal_every_minute() -> None:
    """Seal the lines of the last minute."""
    seal_continuity()
