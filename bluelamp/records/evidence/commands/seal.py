"""Seal continuity: put new lines into the Merkle log and sign where it stands. The job worker does
it every minute.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.log import integrate_model, sign_checkpoint
from bluelamp.foundation.kernel.log_models import LogCheckpoint
from bluelamp.records.evidence.models import Continuity


def seal_continuity(*, whole: bool = False) -> LogCheckpoint:
    """Bring every committed line of continuity into the log and return the checkpoint signed over
    all of it.

    `whole` looks at every line, not only at those since the day before the last one sealed. Not
    itself an act on the record, as it changes nothing a person said or did. Raises LogBroken.
    """
    integrate_model(
        log="continuity",
        queryset=Continuity.objects.order_by(),
        canonical=Continuity.canonical,
        whole=whole,
    )
    return sign_checkpoint(log="continuity", at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="evidence.seal", queueing_lock="evidence.seal", pass_context=False)
def seal_every_minute(timestamp: int) -> None:
    """Seal what the last minute brought."""
    seal_continuity()
