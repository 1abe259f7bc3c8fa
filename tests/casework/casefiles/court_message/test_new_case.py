"""The message to the court."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree

from bluelamp.casework.casefiles.case_data import Address, CaseData, HearingData
from bluelamp.casework.casefiles.court_message import (
    Field,
    MissingCode,
    SubjectKind,
    WarningCode,
    make_new_case,
    validate,
)
from bluelamp.casework.casefiles.messages import (
    FIELDS,
    MISSING_FACTS,
    SUBJECTS,
    WARNINGS,
    WHERE_TO_FIX,
    describe_missing_fact,
    describe_warning,
    describe_where_to_fix,
)
from tests.casework.casefiles.example_case import CASE, HOME

NAMES = {
    "d": "http://www.dca.gov.uk/xmlschemas/libra",
    "b": "http://www.govtalk.gov.uk/people/bs7666",
}
CHARGE = CASE.charges[0]
VICTIM, SUSPECT = CASE.people


def _values(case: CaseData, path: str) -> list[str]:
    message = make_new_case(case=case)
    assert message.xml is not None, message.missing
    return [element.text or "" for element in etree.fromstring(message.xml).iterfind(path, NAMES)]


def _suspect(**changes: Any) -> CaseData:
    return replace(CASE, people=(VICTIM, replace(SUSPECT, **changes)))


def _charge(**changes: Any) -> CaseData:
    return replace(CASE, charges=(replace(CHARGE, **changes),))


def test_it_works() -> None:
    message = make_new_case(case=CASE)
    assert message.xml is not None
    assert (message.missing, message.warnings) == ((), ())
    assert validate(message.xml) == []
    assert _values(CASE, ".//d:PTIURN") == ["01ZD0303226"]
    assert _values(CASE, ".//d:ProsecutorReference") == ["2601ZD0100000448754U"]
    assert _values(CASE, ".//d:OffenceWording") == [CHARGE.wording]
    assert _values(CASE, ".//d:PersonFamilyName") == ["Khan", "O'Neill", "Mensah"]


def test_the_hearing_is_at_london_time_winter_and_summer() -> None:
    assert _values(CASE, ".//d:TimeOfHearing") == ["10:00:00+00:00"]
    summer = replace(CASE, hearing=HearingData(court_ou_code="B01IX00", on=date(2026, 7, 1)))
    assert _values(summer, ".//d:TimeOfHearing") == ["10:00:00+01:00"]


@pytest.mark.parametrize(
    ("case", "what"),
    [
        (replace(CASE, charges=()), "A charge"),
        (replace(CASE, urn=""), "unique reference number"),
        (replace(CASE, urn="01ZD0303226-M"), "unique reference number"),
        (replace(CASE, originating_organisation=""), "organisation"),
        (replace(CASE, hearing=None), "first hearing"),
        (
            replace(CASE, officer_in_case=replace(CASE.officer_in_case, rank="")),
            "rank of the officer",
        ),
        (
            replace(CASE, officer_in_case=replace(CASE.officer_in_case, name="")),
            "surname of the officer",
        ),
        (_charge(asn=""), "arrest/summons number"),
        (
            _charge(asn="2601ZD0100000448754A"),
            "The check letter of “2601ZD0100000448754A” is wrong",
        ),
        (_charge(wording=" "), "wording of charge 1"),
        (_charge(offence_code=""), "offence code of charge 1"),
        (_charge(started_on=None), "date of the offence in charge 1"),
        (_charge(ended_on=None), "second date of charge 1"),
        (_charge(date_code=7), "Whether the date in charge 1"),
        (_charge(charged_on=None), "The date of charge 1"),
        (_charge(sequence=1000), "sequence number"),
        (_charge(defendant_id=uuid4()), "person who is charged"),
        (_suspect(address=None), "address of Jordan Lee O'Neill"),
        (_suspect(address=Address(street="Quay Road")), "address of Jordan Lee O'Neill"),
        (_suspect(family="王"), "surname of Jordan Lee 王, in Latin letters"),
    ],
)
def test_what_is_missing_is_described_and_nothing_is_sent(case: CaseData, what: str) -> None:
    message = make_new_case(case=case)
    assert message.xml is None
    assert any(what in describe_missing_fact(fact) for fact in message.missing), message.missing
    assert all(describe_where_to_fix(fact) for fact in message.missing)


def test_every_code_has_a_sentence() -> None:
    assert set(MISSING_FACTS) == set(WHERE_TO_FIX) == set(MissingCode)
    assert set(WARNINGS) == set(WarningCode)
    assert set(FIELDS) == set(Field)
    assert set(SUBJECTS) == set(SubjectKind) - {SubjectKind.CHARGE}


def test_no_fixed_abode_can_be_sent() -> None:
    case = _suspect(address=Address(text="No fixed abode", town="London"))
    assert _values(case, ".//d:PoliceIndividualDefendant/d:Address/b:StreetDescription") == [
        "No fixed abode"
    ]


def test_names_are_respelt_with_a_warning() -> None:
    case = _suspect(given=("Zoë", "Łukasz", "Ŵyn", "Anne", "Marie"), family="Müller–O’Brien")
    message = make_new_case(case=case)
    assert len(message.warnings) == 4
    path = ".//d:PoliceIndividualDefendant//d:PersonName/*"
    assert _values(case, path) == ["Zoe", "Lukasz", "Wyn Anne Marie", "Muller-O'Brien"]


def test_what_is_too_long_is_cut_with_a_warning() -> None:
    case = _charge(wording="wilfully " * 400, location="by the river " * 20)
    message = make_new_case(case=case)
    assert len(message.warnings) == 2
    wording, place = (
        _values(case, ".//d:OffenceWording")[0],
        _values(case, ".//d:LocationOfOffence")[0],
    )
    assert len(wording) <= 2500
    assert len(place) <= 80
    assert wording.endswith("wilfully...")


def test_contact_that_does_not_fit_is_left_out_with_a_warning() -> None:
    case = _suspect(
        email="o'neill+x@example.com",
        phone_mobile="ask his mother",
        phone_home="+44 (0)20 7946 0999",
    )
    assert _values(case, ".//d:BasePersonDetails/d:EmailDetails/d:EmailAddress1") == []
    assert _values(case, ".//d:TelephoneNumberHome") == ["020 7946 0999"]
    assert _values(case, ".//d:TelephoneNumberMobile") == []
    assert len(make_new_case(case=case).warnings) == 2


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("14", "  14 "),
        ("3A", "   3A"),
        ("3a", "   3A"),
        ("12-14", "  12   14 "),
        ("Rose Cottage", "          Rose Cottage"),
        ("7, Rose Cottage", "   7      Rose Cottage"),
        ("St John's, East", "          St John's East"),
        ("", "     "),
        ("10000", "          10000"),
    ],
)
def test_buildings_as_bs7666_writes_them(written: str, sent: str) -> None:
    case = _suspect(address=replace(HOME, building=written))
    assert _values(case, ".//d:PoliceIndividualDefendant/d:Address/b:PAON") == [sent]


def test_victims_go_only_where_the_charge_names_them_and_only_by_name_and_address() -> None:
    assert _values(_charge(victims=()), ".//d:OtherPartyVictim") == []
    parts = etree.fromstring(make_new_case(case=CASE).xml or b"").find(
        ".//d:OtherPartyVictim", NAMES
    )
    assert parts is not None
    assert [etree.QName(part).localname for part in parts] == ["PersonDetails", "Address"]
    message = make_new_case(case=replace(CASE, people=(replace(VICTIM, address=None), SUSPECT)))
    assert message.xml is not None
    assert "left out" in describe_warning(message.warnings[0])


def test_a_business_is_a_corporate_defendant() -> None:
    """The schema takes an organisation's name, one telephone number, addresses and no person."""
    case = _suspect(
        given=(), family="", organisation="Quay Haulage Ltd", born_on=None,
        phone_home="020 7946 0000", email="office@example.com", pnc_id="12/345678X",
    )  # fmt: skip
    message = make_new_case(case=case)
    assert message.xml is not None, message.missing
    assert validate(message.xml) == []
    assert _values(case, ".//d:PoliceIndividualDefendant") == []
    corporate = ".//d:Defendant/d:PoliceCorporateDefendant"
    assert _values(case, f"{corporate}/d:OrganisationName/d:OrganisationName") == [
        "Quay Haulage Ltd"
    ]
    assert _values(case, f"{corporate}/d:TelephoneNumberBusiness") == ["020 7946 0000"]
    assert _values(case, f"{corporate}//d:EmailAddress1") == ["office@example.com"]
    assert _values(case, f"{corporate}/d:PNCidentifier") == ["12345678X"]
    assert _values(case, f"{corporate}/d:Address/b:StreetDescription") == ["Quay Road"]


