"""Seal the audit log, accept a restored database, replace a log's key, and retry deliveries of
events that failed.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.events.deliveries import retry_delivery
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint
from bluelamp.foundation.kernel.merkle_log.seal_history import verify_checkpoint_chain


def seal_audit_log() -> LogCheckpoint:
    """Bring every committed entry into the Merkle log and sign a checkpoint of it.

    Not an act on the record: a seal that recorded itself would never be finished.

    Raises:
        log.LogBroken: if the log no longer gives a root that was signed.
    """
    log.integrate_model(
        log="audit", queryset=AuditEntry.objects.all(), canonical=AuditEntry.canonical
    )
    return log.sign_checkpoint(log="audit", at=clock.now())


def accept_restored_log(*, actor: Actor, at: datetime, log_name: log.LogName) -> str:
    """Archive a log's checkpoint file that disagrees with the log, because a backup was restored.

    Call it outside a transaction: the entry must be committed before the file is moved. The file is
    kept beside the next one, and its history gets `actor.reason`. What was lost with the newer
    database stays lost.

    Returns:
        How they disagreed; "" where they agree, and then nothing is changed.
    """
    is_consistent, finding = log.verify_checkpoint_file(log=log_name)
    if is_consistent:
        is_consistent, finding = verify_checkpoint_chain(key=signer(log_name), log=log_name)
    _record_restored_log(
        actor=actor, at=at, log_name=log_name, is_archived=not is_consistent, finding=finding
    )
    if is_consistent:
        return ""
    log.archive_checkpoint_file(log=log_name, at=at, reason=actor.reason)
    return finding


@command(permission="audit.seal", act="audit.witness_answered")
def _record_restored_log(
    *, actor: Actor, at: datetime, log_name: str, is_archived: bool, finding: str
) -> None:
    record_act(None, ref=log_name, detail={"is_archived": is_archived, "finding": finding})


@command(permission="audit.seal", act="audit.log_key_replaced")
def replace_log_key(*, actor: Actor, at: datetime, log_name: log.LogName) -> VerifierKey:
    """Replace a log's signing key. The old one is destroyed once this is committed.

    Both keys sign the change, so that whoever trusts the old key can follow the log to the new one.

    Args:
        actor: Who replaces it, with the reason.
        at: The time.
        log_name: The log.

    Returns:
        The public half of the new key.

    Raises:
        log.LogBroken: The log is not as it was signed: nothing is replaced.
    """
    change = log.replace_key(log=log_name, at=at)
    record_act(
        None,
        ref=log_name,
        detail={
            "old_key": str(change.old_key),
            "new_key": str(change.new_key),
            "entries": change.size,
        },
    )
    return change.new_key


@command(permission="event.retry", act="event.delivery_retried")
def retry_failed_delivery(*, actor: Actor, at: datetime, delivery_id: UUID) -> None:
    """Queue a failed delivery of an event again.

    It stands here because the kernel, which delivers events, knows no acts.

    Raises:
        NotFound: There is no such delivery, or the actor is not of this instance's force.
        Conflict: The delivery has not failed, or nothing is subscribed any more.
    """
    # Deliveries bear no force: they are those of the force that this instance belongs to.
    if actor.force != settings.BLUELAMP_FORCE:
        raise NotFound("There is no such delivery.")
    retry_delivery(delivery_id)
    record_act(None, ref=str(delivery_id))


@periodic(cron="* * * * *", name="audit.seal", queue=Queue.SEALS)
def seal_audit_every_minute() -> None:
    """Seal the entries that the last minute brought."""
    seal_audit_log()
