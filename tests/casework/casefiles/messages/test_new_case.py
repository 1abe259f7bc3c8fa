"""The message to the court."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree

from bluelamp.casework.casefiles.facts import Address, CaseFacts, HearingFacts
from bluelamp.casework.casefiles.messages import new_case, validate
from tests.casework.casefiles.a_case import CASE, HOME

NAMES = {
    "d": "http://www.dca.gov.uk/xmlschemas/libra",
    "b": "http://www.govtalk.gov.uk/people/bs7666",
}
CHARGE = CASE.charges[0]
VICTIM, SUSPECT = CASE.people


def _sent(facts: CaseFacts, path: str) -> list[str]:
    made = new_case(facts=facts)
    assert made.xml is not None, made.missing
    return [element.text or "" for element in etree.fromstring(made.xml).iterfind(path, NAMES)]


def _suspect(**changes: Any) -> CaseFacts:
    return replace(CASE, people=(VICTIM, replace(SUSPECT, **changes)))


def _charge(**changes: Any) -> CaseFacts:
    return replace(CASE, charges=(replace(CHARGE, **changes),))


def test_it_works() -> None:
    made = new_case(facts=CASE)
    assert made.xml is not None
    assert (made.missing, made.warnings) == ((), ())
    assert validate(made.xml) == []
    assert _sent(CASE, ".//d:PTIURN") == ["01ZD0303226"]
    assert _sent(CASE, ".//d:ProsecutorReference") == ["2601ZD0100000448754U"]
    assert _sent(CASE, ".//d:OffenceWording") == [CHARGE.wording]
    assert _sent(CASE, ".//d:PersonFamilyName") == ["Khan", "O'Neill", "Mensah"]


def test_the_hearing_is_at_london_time_winter_and_summer() -> None:
    assert _sent(CASE, ".//d:TimeOfHearing") == ["10:00:00+00:00"]
    summer = replace(CASE, hearing=HearingFacts(court_ou_code="B01IX00", on=date(2026, 7, 1)))
    assert _sent(summer, ".//d:TimeOfHearing") == ["10:00:00+01:00"]


@pytest.mark.parametrize(
    ("facts", "what"),
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
        (_charge(asn="2601ZD0100000448754A"), "does not agree with its check letter"),
        (_charge(wording=" "), "wording of charge 1"),
        (_charge(offence_code=""), "offence code of charge 1"),
        (_charge(started_on=None), "date of the offence in charge 1"),
        (_charge(ended_on=None), "second date of charge 1"),
        (_charge(date_code=7), "How charge 1 is dated"),
        (_charge(charged_on=None), "day of charge 1"),
        (_charge(sequence=1000), "sequence number"),
        (_charge(defendant_id=uuid4()), "person who is charged"),
        (_suspect(address=None), "address of Jordan Lee O'Neill"),
        (_suspect(address=Address(street="Quay Road")), "address of Jordan Lee O'Neill"),
        (_suspect(family="王"), "surname of Jordan Lee 王, in Latin letters"),
    ],
)
def test_what_is_missing_is_said_plainly_and_nothing_is_sent(facts: CaseFacts, what: str) -> None:
    made = new_case(facts=facts)
    assert made.xml is None
    assert any(what in missing.what and missing.where_to_mend for missing in made.missing), (
        made.missing
    )


def test_no_fixed_abode_can_be_sent() -> None:
    facts = _suspect(address=Address(text="No fixed abode", town="London"))
    assert _sent(facts, ".//d:PoliceIndividualDefendant/d:Address/b:StreetDescription") == [
        "No fixed abode"
    ]


def test_names_are_respelt_with_a_warning() -> None:
    facts = _suspect(given=("Zoë", "Łukasz", "Ŵyn", "Anne", "Marie"), family="Müller–O’Brien")
    made = new_case(facts=facts)
    assert len(made.warnings) == 4
    path = ".//d:PoliceIndividualDefendant//d:PersonName/*"
    assert _sent(facts, path) == ["Zoe", "Lukasz", "Wyn Anne Marie", "Muller-O'Brien"]


def test_what_is_too_long_is_cut_with_a_warning() -> None:
    facts = _charge(wording="wilfully " * 400, location="by the river " * 20)
    made = new_case(facts=facts)
    assert len(made.warnings) == 2
    wording, place = (
        _sent(facts, ".//d:OffenceWording")[0],
        _sent(facts, ".//d:LocationOfOffence")[0],
    )
    assert len(wording) <= 2500
    assert len(place) <= 80
    assert wording.endswith("wilfully...")


def test_contact_that_does_not_fit_is_left_out_with_a_warning() -> None:
    facts = _suspect(
        email="o'neill+x@example.com",
        phone_mobile="ask his mother",
        phone_home="+44 (0)20 7946 0999",
    )
    assert _sent(facts, ".//d:BasePersonDetails/d:EmailDetails/d:EmailAddress1") == []
    assert _sent(facts, ".//d:TelephoneNumberHome") == ["020 7946 0999"]
    assert _sent(facts, ".//d:TelephoneNumberMobile") == []
    assert len(new_case(facts=facts).warnings) == 2


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
    facts = _suspect(address=replace(HOME, building=written))
    assert _sent(facts, ".//d:PoliceIndividualDefendant/d:Address/b:PAON") == [sent]


def test_victims_go_only_where_the_charge_names_them_and_only_by_name_and_address() -> None:
    assert _sent(_charge(victims=()), ".//d:OtherPartyVictim") == []
    parts = etree.fromstring(new_case(facts=CASE).xml or b"").find(".//d:OtherPartyVictim", NAMES)
    assert parts is not None
    assert [etree.QName(part).localname for part in parts] == ["PersonDetails", "Address"]
    made = new_case(facts=replace(CASE, people=(replace(VICTIM, address=None), SUSPECT)))
    assert made.xml is not None
    assert "left out" in made.warnings[0]


def test_an_organisation_goes_by_its_address_alone() -> None:
    """The Interface Specification has no field for the name of an organisation that is the
    victim.
    """
    shop = replace(VICTIM, given=(), family="", organisation="Acorn Stores")
    made = new_case(facts=replace(CASE, people=(shop, SUSPECT)))
    parts = etree.fromstring(made.xml or b"").find(".//d:OtherPartyVictim", NAMES)
    assert parts is not None
    assert [etree.QName(part).localname for part in parts] == ["Address"]
    assert "Acorn Stores is left out" in made.warnings[0]


def test_defendants_are_grouped_with_their_own_charges() -> None:
    other = replace(SUSPECT, id=uuid4(), family="Other")
    charges = (
        CHARGE,
        replace(CHARGE, sequence=2, defendant_id=other.id),
        replace(CHARGE, sequence=3),
    )
    facts = replace(CASE, people=(*CASE.people, other), charges=charges)
    root = etree.fromstring(new_case(facts=facts).xml or b"")
    per_defendant = [
        [number.text for number in defendant.iterfind(".//d:OffenceSequenceNumber", NAMES)]
        for defendant in root.iterfind(".//d:Defendant", NAMES)
    ]
    assert per_defendant == [["1", "3"], ["2"]]


def test_naughty_strings_give_a_valid_message_or_a_plain_refusal(shared_data: Path) -> None:
    listed = (
        (shared_data / "security" / "blns" / "blns.txt").read_text(encoding="utf-8").split("\n")
    )
    for string in [line for line in listed if line and not line.startswith("#")] + [
        "\x00",
        "\uffff",
        "]]>",
        "&x;",
    ]:
        address = Address(
            flat=string, building=string, street=string, town=string, postcode=string, area=string
        )
        person = replace(
            SUSPECT, given=(string,) * 5, family=string, address=address, email=string, phone_work=string,
            occupation=string, pnc_id=string, cro_number=string,
        )  # fmt: skip
        facts = replace(
            CASE,
            people=(VICTIM, person),
            charges=(replace(CHARGE, wording=string, location=string),),
        )
        made = new_case(facts=facts)
        assert (made.xml is None) == bool(made.missing)
        assert not any("schema" in missing.what for missing in made.missing), (string, made.missing)
