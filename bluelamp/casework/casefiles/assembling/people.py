"""The people of a case file, and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bluelamp.casework.casefiles.addresses import to_address
from bluelamp.casework.casefiles.case_data import LinkData, PersonData
from bluelamp.casework.investigations.lookups import InvestigationDetail
from bluelamp.foundation.kernel.contact import is_mobile
from bluelamp.records.people.lookups import PersonDetail
from bluelamp.records.people.rules import LinkRole

ROLES = (LinkRole.VICTIM, LinkRole.WITNESS, LinkRole.SUSPECT)


def list_people(investigations: Sequence[InvestigationDetail]) -> list[PersonDetail]:
    """Return everyone with one of our roles and everyone who made a statement, each once."""
    maker_ids = {
        statement.maker_id
        for investigation in investigations
        for statement in investigation.statements
    }
    people: dict[UUID, PersonDetail] = {}
    for investigation in investigations:
        for linked in investigation.crime.people:
            if linked.role in ROLES or linked.person.id in maker_ids:
                # Somebody who is in two of the crimes is in the file once.
                people.setdefault(linked.person.id, linked.person)
    return list(people.values())


def assemble_links(investigations: Sequence[InvestigationDetail]) -> tuple[LinkData, ...]:
    """Return the role of each person in each crime.

    The maker of a statement who has no role in its crime is a witness.
    """
    links: dict[LinkData, None] = {}  # an ordered set: a person can be linked twice
    for investigation in investigations:
        number = investigation.crime.number
        for linked in investigation.crime.people:
            if linked.role in ROLES:
                link = LinkData(
                    person_id=linked.person.id, crime_number=number, role=str(linked.role)
                )
                links[link] = None
        linked_ids = {link.person_id for link in links if link.crime_number == number}
        for statement in investigation.statements:
            if statement.maker_id not in linked_ids:
                link = LinkData(
                    person_id=statement.maker_id, crime_number=number, role=str(LinkRole.WITNESS)
                )
                links[link] = None
    return tuple(links)


def to_person_data(person: PersonDetail) -> PersonData:
    """Return a person as the case file has them."""
    has_mobile = is_mobile(person.phone)
    is_welsh = person.language.strip().casefold() in {"w", "welsh", "cymraeg"}
    return PersonData(
        id=person.id,
        # The message to the court has each given name in an element of its own.
        given=tuple(person.given_name.split()),
        family=person.family_name,
        # A person can be recorded with their business; only without a name is it the business.
        organisation="" if person.given_name or person.family_name else person.business_name,
        born_on=person.born_on,
        gender=person.gender or "0",
        address=to_address(person.address) if person.address else None,
        phone_mobile=person.phone if has_mobile else "",
        phone_home="" if has_mobile else person.phone,
        email=person.email,
        occupation=person.occupation,
        language="W" if is_welsh else "E",
    )
