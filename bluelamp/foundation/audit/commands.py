"""Sealing the record: entries join the Merkle log and a checkpoint is signed, every minute by the job worker."""

from procrastinate.contrib.django import app

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel import clock, log
from bluelamp.foundation.kernel.log_models import LogCheckpoint


def seal_audit() -> LogCheckpoint:
    """Bring every committed entry into the log and sign what it is now.

    Not itself an act on the record: a seal that recorded itself would never be finished.
    """
    log.integrate_model(log="audit", queryset=AuditEntry.objects.all(), canonical=AuditEntry.canonical)
    return log.sign_checkpoint(log="audit", at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_audit_every_minute(timestamp: int) -> None:
    """Seal what the last minute brought."""
    seal_audit()
