"""The case as the person who follows it may see it, and what was done to tell them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Charge, Statement
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import KnownReporter, choose_facts_to_show
from bluelamp.casework.victims.models import TrackingCode, TrackingPassphrase
from bluelamp.casework.victims.reads import (
    Case,
    CaseContact,
    case_of_crime,
    choose_reachable_address,
    find_case,
)
from bluelamp.casework.victims.rules import (
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
from bluelamp.foundation.kernel.contact import mask_address
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.confirmed_addresses import is_address_confirmed
from bluelamp.foundation.notifications.rules import SESSION_DURATION, address_kind
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person
from bluelamp.records.reference.lookups import get_force


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactPlan:
    """How somebody is told the news of their case.

    Attributes:
        is_safe_to_contact: Their answer; None where nobody answered.
        safe_contact: Where it is not safe, how they can be reached: a SafeContact, or "".
        safe_contact_detail: When or how, in their words.
        message_kind: "email" or "sms" for where messages go; "" where none can be sent.
        masked_address: Enough of that address for its owner to know it.
        has_passphrase: Whether they chose a passphrase to follow the case with.
        is_address_confirmed: Whether we know that the address is theirs.
    """

    is_safe_to_contact: bool | None
    safe_contact: str
    safe_contact_detail: str
    message_kind: str
    masked_address: str
    has_passphrase: bool
    is_address_confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportConfirmation:
    """What the page after sending a report says. `kind` is what was reported, for the helpline."""

    reference: str
    kind: str
    contact: ContactPlan


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedCase:
    """What a person may know about their case. Nothing in it is about anybody else.

    `report_id` is None for a crime that an officer recorded, whose `kind` is "".
    """

    report_id: UUID | None
    reference: str
    kind: str
    received_at: datetime
    crime_number: str
    force_name: str
    officer: str
    stage: Stage
    stage_text: CaseText
    steps: tuple[CaseStep, ...]
    next_steps: tuple[CaseText, ...]
    support_by: date
    contact: ContactPlan


@lookup(permission="victim.track", act="case.tracked")
def get_tracked_case(*, actor: Actor, at: datetime, tracking_session_id: UUID) -> TrackedCase:
    """Return the case that a tracking session is open for.

    Args:
        tracking_session_id: What the right code or passphrase was exchanged for.

    Raises:
        NotFound: There is no such session, or it has ended.
    """
    case, session = _require_open_case(actor, at, tracking_session_id)
    contact = _contact_of_session(case, session)
    facts = _case_facts(case, contact)
    force = get_force(case.force)
    stage = case_stage(facts)
    record_act(case.crime, ref=case.reference, detail={"stage": stage})
    return TrackedCase(
        report_id=case.report.report_id if case.report else None,
        reference=case.reference,
        kind=case.report.kind if case.report else "",
        received_at=facts.received_at,
        crime_number=facts.crime_number,
        force_name=force.name if force else "",
        officer=facts.officer,
        stage=stage,
        stage_text=describe_stage(facts),
        steps=case_steps(facts),
        next_steps=next_steps(facts),
        support_by=support_by(london_date(facts.received_at)),
        contact=_contact_plan(actor, case, contact),
    )


@lookup(permission="victim.track", act="report.confirmation_viewed")
def get_report_confirmation(*, actor: Actor, at: datetime, report_id: UUID) -> ReportConfirmation:
    """Return what to tell the browser that has just sent a report.

    The caller proves that it did.

    Raises:
        NotFound: There is no such report.
    """
    report = Report.objects.filter(id=report_id, force=actor.force).only("id", "reference").first()
    case = find_case(actor=actor, reference=report.reference) if report else None
    if report is None or case is None or case.report is None:
        raise NotFound("There is no such report.")
    record_act(report, ref=report.reference)
    return ReportConfirmation(
        reference=report.reference,
        kind=case.report.kind,
        contact=_contact_plan(actor, case, case.contacts[0]),
    )


@lookup(permission="victim.track", act="case.reporter_read")
def get_known_reporter(*, actor: Actor, at: datetime, tracking_session_id: UUID) -> KnownReporter:
    """Return what to fill in of another report by the person whose tracking session is open.

    Raises:
        NotFound: There is no such session, or it has ended.
    """
    case, session = _require_open_case(actor, at, tracking_session_id)
    contact = _contact_of_session(case, session)
    person = to_person_detail(Person.objects.select_related("address").get(id=contact.person_id))
    record_act(case.crime, ref=case.reference)
    facts = person.facts
    return KnownReporter(
        person_id=person.id,
        reference=case.reference,
        facts=choose_facts_to_show(facts, is_safe=contact.is_safe_to_contact),
    )


def _require_open_case(
    actor: Actor, at: datetime, tracking_session_id: UUID
) -> tuple[Case, TrackingCode]:
    """Return the case that a tracking session is open for, and the session.

    Raises:
        NotFound: There is no such session, or it has ended.
    """
    # A session begins when its code is used, so a code that nobody has entered opens nothing.
    session = (
        TrackingCode.objects.select_related(
            "report", "crime__number", "crime__report", "crime__officer_in_case"
        )
        .filter(id=tracking_session_id, used_at__gt=at - SESSION_DURATION, ended_at=None)
        .first()
    )
    case = _case_of_session(actor, session) if session else None
    if session is None or case is None:
        raise NotFound("There is no such case")
    return case, session


def _case_of_session(actor: Actor, session: TrackingCode) -> Case | None:
    if session.report:
        crimes = Crime.objects.select_related("number", "officer_in_case", "report")
        # A report that was recorded since is followed as the crime that it became.
        crime = crimes.filter(report=session.report).first()
        if crime:
            return case_of_crime(actor=actor, crime=crime)
        return find_case(actor=actor, reference=session.report.reference)
    return case_of_crime(actor=actor, crime=session.crime) if session.crime else None


def _contact_of_session(case: Case, session: TrackingCode) -> CaseContact:
    """Return whose session it is. A report's is its person reporting's, whoever the row names."""
    by_id = {contact.person_id: contact for contact in case.contacts}
    if case.report is None and session.person_id in by_id:
        return by_id[session.person_id]
    if not case.contacts:
        raise NotFound("There is no such case")
    return case.contacts[0]


def _contact_plan(actor: Actor, case: Case, contact: CaseContact) -> ContactPlan:
    address = choose_reachable_address(actor=actor, case=case, contact=contact)
    kind = address_kind(address)
    passphrases = TrackingPassphrase.objects.filter(**case.columns, person_id=contact.person_id)
    return ContactPlan(
        is_safe_to_contact=contact.is_safe_to_contact,
        safe_contact=contact.safe_contact,
        safe_contact_detail=contact.safe_contact_detail,
        message_kind=kind,
        masked_address=mask_address(address) if kind else "",
        has_passphrase=passphrases.exists(),
        is_address_confirmed=bool(kind)
        and is_address_confirmed(actor=actor, owner=contact.owner, address=address),
    )


def _case_facts(case: Case, contact: CaseContact) -> CaseFacts:
    report, crime = case.report, case.crime
    # None is a question that nobody answered, and not the answer that it is unsafe.
    safe_contact = contact.safe_contact if contact.is_safe_to_contact is False else ""
    gets_messages = bool(contact.address)
    if crime is None:
        if report is None:
            raise NotFound("There is no such case")
        is_not_crime = report.state == "not-crime"
        return CaseFacts(
            received_at=report.received_at,
            not_crime_at=report.decided_at if is_not_crime else None,
            not_crime_reason=report.decision_reason if is_not_crime else "",
            gets_messages=gets_messages,
            safe_contact=safe_contact,
        )
    officer = crime.officer_in_case
    # A victim's own statements only: those of others would show that there are others.
    statements = Statement.objects.filter(crime=crime, maker_id=contact.person_id)
    charge = Charge.objects.filter(crime=crime).order_by("at").first()
    return CaseFacts(
        received_at=report.received_at if report else crime.reported_at,
        recorded_at=crime.recorded_at,
        crime_number=str(crime.number),
        allocated_at=_allocated_at(crime),
        # Somebody who has left the force is not whom a victim should ask for.
        officer=f"{officer.rank} {officer.name}".strip() if officer and officer.is_active else "",
        statements_at=tuple(statements.values_list("received_at", flat=True)),
        charged_at=charge.at if charge else None,
        gets_messages=gets_messages,
        safe_contact=safe_contact,
    )


def _allocated_at(crime: Crime) -> datetime:
    # The latest: a case may pass from one officer to another.
    entry = crime.entries.filter(kind=EntryKind.ALLOCATED).order_by("-at").first()
    return entry.at if entry else crime.recorded_at
