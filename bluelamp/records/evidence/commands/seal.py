"""Seal continuity: add new lines to the Merkle log and sign a checkpoint over it, every minute.

Packages are entries of the same log, and the keys that they are sealed with are published.
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
from bluelamp.records.evidence.models import Continuity, PublishedKey, SealedPackage


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


@command(permission="evidence.seal", act="evidence.keys_published")
def publish_sealing_keys(*, actor: Actor, at: datetime, log_key: str, tsa_root: str) -> None:
    """Put the keys that a package was sealed with on the published list, unless they are there.

    Args:
        log_key: The public key of the continuity log.
        tsa_root: The root certificate of the time stamp, in PEM.
    """
    added = [
        kind
        for kind, value in (("log", log_key), ("time_stamps", tsa_root))
        # Two packages may be sealed with one new key at the same moment.
        if PublishedKey.objects.get_or_create(
            kind=kind, value=value, defaults={"first_used_at": at}
        )[1]
    ]
    record_act(None, detail={"added": added})


@command(permission="evidence.seal", act="evidence.keys_published")
def publish_log_key(*, actor: Actor, at: datetime, log_key: str) -> None:
    """Put the continuity log's new key on the published list, which ends the one before it.

    Args:
        log_key: The public half.
    """
    _, is_new = PublishedKey.objects.get_or_create(
        kind="log", value=log_key, defaults={"first_used_at": at}
    )
    record_act(None, detail={"added": ["log"] if is_new else []})


@periodic(cron="* * * * *", name="evidence.seal", queue=Queue.SEALS)
def seal_every_minute() -> None:
    """Seal the lines of the last minute."""
    seal_continuity()
