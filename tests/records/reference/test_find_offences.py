from datetime import date

import pytest

from bluelamp.records.reference.lookups import find_offences, get_offence, list_offence_classes

pytestmark = pytest.mark.usefixtures("reference")
TODAY = date(2026, 3, 3)


def codes(text: str, limit: int = 10) -> list[str]:
    return [offence.code for offence in find_offences(text, on=TODAY, limit=limit)]


def test_it_works() -> None:
    first = find_offences("crim dam veh", on=TODAY)[0]
    assert first.code == "CD71039/58C"
    assert (
        first.label
        == "Criminal damage to property - value under £5000 – Criminal damage to a vehicle"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CRIM DAM", "CD71039/58C"),
        ("veh crim dam", "CD71039/58C"),
        ("vehicel damage", "CD71039/58C"),
        ("car key scratch", "CD71039/58C"),
        ("smashed window", "CD71039/58C"),
        ("smashed shop window", "CD71039/58B"),
        ("kicked front door house", "CD71039/58A"),
        ("graffiti", "CD71039/58D"),
        ("racist graffiti", "CD98074/58J"),
        ("CD71039", "CD71039/58C"),
        ("cd71039/58a", "CD71039/58A"),
        ("58C", "CD71039/58C"),
        ("149/00", "CD71039/58C"),
        ("shoplift", "TH68010/46"),
        ("shopliftng", "TH68010/46"),
        ("nicked", "TH68010/46"),
        ("nicked phone", "TH68001/39"),
        ("stolen bike", "TH68006/44"),
        ("stole my car", "TH68013/48"),
        ("theft from veh", "TH68007/45"),
        ("tfmv", "TH68007/45"),
        ("twoc", "TH68050/48"),
        ("burglery", "TH68036/28E"),
        ("broke into shed", "TH68037/30C"),
        ("mugged", "TH68023/34B"),
        ("rob", "TH68023/34B"),
        ("ABH", "OF61102/8N"),
        ("gbh", "OF61131/8N"),
        ("s18", "OF61016/5D"),
        ("punched in the face", "CJ88001/105A"),
        ("harras", "PH97004/8L"),
        ("knife", "CJ88144/10D"),
        ("weed", "MD71530/92E"),
        ("arson", "CD71015/56B"),
    ],
)
def test_offences_are_found_by_what_people_type(text: str, expected: str) -> None:
    assert codes(text)[0] == expected


def test_every_beginning_of_a_search_finds_something() -> None:
    for end in range(1, len("crim dam veh") + 1):
        assert codes("crim dam veh"[:end])


@pytest.mark.parametrize("nothing", ["", "   ", "?!", "zzzzqqq", "\x00", "£", "x" * 10_000])
def test_nothing_is_found_for_no_words(nothing: str) -> None:
    assert codes(nothing) == []


def test_a_rare_offence_is_found_too() -> None:
    assert "AN09008" in codes("drunk in an aircraft")


def test_an_application_to_a_court_is_no_offence_but_has_a_code() -> None:
    assert "0101AP001" not in codes("application for extension of the period for detention")
    assert get_offence("0101AP001", on=TODAY) is not None


def test_one_offence_may_be_counted_in_several_classes() -> None:
    assert [offence.ho_class for offence in list_offence_classes("CD71039", on=TODAY)] == [
        "58C",
        "58D",
        "58A",
        "58B",
    ]
    offence = get_offence(" cd71039/58a ", on=TODAY)
    assert offence
    assert offence.ho_class_title == "Criminal damage to a dwelling"
    assert get_offence("CD71039/99Z", on=TODAY) is None


def test_no_more_than_the_limit() -> None:
    assert len(codes("theft", limit=3)) == 3
