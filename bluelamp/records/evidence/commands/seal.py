"""Seal continuity: add new lines to the Merkle log and sign a checkpoint over it, every minute.

Packages are entries of the same log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.merkle_log.log import integrate_model, sign_checkpoint
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint
from bluelamp.records.evidence.models import Continuity, SealedPackage


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
    # A package whose build was killed here is in no log yet, but its row is on record.
    integrate_model(
        log="continuity",
        queryset=SealedPackage.objects.order_by(),
        canonical=SealedPackage.canonical,
        whole=whole,
    )
    return sign_checkpoint(log="continuity", at=clock.now())


@command(permission="evidence.seal", act="evidence.package_sealed")
def record_sealed_package(
    *, actor: Actor, at: datetime, name: str, files: Mapping[str, str]
) -> tuple[UUID, bytes]:
    """Record a package by the digests of the files that list everything in it.

    Args:
        name: The package's URN.
        files: SHA-512 digests by file name.

    Returns:
        The id of the row and its canonical JSON: its entry in the continuity log.
    """
    package = SealedPackage.objects.create(name=name, at=at, files=dict(files))
    record_act(package, ref=name, detail={"files": dict(files)})
    return package.id, package.canonical()


@periodic(cron="* * * * *", name="evidence.seal", queue=Queue.SEALS)
def seal_every_minute() -> None:
    """Seal the lines of the last minute."""
    seal_continuity()