def test_a_business_needs_an_address_and_a_name_in_latin_letters() -> None:
    case = _suspect(given=(), family="", organisation="王", address=None)
    missing = [describe_missing_fact(fact) for fact in make_new_case(case=case).missing]
    assert len(missing) == 2
    assert missing[0] == "The name of 王, in Latin letters"
    assert missing[1].startswith("The address of 王")


def test_an_organisation_goes_by_its_address_alone() -> None:
    """The Interface Specification has no field for the name of an organisation that is the
    victim.
    """
    shop = replace(VICTIM, given=(), family="", organisation="Acorn Stores")
    message = make_new_case(case=replace(CASE, people=(shop, SUSPECT)))
    parts = etree.fromstring(message.xml or b"").find(".//d:OtherPartyVictim", NAMES)
    assert parts is not None
    assert [etree.QName(part).localname for part in parts] == ["Address"]
    assert "Acorn Stores will be left out" in describe_warning(message.warnings[0])


def test_defendants_are_grouped_with_their_own_charges() -> None:
    other = replace(SUSPECT, id=uuid4(), family="Other")
    charges = (
        CHARGE,
        replace(CHARGE, sequence=2, defendant_id=other.id),
        replace(CHARGE, sequence=3),
    )
    case = replace(CASE, people=(*CASE.people, other), charges=charges)
    root = etree.fromstring(make_new_case(case=case).xml or b"")
    per_defendant = [
        [number.text for number in defendant.iterfind(".//d:OffenceSequenceNumber", NAMES)]
        for defendant in root.iterfind(".//d:Defendant", NAMES)
    ]
    assert per_defendant == [["1", "3"], ["2"]]


def test_naughty_strings_give_a_valid_message_or_a_plain_refusal(shared_data: Path) -> None:
    lines = (shared_data / "security" / "blns" / "blns.txt").read_text(encoding="utf-8").split("\n")
    for string in [line for line in lines if line and not line.startswith("#")] + [
        "\x00",
        "\uffff",
        "]]>",
        "&x;",
    ]:
        address = Address(
            flat=string, building=string, street=string, town=string, postcode=string, area=string
        )
        person = replace(
            SUSPECT,
            given=(string,) * 5,
            family=string,
            address=address,
            email=string,
            phone_work=string,
            occupation=string,
            pnc_id=string,
            cro_number=string,
        )
        case = replace(
            CASE,
            people=(VICTIM, person),
            charges=(replace(CHARGE, wording=string, location=string),),
        )
        message = make_new_case(case=case)
        assert (message.xml is None) == bool(message.missing)
        assert not any(fact.code == MissingCode.VALID_MESSAGE for fact in message.missing), (
            string,
            message.missing,
        )
