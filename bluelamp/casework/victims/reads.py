"""The cases that people follow, for this domain's own lookups and commands.

Nothing here checks a permission or records an act. So only `bluelamp.casework.victims` may import
it; other domains use `lookups`.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.reports.lookups import ReportContact, contact_for_report
from bluelamp.casework.reports.rules import parse_reference
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import choose_address
from bluelamp.foundation.notifications.confirmed_addresses import PERSON, AddressOwner
from bluelamp.foundation.notifications.reach import has_texts_failed
from bluelamp.records.people.contact_facts import ContactFacts, to_contact_facts
from bluelamp.records.people.lookups import PersonDetail, list_linked_people
from bluelamp.records.people.rules import ContactMethod, LinkRole
from bluelamp.records.reference.rules import CrimeNumberParts, parse_typed_crime_number


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseContact:
    """Somebody who may follow a case. `address` is where to write to them, "" where it is not safe.

    `is_reporter_for_another` says that they speak for the victim.
    """

    person_id: UUID
    email: str
    phone: str
    is_safe_to_contact: bool | None
    safe_contact: str
    safe_contact_detail: str
    prefers_text: bool
    facts: ContactFacts
    is_reporter_for_another: bool = False

    @property
    def owner(self) -> AddressOwner:
        """Return whose address it is, as confirmed addresses name it."""
        return AddressOwner(PERSON, self.person_id)

    @property
    def address(self) -> str:
        """Return where to write to them."""
        return choose_address(
            is_safe=self.is_safe_to_contact,
            prefers_text=self.prefers_text,
            email=self.email,
            phone=self.phone,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A report with the crime that was recorded from it, or a crime without a report."""

    reference: str
    force: str
    report: ReportContact | None
    crime: Crime | None
    contacts: tuple[CaseContact, ...]

    @property
    def columns(self) -> dict[str, UUID | None]:
        """Return what a row of this case has in its columns `report` and `crime`."""
        if self.report is not None:
            return {"report_id": self.report.report_id, "crime_id": None}
        return {"report_id": None, "crime_id": self.crime.id if self.crime else None}


def find_case(*, actor: Actor, reference: str) -> Case | None:
    """Return the case of a report's reference or a crime number, None where there is none."""
    if report_reference := parse_reference(reference):
        report = contact_for_report(actor=actor, reference=report_reference)
        return case_of_report(report) if report else None
    number = parse_typed_crime_number(reference)
    crimes = Crime.objects.select_related("number", "officer_in_case", "report")
    crime = crimes.filter(_number_condition(number)).first() if number else None
    return case_of_crime(actor=actor, crime=crime) if crime else None


def case_of_crime(*, actor: Actor, crime: Crime) -> Case | None:
    """Return the case of a crime. Where it came from a report, it is the report's case."""
    if crime.report:
        report = contact_for_report(actor=actor, reference=crime.report.reference)
        return case_of_report(report, crime) if report else None
    people = list_linked_people(actor=actor, subject_id=crime.id)
    postcodes = (crime.location.postcode,) if crime.location else ()
    contacts = [
        _to_case_contact(
            linked.person, postcodes, is_reporter_for_another=role == LinkRole.ON_BEHALF
        )
        for role in (LinkRole.VICTIM, LinkRole.ON_BEHALF)
        for linked in people
        if linked.role == role
    ]
    return Case(
        reference=str(crime.number),
        force=crime.force,
        report=None,
        crime=crime,
        contacts=tuple(contacts),
    )


def case_of_report(report: ReportContact, crime: Crime | None = None) -> Case:
    """Return the case of a report."""
    contact = CaseContact(
        person_id=report.person_id,
        email=report.email,
        phone=report.phone,
        is_safe_to_contact=report.is_safe_to_contact,
        safe_contact=report.safe_contact,
        safe_contact_detail=report.safe_contact_detail,
        prefers_text=report.contact_preference == ContactMethod.TEXT,
        facts=report.facts,
    )
    return Case(
        reference=report.reference,
        force=report.force,
        report=report,
        crime=crime,
        contacts=(contact,),
    )


def choose_reachable_address(*, actor: Actor, case: Case, contact: CaseContact) -> str:
    """Return where to write to somebody: their e-mail address where our texts do not reach them.

    It is "" where it is not safe, and where the only number they gave is nobody's.
    """
    address = contact.address
    if address and has_texts_failed(actor=actor, to=address, reference=case.reference):
        return contact.email
    return address


def reference_condition(reference: str) -> Q:
    """Return the condition for rows with `report` and `crime` of the case that a reference names.

    It is one query, whether there is such a case or not: the time it takes tells nobody which.
    """
    if report_reference := parse_reference(reference):
        return Q(report__reference=report_reference)
    number = parse_typed_crime_number(reference)
    # A condition that no row meets: the caller still asks the database.
    if number is None:
        return Q(pk=None)
    crimes = Crime.objects.filter(_number_condition(number))
    # The rows of a crime that was recorded from a report name the report.
    return Q(crime__in=crimes.values("id")) | Q(report__in=crimes.values("report_id"))


def _number_condition(number: CrimeNumberParts) -> Q:
    return Q(number__force=number.force, number__serial=number.serial, number__year=number.year)


def _to_case_contact(
    person: PersonDetail, postcodes: tuple[str, ...], *, is_reporter_for_another: bool
) -> CaseContact:
    return CaseContact(
        person_id=person.id,
        email=person.email,
        phone=person.phone,
        is_safe_to_contact=person.is_safe_to_contact,
        safe_contact=person.safe_contact,
        safe_contact_detail=person.safe_contact_detail,
        prefers_text=person.preferred_contact == ContactMethod.TEXT,
        facts=to_contact_facts(person, postcodes=postcodes),
        is_reporter_for_another=is_reporter_for_another,
    )
