"""A package that fell behind the record says so, before it is sent and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bluelamp.casework.casefiles.case_json import from_json, to_json
from bluelamp.casework.casefiles.commands import build_case_file, submit_case_file
from bluelamp.casework.casefiles.gathering import basis_of, crime_ids_of
from bluelamp.casework.casefiles.models import CaseFileVersion
from bluelamp.casework.casefiles.queries import view_case_file
from bluelamp.casework.casefiles.since import differences
from bluelamp.casework.crimes.commands import add_person, correct_person
from bluelamp.casework.crimes.queries import view_crime
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.people.rules import LinkRole, PersonDetails, PlaceDetails
from tests.casework.casefiles.a_case import CASE
from tests.casework.scenes import AT

RunJobs = Callable[[], int]
PACKED = from_json(to_json(CASE))


@pytest.mark.django_db
def test_it_works(number: str, ada: Actor, bilal: Actor, run_jobs: RunJobs) -> None:
    urn = build_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()

    def since() -> tuple[str, ...]:
        return view_case_file(actor=bilal, at=AT, urn=urn).since

    assert since() == ()
    (suspect,) = view_crime(actor=bilal, at=AT, number=number).with_role(LinkRole.SUSPECT)
    told = PersonDetails(
        given_name=suspect.given_name,
        family_name=suspect.family_name,
        born_on=suspect.born_on,
        gender=suspect.gender,
        occupation="Roofer",
        address=PlaceDetails(address=suspect.address.address, postcode=suspect.address.postcode)
        if suspect.address
        else None,
    )
    correct_person(actor=bilal, at=AT, person_id=suspect.id, details=told, why="He said so.")
    assert since() == (f"Changed: what is known of {suspect.name}.",)
    submit_case_file(actor=bilal, at=AT, urn=urn)
    assert since() == (f"Changed: what is known of {suspect.name}.",), (
        "what the prosecutor does not have"
    )
    witness = PersonDetails(given_name="Yaw", family_name="Owusu")
    add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=witness)
    assert since()[1:] == ("New: what is known of Yaw Owusu.", "Changed: who is what to a crime.")
    build_case_file(actor=bilal, at=AT + timedelta(hours=1), numbers=[number])
    assert since() == (), "nothing is said while it is being built"
    run_jobs()
    assert since() == ()


@pytest.mark.django_db
def test_a_look_at_an_exhibit_is_no_difference(
    number: str, bilal: Actor, run_jobs: RunJobs
) -> None:
    urn = build_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    write_continuity(actor=bilal, at=AT, item=Item.objects.get(), verb=Verb.VIEWED)
    version = CaseFileVersion.objects.get()
    assert version.basis == basis_of(crime_ids_of(version.case_file)), (
        "the page need not gather the case again"
    )
    assert view_case_file(actor=bilal, at=AT, urn=urn).since == ()


@pytest.mark.django_db
def test_an_exhibit_found_infected_meanwhile_is_said(
    number: str, bilal: Actor, run_jobs: RunJobs
) -> None:
    urn = build_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    Item.objects.update(scan_verdict="infected")
    (sentence,) = view_case_file(actor=bilal, at=AT, urn=urn).since
    assert "AB/1 was found infected" in sentence


def test_the_same_case_has_no_differences() -> None:
    assert differences(PACKED, CASE) == ()


def test_each_part_is_told() -> None:
    case = CASE
    crime, statement, exhibit = case.crimes[0], case.statements[0], case.exhibits[0]
    assert differences(PACKED, replace(case, crimes=())) == (
        f"No longer there: crime {crime.number}.",
    )
    told = differences(PACKED, replace(case, statements=(replace(statement, text="Other words."),)))
    assert told == (f"Changed: a statement of {statement.maker_name}.",)
    assert differences(PACKED, replace(case, statements=(replace(statement, back=None),))) == ()
    told = differences(PACKED, replace(case, exhibits=(replace(exhibit, description="A door"),)))
    assert told == (f"Changed: exhibit {exhibit.reference}.",)
    assert (
        differences(PACKED, replace(case, exhibits=(replace(exhibit, continuity=(), previews=()),)))
        == ()
    )
    assert differences(PACKED, replace(case, hearing=None, charges=())) == (
        "Changed: the charges.",
        "Changed: the first hearing.",
    )
    assert differences(replace(PACKED, hearing=None), case) == ("New: the first hearing.",)
