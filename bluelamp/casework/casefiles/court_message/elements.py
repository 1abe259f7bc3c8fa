"""The parts of the message that several elements share: names and addresses."""

from __future__ import annotations

import re

from lxml import etree

from bluelamp.casework.casefiles.case_data import Address
from bluelamp.casework.casefiles.court_message.sanitising import (
    Field,
    MissingCode,
    Sanitiser,
    Subject,
    street_line,
)

LIBRA = "http://www.dca.gov.uk/xmlschemas/libra"
BS7666 = "http://www.govtalk.gov.uk/people/bs7666"


def add_element(
    parent: etree._Element, name: str, text: str | None = None, *, namespace: str = LIBRA
) -> etree._Element:
    """Append a child element, with text if given, and return it."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text is not None:
        child.text = text
    return child


def add_optional(parent: etree._Element, name: str, text: str, *, namespace: str = LIBRA) -> None:
    """Append a child element only if it has text: the schema takes no empty elements here."""
    if text:
        add_element(parent, name, text, namespace=namespace)


def add_name(
    parent: etree._Element,
    *,
    given_names: tuple[str, ...],
    family: str,
    title: str,
    subject: Subject,
    sanitiser: Sanitiser,
) -> None:
    """Add BasePersonNameStructure: a title, up to three given names, and the surname."""
    names = [name for name in given_names if name.strip()]
    if len(names) > 3:  # the schema takes three: the third has the rest
        names = [*names[:2], " ".join(names[2:])]
    add_optional(
        parent,
        "PersonTitle",
        sanitiser.restricted_text(title, field=Field.TITLE, subject=subject, max_length=35),
    )
    for number, name in enumerate(names, start=1):
        add_optional(
            parent,
            f"PersonGivenName{number}",
            sanitiser.restricted_text(name, field=Field.GIVEN_NAME, subject=subject, max_length=35),
        )
    surname = sanitiser.restricted_text(
        family, field=Field.FAMILY_NAME, subject=subject, max_length=35
    )
    # A surname in another script would be sent as question marks only.
    if not re.search(r"[A-Za-z]", surname):
        sanitiser.note_missing(MissingCode.FAMILY_NAME, subject=subject)
    add_element(parent, "PersonFamilyName", surname)


def has_street_and_town(address: Address | None) -> bool:
    """Return True if an address has the street and the town that the schema demands."""
    return (
        address is not None
        and bool(address.street or address.text)
        and bool(address.locality or address.town or address.area)
    )


def add_address(
    parent: etree._Element, address: Address, *, subject: Subject, sanitiser: Sanitiser
) -> None:
    """Add BSaddressStructure: the parts of BS 7666 in the order of the schema."""
    # SAON, PAON, street, locality and so on: the schema is a sequence, so the order counts.
    node = add_element(parent, "Address")

    def text(value: str, field: Field, max_length: int) -> str:
        return sanitiser.free_text(value, field=field, subject=subject, max_length=max_length)

    if address.flat:
        flat = sanitiser.format_building(address.flat, field=Field.FLAT, subject=subject)
        add_element(node, "SAON", flat, namespace=BS7666)
    building = sanitiser.format_building(address.building, field=Field.BUILDING, subject=subject)
    add_element(node, "PAON", building, namespace=BS7666)
    street = text(street_line(address), Field.STREET, 100)
    add_element(node, "StreetDescription", street, namespace=BS7666)
    for name, value, field, max_length in (
        ("Locality", address.locality, Field.LOCALITY, 35),
        ("Town", address.town, Field.TOWN, 30),
        ("AdministrativeArea", address.area, Field.AREA, 30),
    ):
        add_optional(node, name, text(value, field, max_length), namespace=BS7666)
    postcode = sanitiser.postcode(address.postcode, subject=subject)
    add_optional(node, "PostCode", postcode, namespace=BS7666)
    if address.uprn:
        add_element(node, "UniquePropertyReferenceNumber", str(address.uprn), namespace=BS7666)
