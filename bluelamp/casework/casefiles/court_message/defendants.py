"""The defendants of the message, each with their charges and the victims of those."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from lxml import etree

from bluelamp.casework.casefiles.case_data import CaseData, ChargeData, PersonData
from bluelamp.casework.casefiles.court_message.elements import (
    add_address,
    add_element,
    add_name,
    add_optional,
    has_street_and_town,
)
from bluelamp.casework.casefiles.court_message.sanitising import (
    VICTIM,
    Field,
    MissingCode,
    Sanitiser,
    Subject,
    SubjectKind,
    WarningCode,
)
from bluelamp.records.reference.rules import parse_asn


def add_defendant(
    parent: etree._Element,
    person_id: UUID,
    charges: list[ChargeData],
    case: CaseData,
    sanitiser: Sanitiser,
) -> None:
    """Add one defendant with all their charges."""
    node = add_element(parent, "Defendant")
    person = case.get_person(person_id)
    if person is None:
        sanitiser.note_missing(MissingCode.DEFENDANT)
        return
    subject = Subject(SubjectKind.DEFENDANT, person.full_name())
    add_element(node, "ProsecutorReference", _prosecutor_reference(charges, subject, sanitiser))
    if person.organisation:
        _add_corporate(node, person, subject, sanitiser)
    else:
        _add_individual(node, person, subject, sanitiser)
    for charge in charges:
        _add_offence(node, charge, case, sanitiser)


def _prosecutor_reference(charges: list[ChargeData], subject: Subject, sanitiser: Sanitiser) -> str:
    """Return the arrest/summons number in 20 characters.

    The message has no room for the letter of the top-level organisation, which the 21-character
    form begins its owner with: hence the last four characters of the owner.
    """
    # One arrest has one number, so any of the person's charges has it.
    asn = next((charge.asn for charge in charges if charge.asn), "")
    parsed = parse_asn(asn) if asn else None
    if parsed is None:
        if asn:
            sanitiser.note_missing(
                MissingCode.ARREST_SUMMONS_NUMBER_CHECK, subject=subject, text=asn
            )
        else:
            sanitiser.note_missing(MissingCode.ARREST_SUMMONS_NUMBER, subject=subject)
        return ""
    year, owner, system, serial = parsed.split("/")
    # The message has the serial in eleven digits; on screen the zeros before it are left out.
    return f"{year}{owner[-4:]}{system}{serial[:-1].zfill(11)}{serial[-1]}"


def _add_individual(
    node: etree._Element, person: PersonData, subject: Subject, sanitiser: Sanitiser
) -> None:
    individual = add_element(node, "PoliceIndividualDefendant")
    defendant = add_element(individual, "PersonDefendant")
    details = add_element(defendant, "BasePersonDetails")
    add_name(
        add_element(details, "PersonName"),
        given_names=person.given,
        family=person.family,
        title=person.title,
        subject=subject,
        sanitiser=sanitiser,
    )
    _add_contact(details, person, subject, sanitiser)
    if person.born_on is not None:
        add_element(details, "Birthdate", person.born_on.isoformat())
    # SPI GenderCurrentType: 0 is "not known", which is also what an unknown code says.
    gender = person.gender if person.gender in {"0", "1", "2", "9"} else "0"
    add_element(details, "Gender", gender)
    add_optional(defendant, "PNCidentifier", _pnc_identifier(person))
    _add_defendant_address(individual, person, subject, sanitiser)
    _add_ethnicity(individual, person)
    occupation = sanitiser.free_text(
        person.occupation, field=Field.OCCUPATION, subject=subject, max_length=54
    )
    add_optional(individual, "Occupation", occupation)
    _add_cro_number(individual, person, subject, sanitiser)
    add_optional(individual, "CustodyStatus", person.custody_status[:1])
    # English or Welsh, says the schema: anybody may speak Welsh in a court in Wales (Welsh Language
    # Act 1993, section 22).
    languages = add_element(individual, "LanguageOptions")
    for name in ("DocumentationLanguage", "HearingLanguage"):
        add_element(languages, name, "W" if person.language == "W" else "E")


def _add_corporate(
    node: etree._Element, person: PersonData, subject: Subject, sanitiser: Sanitiser
) -> None:
    """Add an organisation, in the order of PoliceCorporateDefendantStructure."""
    corporate = add_element(node, "PoliceCorporateDefendant")
    name = sanitiser.restricted_text(
        person.organisation, field=Field.ORGANISATION_NAME, subject=subject, max_length=255
    )
    # A name in another script would be sent as question marks only.
    if not re.search(r"[A-Za-z0-9]", name):
        sanitiser.note_missing(MissingCode.ORGANISATION_NAME, subject=subject)
    # Twice: the schema has the name in a structure of the same name.
    add_element(add_element(corporate, "OrganisationName"), "OrganisationName", name)
    # An organisation has one number in the message, whichever kind it is on record.
    phone = sanitiser.phone(
        person.phone_work or person.phone_home or person.phone_mobile,
        field=Field.WORK_PHONE,
        subject=subject,
    )
    add_optional(corporate, "TelephoneNumberBusiness", phone)
    if email := sanitiser.email(person.email, subject=subject):
        add_element(add_element(corporate, "EmailDetails"), "EmailAddress1", email)
    add_optional(corporate, "PNCidentifier", _pnc_identifier(person))
    _add_defendant_address(corporate, person, subject, sanitiser)
    _add_cro_number(corporate, person, subject, sanitiser)


def _pnc_identifier(person: PersonData) -> str:
    """Return the PNC identifier without its slashes, which the message does not have."""
    return re.sub(r"[^0-9A-Za-z]", "", person.pnc_id)[:13]


def _add_defendant_address(
    parent: etree._Element, person: PersonData, subject: Subject, sanitiser: Sanitiser
) -> None:
    if person.address is not None and has_street_and_town(person.address):
        add_address(parent, person.address, subject=subject, sanitiser=sanitiser)
    else:
        sanitiser.note_missing(MissingCode.ADDRESS, subject=subject)


def _add_cro_number(
    parent: etree._Element, person: PersonData, subject: Subject, sanitiser: Sanitiser
) -> None:
    cro_number = sanitiser.free_text(
        person.cro_number, field=Field.CRO_NUMBER, subject=subject, max_length=12
    )
    add_optional(parent, "CROnumber", cro_number)


def _add_contact(
    details: etree._Element, person: PersonData, subject: Subject, sanitiser: Sanitiser
) -> None:
    phones = [
        (name, sanitiser.phone(number, field=field, subject=subject))
        for name, number, field in (
            ("TelephoneNumberBusiness", person.phone_work, Field.WORK_PHONE),
            ("TelephoneNumberHome", person.phone_home, Field.HOME_PHONE),
            ("TelephoneNumberMobile", person.phone_mobile, Field.MOBILE_PHONE),
        )
    ]
    if any(number for _, number in phones):
        telephones = add_element(details, "TelephoneDetails")
        for name, number in phones:
            add_optional(telephones, name, number)
    if email := sanitiser.email(person.email, subject=subject):
        add_element(add_element(details, "EmailDetails"), "EmailAddress1", email)


def _add_ethnicity(parent: etree._Element, person: PersonData) -> None:
    observed = person.ethnicity_observed
    self_defined = person.ethnicity_self_defined
    # One digit by the officer's eye, two characters of the 16+1 list by the person's own word: one
    # code in the other's place would make the message invalid.
    observed = observed if re.fullmatch(r"[0-9]", observed) else ""
    self_defined = self_defined if re.fullmatch(r"[A-Z][A-Z0-9]", self_defined) else ""
    if observed or self_defined:
        node = add_element(parent, "PersonEthnicity")
        add_optional(node, "ObservedEthnicity", observed)
        add_optional(node, "SelfDefinedEthnicity", self_defined)


def _add_offence(
    node: etree._Element, charge: ChargeData, case: CaseData, sanitiser: Sanitiser
) -> None:
    subject = Subject(SubjectKind.CHARGE, str(charge.sequence))
    offence = add_element(node, "Offence")
    details = add_element(offence, "BaseOffenceDetails")
    # SPI, OffenceSequenceNumber: at most three digits.
    if not 0 <= charge.sequence <= 999:
        sanitiser.note_missing(MissingCode.SEQUENCE, subject=subject)
    if not charge.offence_code or len(charge.offence_code) > 8:
        sanitiser.note_missing(MissingCode.OFFENCE_CODE, subject=subject)
    if not charge.wording.strip():
        sanitiser.note_missing(MissingCode.WORDING, subject=subject)
    add_element(details, "OffenceSequenceNumber", str(charge.sequence))
    add_element(details, "OffenceCode", charge.offence_code)
    wording = sanitiser.free_text(
        charge.wording, field=Field.WORDING, subject=subject, max_length=2500
    )
    add_element(details, "OffenceWording", wording)
    _add_offence_timing(details, charge, subject, sanitiser)
    if charge.charged_on:
        add_element(details, "ChargeDate", charge.charged_on.isoformat())
    # Only a charge has a date of charge: a summons or a requisition has none.
    elif case.initiation == "C":
        sanitiser.note_missing(MissingCode.CHARGE_DATE, subject=subject)
    if charge.arrested_on and case.initiation == "C":
        add_element(details, "ArrestDate", charge.arrested_on.isoformat())
    place = sanitiser.free_text(
        charge.location, field=Field.OFFENCE_PLACE, subject=subject, max_length=80
    )
    add_optional(details, "LocationOfOffence", place)
    for person_id in charge.victims:
        _add_victim(offence, case.get_person(person_id), sanitiser)


def _add_offence_timing(
    details: etree._Element, charge: ChargeData, subject: Subject, sanitiser: Sanitiser
) -> None:
    node = add_element(details, "OffenceTiming")
    if not 1 <= charge.date_code <= 6:
        sanitiser.note_missing(MissingCode.DATE_CODE, subject=subject)
    if charge.started_on is None:
        sanitiser.note_missing(MissingCode.OFFENCE_DATE, subject=subject)
    # 4 is "between", which needs two dates.
    if charge.date_code == 4 and charge.ended_on is None:
        sanitiser.note_missing(MissingCode.SECOND_DATE, subject=subject)
    add_element(node, "OffenceDateCode", str(charge.date_code))
    start = add_element(node, "OffenceStart")
    add_element(start, "OffenceDateStartDate", _iso_or_empty(charge.started_on))
    if charge.ended_on is not None:
        end = add_element(node, "OffenceEnd")
        add_element(end, "OffenceEndDate", charge.ended_on.isoformat())


def _iso_or_empty(value: date | None) -> str:
    return value.isoformat() if value else ""


def _add_victim(offence: etree._Element, person: PersonData | None, sanitiser: Sanitiser) -> None:
    """Add a victim by name and address alone.

    The schema demands the address, and nothing in it needs a telephone or a date of birth.
    """
    if person is None or person.address is None or not has_street_and_town(person.address):
        sanitiser.warn(WarningCode.VICTIM_WITHOUT_ADDRESS)
        return
    node = add_element(offence, "OtherPartyVictim")
    if person.organisation:
        # PoliceOffenceStructure, OtherPartyVictim: "the Interface Specification does not include a
        # data field for Organisation Name".
        sanitiser.warn(WarningCode.ORGANISATION_NAME_LEFT_OUT, text=person.organisation)
    if person.family:
        add_name(
            add_element(node, "PersonDetails"),
            given_names=person.given,
            family=person.family,
            title=person.title,
            subject=VICTIM,
            sanitiser=sanitiser,
        )
    add_address(node, person.address, subject=VICTIM, sanitiser=sanitiser)
