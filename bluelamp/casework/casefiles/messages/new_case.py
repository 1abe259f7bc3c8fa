"""`NewCaseMessage`, schema version 0.6g (CPP-StdProsPoliceCase-v1-2.xsd, HMCTS): one case, its
defendants.

Victims go into the message only where a charge names them, and then by name and address alone: the
schema wants the address, nothing wants their telephone or date of birth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from lxml import etree

from bluelamp.casework.casefiles.facts import (
    Address,
    CaseFacts,
    ChargeFacts,
    HearingFacts,
    Officer,
    PersonFacts,
)
from bluelamp.casework.casefiles.messages.fitting import Fitting, Missing
from bluelamp.casework.casefiles.messages.validating import validate
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.reference.rules import parse_asn, parse_ptiurn

LIBRA = "http://www.dca.gov.uk/xmlschemas/libra"
BS7666 = "http://www.govtalk.gov.uk/people/bs7666"
CASE_PAGE, PEOPLE_PAGE, CHARGE_PAGE, HEARING_PAGE = (
    "the case file",
    "the person's record",
    "the charge",
    "the first hearing",
)


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """The message, or what it lacks. `xml` is None exactly where `missing` is not empty."""

    xml: bytes | None
    missing: tuple[Missing, ...]
    warnings: tuple[str, ...]


def _add(
    parent: etree._Element, name: str, text: str | None = None, *, of: str = LIBRA
) -> etree._Element:
    child = etree.SubElement(parent, f"{{{of}}}{name}")
    if text is not None:
        child.text = text
    return child


def _maybe(parent: etree._Element, name: str, text: str, *, of: str = LIBRA) -> None:
    if text:
        _add(parent, name, text, of=of)


def _name(
    parent: etree._Element,
    *,
    given: tuple[str, ...],
    family: str,
    title: str,
    who: str,
    fit: Fitting,
) -> None:
    """BasePersonNameStructure: up to three given names, more are joined into the third."""
    names = [name for name in given if name.strip()]
    if len(names) > 3:
        names = [*names[:2], " ".join(names[2:])]
    _maybe(parent, "PersonTitle", fit.restricted(title, of=f"The title of {who}", longest=35))
    for number, name in enumerate(names, start=1):
        _maybe(
            parent,
            f"PersonGivenName{number}",
            fit.restricted(name, of=f"A given name of {who}", longest=35),
        )
    spelt = fit.restricted(family, of=f"The surname of {who}", longest=35)
    if not re.search(r"[A-Za-z]", spelt):
        fit.lacks(f"The surname of {who or 'a person'}, in Latin letters", PEOPLE_PAGE)
    _add(parent, "PersonFamilyName", spelt)


def _can_send(address: Address | None) -> bool:
    return (
        address is not None
        and bool(address.street or address.text)
        and bool(address.locality or address.town or address.area)
    )


def _address(parent: etree._Element, address: Address, *, whose: str, fit: Fitting) -> None:
    """BSaddressStructure: the parts of BS 7666 in their order."""
    node = _add(parent, "Address")
    if address.flat:
        _add(node, "SAON", fit.building(address.flat, of=f"The flat of {whose}"), of=BS7666)
    _add(node, "PAON", fit.building(address.building, of=f"The building of {whose}"), of=BS7666)
    _add(
        node,
        "StreetDescription",
        fit.free(fit.street(address), of=f"The street of {whose}", longest=100),
        of=BS7666,
    )
    _maybe(
        node,
        "Locality",
        fit.free(address.locality, of=f"The locality of {whose}", longest=35),
        of=BS7666,
    )
    _maybe(node, "Town", fit.free(address.town, of=f"The town of {whose}", longest=30), of=BS7666)
    _maybe(
        node,
        "AdministrativeArea",
        fit.free(address.area, of=f"The area of {whose}", longest=30),
        of=BS7666,
    )
    _maybe(
        node, "PostCode", fit.postcode(address.postcode, of=f"The postcode of {whose}"), of=BS7666
    )
    if address.uprn:
        _add(node, "UniquePropertyReferenceNumber", str(address.uprn), of=BS7666)


def _hearing(case: etree._Element, hearing: HearingFacts | None, fit: Fitting) -> None:
    node = _add(case, "InitialHearing")
    if hearing is None or not hearing.court_ou_code:
        fit.lacks("The court, day and time of the first hearing", HEARING_PAGE)
        return
    starts = datetime.combine(hearing.on, hearing.starts, tzinfo=LONDON)
    _add(
        node,
        "CourtHearingLocation",
        fit.free(hearing.court_ou_code, of="The court's code", longest=10),
    )
    _add(node, "DateOfHearing", hearing.on.isoformat())
    _add(node, "TimeOfHearing", starts.isoformat().partition("T")[2])


def _officer(case: etree._Element, officer: Officer, fit: Fitting) -> None:
    node = _add(case, "OtherPartyOfficerInCase")
    *given, family = officer.name.split() or [""]
    _name(
        _add(node, "OfficerName"),
        given=tuple(given),
        family=family,
        title="",
        who="the officer in the case",
        fit=fit,
    )
    for name, value, what, longest in (
        ("PoliceOfficerRank", officer.rank, "The rank of the officer in the case", 35),
        (
            "PoliceWorkerReferenceNumber",
            officer.collar,
            "The collar number of the officer in the case",
            15,
        ),
        (
            "PoliceWorkerLocationCode",
            officer.location_code,
            "The unit code of the officer in the case",
            10,
        ),
    ):
        if not value.strip():
            fit.lacks(what, "the officer's account")
        _add(node, name, fit.free(value, of=what, longest=longest))
    if phone := fit.phone(officer.phone, of="The telephone of the officer in the case"):
        _add(_add(node, "TelephoneDetails"), "TelephoneNumberBusiness", phone)
    if email := fit.email(officer.email, of="The e-mail of the officer in the case"):
        _add(_add(node, "EmailDetails"), "EmailAddress1", email)


def _individual(node: etree._Element, person: PersonFacts, fit: Fitting) -> None:
    who = person.name() or "the defendant"
    individual = _add(node, "PoliceIndividualDefendant")
    defendant = _add(individual, "PersonDefendant")
    details = _add(defendant, "BasePersonDetails")
    _name(
        _add(details, "PersonName"),
        given=person.given,
        family=person.family or person.organisation,
        title=person.title,
        who=who,
        fit=fit,
    )
    phones = [
        (
            "TelephoneNumberBusiness",
            fit.phone(person.phone_work, of=f"The work telephone of {who}"),
        ),
        ("TelephoneNumberHome", fit.phone(person.phone_home, of=f"The home telephone of {who}")),
        ("TelephoneNumberMobile", fit.phone(person.phone_mobile, of=f"The mobile of {who}")),
    ]
    if any(number for _, number in phones):
        telephones = _add(details, "TelephoneDetails")
        for name, number in phones:
            _maybe(telephones, name, number)
    if email := fit.email(person.email, of=f"The e-mail of {who}"):
        _add(_add(details, "EmailDetails"), "EmailAddress1", email)
    if person.born_on is not None:
        _add(details, "Birthdate", person.born_on.isoformat())
    _add(details, "Gender", person.gender if person.gender in {"0", "1", "2", "9"} else "0")
    _maybe(defendant, "PNCidentifier", re.sub(r"[^0-9A-Za-z]", "", person.pnc_id)[:13])
    if person.address is not None and _can_send(person.address):
        _address(individual, person.address, whose=who, fit=fit)
    else:
        fit.lacks(
            f"The address of {who}: street and town, or “No fixed abode” and a town", PEOPLE_PAGE
        )
    _ethnicity(individual, person)
    _maybe(
        individual,
        "Occupation",
        fit.free(person.occupation, of=f"The occupation of {who}", longest=54),
    )
    _maybe(
        individual,
        "CROnumber",
        fit.free(person.cro_number, of=f"The CRO number of {who}", longest=12),
    )
    _maybe(individual, "CustodyStatus", person.custody_status[:1])
    languages = _add(individual, "LanguageOptions")
    for name in ("DocumentationLanguage", "HearingLanguage"):
        _add(languages, name, "W" if person.language == "W" else "E")


def _ethnicity(parent: etree._Element, person: PersonFacts) -> None:
    observed = (
        person.ethnicity_observed if re.fullmatch(r"[0-9]", person.ethnicity_observed) else ""
    )
    defined = (
        person.ethnicity_self_defined
        if re.fullmatch(r"[A-Z][A-Z0-9]", person.ethnicity_self_defined)
        else ""
    )
    if observed or defined:
        node = _add(parent, "PersonEthnicity")
        _maybe(node, "ObservedEthnicity", observed)
        _maybe(node, "SelfDefinedEthnicity", defined)


def _timing(details: etree._Element, charge: ChargeFacts, which: str, fit: Fitting) -> None:
    node = _add(details, "OffenceTiming")
    if not 1 <= charge.date_code <= 6:
        fit.lacks(f"How {which} is dated (on, before, after, between)", CHARGE_PAGE)
    if charge.started_on is None:
        fit.lacks(f"The date of the offence in {which}", CHARGE_PAGE)
    if charge.date_code == 4 and charge.ended_on is None:
        fit.lacks(f"The second date of {which}, which is dated “between”", CHARGE_PAGE)
    _add(node, "OffenceDateCode", str(charge.date_code))
    _add(_add(node, "OffenceStart"), "OffenceDateStartDate", _iso(charge.started_on))
    if charge.ended_on is not None:
        _add(_add(node, "OffenceEnd"), "OffenceEndDate", charge.ended_on.isoformat())


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _offence(node: etree._Element, charge: ChargeFacts, facts: CaseFacts, fit: Fitting) -> None:
    which = f"charge {charge.sequence}"
    offence = _add(node, "Offence")
    details = _add(offence, "BaseOffenceDetails")
    if not 0 <= charge.sequence <= 999:
        fit.lacks(f"A sequence number from 0 to 999 for {which}", CHARGE_PAGE)
    if not charge.offence_code or len(charge.offence_code) > 8:
        fit.lacks(f"The offence code of {which}", CHARGE_PAGE)
    if not charge.wording.strip():
        fit.lacks(f"The wording of {which}", CHARGE_PAGE)
    _add(details, "OffenceSequenceNumber", str(charge.sequence))
    _add(details, "OffenceCode", charge.offence_code)
    _add(
        details,
        "OffenceWording",
        fit.free(charge.wording, of=f"The wording of {which}", longest=2500),
    )
    _timing(details, charge, which, fit)
    if charge.charged_on:
        _add(details, "ChargeDate", charge.charged_on.isoformat())
    elif facts.initiation == "C":
        fit.lacks(f"The day of {which}", CHARGE_PAGE)
    if charge.arrested_on and facts.initiation == "C":
        _add(details, "ArrestDate", charge.arrested_on.isoformat())
    _maybe(
        details,
        "LocationOfOffence",
        fit.free(charge.location, of=f"The place in {which}", longest=80),
    )
    for person_id in charge.victims:
        _victim(offence, facts.person(person_id), fit)


def _victim(offence: etree._Element, person: PersonFacts | None, fit: Fitting) -> None:
    if person is None or person.address is None or not _can_send(person.address):
        fit.warnings.append(
            "A victim without a street and town is left out: the court's system takes no victim without an address."
        )
        return
    node = _add(offence, "OtherPartyVictim")
    who = "the victim"
    if person.organisation:
        # PoliceOffenceStructure, OtherPartyVictim: "the Interface Specification does not include a
        # data field for Organisation Name".
        fit.warnings.append(
            f"The name {person.organisation} is left out of the message: it has no field for an organisation's name."
        )
    if person.family:
        _name(
            _add(node, "PersonDetails"),
            given=person.given,
            family=person.family,
            title=person.title,
            who=who,
            fit=fit,
        )
    _address(node, person.address, whose=who, fit=fit)


def _reference(charges: list[ChargeFacts], who: str, fit: Fitting) -> str:
    """The arrest/summons number in its 20 characters; its 21-character form loses the top-level
    letter.
    """
    asn = next((charge.asn for charge in charges if charge.asn), "")
    parsed = parse_asn(asn) if asn else None
    if parsed is None:
        reason = f": “{asn}” does not agree with its check letter" if asn else ""
        fit.lacks(f"The arrest/summons number of {who}{reason}", CHARGE_PAGE)
        return ""
    year, owner, system, serial = parsed.split("/")
    return f"{year}{owner[-4:]}{system}{serial[:-1].zfill(11)}{serial[-1]}"


def _defendant(
    case: etree._Element,
    person_id: UUID,
    charges: list[ChargeFacts],
    facts: CaseFacts,
    fit: Fitting,
) -> None:
    node = _add(case, "Defendant")
    person = facts.person(person_id)
    if person is None:
        fit.lacks("The person who is charged", CHARGE_PAGE)
        return
    _add(node, "ProsecutorReference", _reference(charges, person.name() or "the defendant", fit))
    _individual(node, person, fit)
    for charge in charges:
        _offence(node, charge, facts, fit)


def new_case(*, facts: CaseFacts) -> NewCase:
    """The message for the court, valid against the schema, or what it lacks.

    Without a charge there is no message, and that is the one thing missing that is named.
    """
    if not facts.charges:
        lack = Missing(
            what="A charge: the court is told of a case only once somebody is charged",
            where_to_mend=CHARGE_PAGE,
        )
        return NewCase(xml=None, missing=(lack,), warnings=())
    fit = Fitting()
    root = etree.Element(f"{{{LIBRA}}}NewCaseMessage", nsmap={"DC": LIBRA, "bsa": BS7666})
    root.set("Flow", "NewCasesFromThePolice")
    root.set("Interface", "LibraStandardProsecutorPolice")
    root.set("SchemaVersion", "0.6g")
    case = _add(root, "Case")
    urn = parse_ptiurn(facts.urn) or ""
    if len(urn) != 11:
        fit.lacks("The unique reference number (URN) of the case, 11 characters", CASE_PAGE)
    _add(case, "PTIURN", urn)
    if not facts.originating_organisation:
        fit.lacks("The code of the organisation the case comes from", "the force's settings")
    _add(
        case,
        "OriginatingOrganisation",
        fit.free(facts.originating_organisation, of="The organisation's code", longest=10),
    )
    _add(case, "CaseInitiation", facts.initiation)
    _maybe(
        case,
        "CPSorganisation",
        fit.free(facts.cps_organisation, of="The prosecutor's code", longest=10),
    )
    _hearing(case, facts.hearing, fit)
    _officer(case, facts.officer_in_case, fit)
    order = {person.id: place for place, person in enumerate(facts.people)}
    listed = sorted(
        facts.charges,
        key=lambda c: (order.get(c.defendant_id, len(order)), str(c.defendant_id), c.sequence),
    )
    for person_id, charges in groupby(listed, key=lambda charge: charge.defendant_id):
        _defendant(case, person_id, list(charges), facts, fit)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    if not fit.missing:
        for problem in validate(xml):
            fit.lacks(f"A message the court's schema takes ({problem})", CASE_PAGE)
    return NewCase(
        xml=None if fit.missing else xml, missing=tuple(fit.missing), warnings=tuple(fit.warnings)
    )
