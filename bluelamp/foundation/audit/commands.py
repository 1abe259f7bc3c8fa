"""Sealing the record: entries join the Merkle log and a checkpoint is signed, every minute by the
job worker.
"""

from datetime import datetime

from procrastinate.contrib.django import app

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel import clock, log, witness
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.log_models import LogCheckpoint


def seal_audit() -> LogCheckpoint:
    """Bring every committed entry into the log and sign what it is now.

    Not itself an act on the record: a seal that recorded itself would never be finished.
    """
    log.integrate_model(
        log="audit", queryset=AuditEntry.objects.all(), canonical=AuditEntry.canonical
    )
    return log.sign_checkpoint(log="audit", at=clock.now())


def accept_restored(*, actor: Actor, at: datetime, log_name: log.LogName) -> str:
    """Set a log's witness aside where they disagree, because an older database was restored; return
    what it said.

    "" where they agree: nothing is changed then. The note is kept beside the next one, with
    `actor.why` in its history. What was lost with the newer database stays lost. Call it outside a
    transaction.
    """
    agrees, told = log.told_by_witness(log=log_name)
    _answer_witness(actor=actor, at=at, log_name=log_name, agrees=agrees, told=told)
    if agrees:
        return ""
    witness.set_aside(log=log_name, at=at, because=actor.why)
    return told


@command(may="audit.seal", act="audit.witness_answered")
def _answer_witness(*, actor: Actor, at: datetime, log_name: str, agrees: bool, told: str) -> None:
    record_act(None, ref=log_name, detail={"set aside": not agrees, "said": told})


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_audit_every_minute(timestamp: int) -> None:
    """Seal what the last minute brought."""
    seal_audit()
