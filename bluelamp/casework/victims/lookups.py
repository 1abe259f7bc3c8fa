"""The case as the person who reported it may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Charge, Statement
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.casework.reports.lookups import ReportContact, contact_for_report
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.rules import (
    SESSION_DURATION,
    CaseFacts,
    CaseStep,
    CaseText,
    Stage,
    case_stage,
    case_steps,
    describe_stage,
    next_steps,
    support_by,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.reference.lookups import get_force


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedCase:
    """What a person may know about the case they reported. Nothing in it is about anybody else."""

    report_id: UUID
    reference: str
    what: str
    received_at: datetime
    crime_number: str
    force_name: str
    officer: str
    stage: Stage
    stage_text: CaseText
    steps: tuple[CaseStep, ...]
    next_steps: tuple[CaseText, ...]
    support_by: date


@lookup(permission="victim.track", act="case.tracked")
def get_tracked_case(*, actor: Actor, at: datetime, tracking_session_id: UUID) -> TrackedCase:
    """Return the case that a tracking session is open for.

    Args:
        tracking_session_id: What `exchange_code_for_session` returned for the right code.

    Raises:
        NotFound: There is no such session, or it has ended.
    """
    code = (
        TrackingCode.objects.select_related("report")
        .filter(id=tracking_session_id, used_at__gt=at - SESSION_DURATION, ended_at=None)
        .first()
    )
    contact = contact_for_report(actor=actor, reference=code.report.reference) if code else None
    if contact is None:
        raise NotFound("There is no such case")
    # One at most, because a report is decided once.
    crime = (
        Crime.objects.select_related("number", "officer_in_case")
        .filter(report_id=contact.report_id)
        .first()
    )
    facts = _case_facts(contact, crime)
    force = get_force(contact.force)
    stage = case_stage(facts)
    record_act(crime, ref=contact.reference, detail={"stage": stage})
    return TrackedCase(
        report_id=contact.report_id,
        reference=contact.reference,
        what=contact.kind_title,
        received_at=contact.received_at,
        crime_number=facts.crime_number,
        force_name=force.name if force else "",
        officer=facts.officer,
        stage=stage,
        stage_text=describe_stage(facts),
        steps=case_steps(facts),
        next_steps=next_steps(facts),
        support_by=support_by(london_date(contact.received_at)),
    )


def _case_facts(contact: ReportContact, crime: Crime | None) -> CaseFacts:
    if crime is None:
        is_not_crime = contact.state == "not-crime"
        return CaseFacts(
            received_at=contact.received_at,
            not_crime_at=contact.decided_at if is_not_crime else None,
            not_crime_reason=contact.decision_reason if is_not_crime else "",
        )
    officer = crime.officer_in_case
    # A victim's own statements only: those of others would show that there are others.
    statements = Statement.objects.filter(crime=crime, maker_id=contact.person_id)
    charge = Charge.objects.filter(crime=crime).order_by("at").first()
    return CaseFacts(
        received_at=contact.received_at,
        recorded_at=crime.recorded_at,
        crime_number=str(crime.number),
        allocated_at=_allocated_at(crime),
        officer=f"{officer.rank} {officer.name}".strip() if officer and officer.is_active else "",
        statements_at=tuple(statements.values_list("received_at", flat=True)),
        charged_at=charge.at if charge else None,
    )


def _allocated_at(crime: Crime) -> datetime:
    # The last one: the page names the officer who has the case now.
    entry = crime.entries.filter(kind=EntryKind.ALLOCATED).order_by("-at").first()
    return entry.at if entry else crime.recorded_at
