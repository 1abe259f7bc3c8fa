"""Who and what a new crime is about, from the report or the capture that it is recorded from."""

from datetime import datetime

from bluelamp.casework.crimes.commands.scene_links import (
    NewLink,
)
from bluelamp.casework.crimes.rules import SceneCrime
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import ReporterRole
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.commands import (
    get_or_create_person,
    get_or_create_vehicle,
)
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import LinkRole, PersonInput

_LINK_ROLE_OF_REPORTER = {
    ReporterRole.VICTIM: LinkRole.VICTIM,
    ReporterRole.BUSINESS: LinkRole.VICTIM,
    ReporterRole.WITNESS: LinkRole.WITNESS,
    ReporterRole.ON_BEHALF: LinkRole.ON_BEHALF,
}
_LINK_ROLE_OF_VEHICLE = {"criminal-damage": LinkRole.DAMAGED, "vehicle-theft": LinkRole.STOLEN}


def list_links_of_report(actor: Actor, at: datetime, report: Report) -> list[NewLink]:
    """Return who and what a report is about, in their roles."""
    reporter = report.person_reporting
    role = ReporterRole(report.role)
    subject = reporter
    if role == ReporterRole.BUSINESS and reporter.business_name:
        subject = _get_or_create_business(actor, at, reporter)
    links = [
        # Two links, and often the same person twice: section 38(3) of the Data Protection Act 2018
        # asks whether somebody is a victim or a witness, and a victim need not be who reported.
        NewLink(_LINK_ROLE_OF_REPORTER[role], person=subject),
        NewLink(LinkRole.PERSON_REPORTING, person=reporter),
    ]
    if report.vrm:
        vehicle = get_or_create_vehicle(actor=actor, vrm=report.vrm)
        vehicle_role = _LINK_ROLE_OF_VEHICLE.get(report.kind, LinkRole.INVOLVED)
        links.append(NewLink(vehicle_role, object=vehicle))
    return links


def list_links_of_capture(actor: Actor, at: datetime, capture: SceneCrime) -> list[NewLink]:
    """Return the victim of a capture, and the contact who speaks for it."""
    parties = [
        (capture.victim, capture.victim_id, LinkRole.VICTIM),
        (capture.contact, capture.contact_id, LinkRole.ON_BEHALF),
    ]
    return [
        NewLink(
            role,
            person=get_or_create_person(actor=actor, at=at, details=details, person_id=person_id),
        )
        for details, person_id, role in parties
        if details
    ]


def _get_or_create_business(actor: Actor, at: datetime, reporter: Person) -> Person:
    """Return the business that somebody reported for, which is the victim.

    The reporter only speaks for it (POLE: a business is not a person), so their address and contact
    details are not the business's.
    """
    details = PersonInput(
        business_name=reporter.business_name,
        is_safe_to_contact=reporter.is_safe_to_contact,
        safe_contact=reporter.safe_contact,
        safe_contact_detail=reporter.safe_contact_detail,
    )
    return get_or_create_person(actor=actor, at=at, details=details)
