"""Decide about a report: it is recorded as a crime, or it is not a crime."""

from datetime import datetime

from bluelamp.casework.reports.events import ReportFoundNotCrime
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.reads import lock_report_row
from bluelamp.casework.reports.rules import ReportState
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.text import clean_text

MAX_REASON = 4000


@command(permission="crime.record", act="report.found_not_crime")
def mark_not_crime(*, actor: Actor, at: datetime, reference: str, reason: str) -> None:
    """Decide that a report is not a crime.

    NCRS asks for an auditable reason. The person reporting is told it.

    Raises:
        NotFound: There is no such report, or another force has it.
        Refused: There is no reason, or it is too long.
        Conflict: The report is decided already.
    """
    report = lock_report_row(actor=actor, reference=reference)
    reason = clean_text(
        reason, max_length=MAX_REASON, field="reason", label="reports.not_crime_reason_label"
    )
    if not reason:
        raise Refused("reports.not_crime_reason_missing", field="reason")
    _decide(report, ReportState.NOT_CRIME, actor=actor, at=at, reason=reason)
    record_act(report, ref=report.reference)
    # Telling the person who reported it is the work of a later stage, in a job of its own.
    publish(
        ReportFoundNotCrime(
            report_id=report.id, reference=report.reference, force=report.force, at=at
        )
    )


@command(permission="crime.record", act="report.recorded")
def mark_recorded(*, actor: Actor, at: datetime, reference: str) -> Report:
    """Close a report because a crime is recorded from it, for the command that records the crime.

    Raises:
        NotFound: There is no such report, or another force has it.
        Conflict: The report is decided already.
    """
    report = lock_report_row(actor=actor, reference=reference)
    _decide(report, ReportState.RECORDED, actor=actor, at=at)
    record_act(report, ref=report.reference)
    return report


def _decide(
    report: Report, state: ReportState, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    if report.state == ReportState.RECORDED:
        raise Conflict("reports.already_recorded", reference=report.reference)
    if report.state == ReportState.NOT_CRIME:
        raise Conflict("reports.already_not_crime", reference=report.reference)
    report.state = state
    report.decided_at = at
    report.decided_by_id = actor.id
    report.decision_reason = reason
    report.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
