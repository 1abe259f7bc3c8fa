"""`NewCaseMessage`, schema version 0.6g (CPP-StdProsPoliceCase-v1-2.xsd, HMCTS): one case with its
defendants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from lxml import etree

from bluelamp.casework.casefiles.case_data import CaseData, HearingData, Officer
from bluelamp.casework.casefiles.court_message.defendants import add_defendant
from bluelamp.casework.casefiles.court_message.elements import (
    BS7666,
    LIBRA,
    add_element,
    add_name,
    add_optional,
)
from bluelamp.casework.casefiles.court_message.sanitising import (
    CASE,
    OFFICER,
    Field,
    FieldWarning,
    MissingCode,
    MissingFact,
    Sanitiser,
)
from bluelamp.casework.casefiles.court_message.validating import validate
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.reference.rules import parse_ptiurn


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """The message, or what is missing. `xml` is None exactly if `missing` is not empty."""

    xml: bytes | None
    missing: tuple[MissingFact, ...]
    warnings: tuple[FieldWarning, ...]


def make_new_case(*, case: CaseData) -> NewCase:
    """Return the message for the court, valid against the schema, or what is missing.

    Without a charge there is no message, and the charge is the only thing listed as missing.
    """
    sanitiser = Sanitiser()
    if not case.charges:
        # Everything else that a court needs follows from the charge, so a longer list would not
        # help.
        sanitiser.note_missing(MissingCode.CHARGE)
        return NewCase(xml=None, missing=tuple(sanitiser.missing), warnings=())
    root = _make_message(case, sanitiser)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    if not sanitiser.missing:
        # Only a whole message: what is missing would be invalid too, and is named better above.
        for problem in validate(xml):
            sanitiser.note_missing(MissingCode.VALID_MESSAGE, text=problem)
    return NewCase(
        xml=None if sanitiser.missing else xml,
        missing=tuple(sanitiser.missing),
        warnings=tuple(sanitiser.warnings),
    )


def _make_message(case: CaseData, sanitiser: Sanitiser) -> etree._Element:
    """Return the message with its elements in the order of the schema."""
    root = etree.Element(f"{{{LIBRA}}}NewCaseMessage", nsmap={"DC": LIBRA, "bsa": BS7666})
    root.set("Flow", "NewCasesFromThePolice")
    root.set("Interface", "LibraStandardProsecutorPolice")
    root.set("SchemaVersion", "0.6g")
    node = add_element(root, "Case")
    urn = parse_ptiurn(case.urn) or ""
    # Without the "-M" or "-1" of a split case, which the message has no room for.
    if len(urn) != 11:
        sanitiser.note_missing(MissingCode.URN)
    add_element(node, "PTIURN", urn)
    if not case.originating_organisation:
        sanitiser.note_missing(MissingCode.ORGANISATION_CODE)
    organisation = sanitiser.free_text(
        case.originating_organisation,
        field=Field.ORGANISATION_CODE,
        subject=CASE,
        max_length=10,
    )
    add_element(node, "OriginatingOrganisation", organisation)
    add_element(node, "CaseInitiation", case.initiation)
    prosecutor = sanitiser.free_text(
        case.cps_organisation, field=Field.PROSECUTOR_CODE, subject=CASE, max_length=10
    )
    add_optional(node, "CPSorganisation", prosecutor)
    _add_hearing(node, case.hearing, sanitiser)
    _add_officer(node, case.officer_in_case, sanitiser)
    # Defendants come in the order of the people in the file; groupby needs them side by side.
    order = {person.id: index for index, person in enumerate(case.people)}
    charges = sorted(
        case.charges,
        key=lambda charge: (
            order.get(charge.defendant_id, len(order)),
            str(charge.defendant_id),
            charge.sequence,
        ),
    )
    for person_id, own_charges in groupby(charges, key=lambda charge: charge.defendant_id):
        add_defendant(node, person_id, list(own_charges), case, sanitiser)
    return root


def _add_hearing(parent: etree._Element, hearing: HearingData | None, sanitiser: Sanitiser) -> None:
    node = add_element(parent, "InitialHearing")
    if hearing is None or not hearing.court_ou_code:
        sanitiser.note_missing(MissingCode.HEARING)
        return
    # Hearings are set on the court's clock, and the offset depends on the day.
    starts_at = datetime.combine(hearing.on, hearing.starts, tzinfo=LONDON)
    court = sanitiser.free_text(
        hearing.court_ou_code, field=Field.COURT_CODE, subject=CASE, max_length=10
    )
    add_element(node, "CourtHearingLocation", court)
    add_element(node, "DateOfHearing", hearing.on.isoformat())
    # xsd:time with its offset, such as 10:00:00+01:00 in summer.
    add_element(node, "TimeOfHearing", starts_at.isoformat().partition("T")[2])


def _add_officer(parent: etree._Element, officer: Officer, sanitiser: Sanitiser) -> None:
    node = add_element(parent, "OtherPartyOfficerInCase")
    # An account has one name. Its last word is taken as the family name.
    *given_names, family = officer.name.split() or [""]
    add_name(
        add_element(node, "OfficerName"),
        given_names=tuple(given_names),
        family=family,
        title="",
        subject=OFFICER,
        sanitiser=sanitiser,
    )
    for name, value, field, missing, max_length in (
        ("PoliceOfficerRank", officer.rank, Field.RANK, MissingCode.OFFICER_RANK, 35),
        (
            "PoliceWorkerReferenceNumber",
            officer.collar,
            Field.COLLAR_NUMBER,
            MissingCode.OFFICER_COLLAR_NUMBER,
            15,
        ),
        (
            "PoliceWorkerLocationCode",
            officer.location_code,
            Field.UNIT_CODE,
            MissingCode.OFFICER_UNIT_CODE,
            10,
        ),
    ):
        if not value.strip():
            sanitiser.note_missing(missing, subject=OFFICER)
        text = sanitiser.free_text(value, field=field, subject=OFFICER, max_length=max_length)
        add_element(node, name, text)
    if phone := sanitiser.phone(officer.phone, field=Field.PHONE, subject=OFFICER):
        telephones = add_element(node, "TelephoneDetails")
        add_element(telephones, "TelephoneNumberBusiness", phone)
    if email := sanitiser.email(officer.email, subject=OFFICER):
        add_element(add_element(node, "EmailDetails"), "EmailAddress1", email)
