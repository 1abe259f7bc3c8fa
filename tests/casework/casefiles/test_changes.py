"""A case file shows what changed since its package was built, before it is sent and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bluelamp.casework.casefiles.assembling import compute_record_fingerprint, list_crime_ids
from bluelamp.casework.casefiles.case_json import from_json, to_json
from bluelamp.casework.casefiles.changes import Change, ChangedPart, ChangeKind, find_changes
from bluelamp.casework.casefiles.commands import open_preview, request_case_file, submit_case_file
from bluelamp.casework.casefiles.lookups import get_case_file
from bluelamp.casework.casefiles.models import CaseFileVersion
from bluelamp.casework.crimes.commands import add_person, correct_person
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.rules import LinkRole, LocationInput, PersonInput
from tests.casework.casefiles.example_case import CASE
from tests.casework.scenes import AT
from tests.direct_writes import direct_writes

RunJobs = Callable[[], int]
PACKED = from_json(to_json(CASE))


@pytest.mark.django_db
def test_it_works(number: str, ada: Actor, bilal: Actor, run_jobs: RunJobs) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()

    def changes() -> tuple[str, ...]:
        return get_case_file(actor=bilal, at=AT, urn=urn).changes

    assert changes() == ()
    (suspect,) = get_crime(actor=bilal, at=AT, number=number).people_with_role(LinkRole.SUSPECT)
    corrected = PersonInput(
        given_name=suspect.given_name,
        family_name=suspect.family_name,
        born_on=suspect.born_on,
        gender=suspect.gender,
        occupation="Roofer",
        address=LocationInput(address=suspect.address.address, postcode=suspect.address.postcode)
        if suspect.address
        else None,
    )
    correct_person(
        actor=bilal, at=AT, person_id=suspect.id, details=corrected, reason="He said so."
    )
    assert changes() == (f"Changed: the record of {suspect.name}",)
    submit_case_file(actor=bilal, at=AT, urn=urn)
    assert changes() == (f"Changed: the record of {suspect.name}",), (
        "what the prosecutor does not have"
    )
    witness = PersonInput(given_name="Yaw", family_name="Owusu")
    add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=witness)
    assert changes()[1:] == (
        "Added: the record of Yaw Owusu",
        "Changed: who is a victim, a witness or a suspect",
    )
    request_case_file(actor=bilal, at=AT + timedelta(hours=1), numbers=[number])
    assert changes() == (), "nothing is shown while it is being built"
    run_jobs()
    assert changes() == ()


@pytest.mark.django_db
def test_a_view_of_an_exhibit_is_no_change(number: str, bilal: Actor, run_jobs: RunJobs) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    item_id = Item.objects.get().id
    open_preview(actor=bilal, at=AT, urn=urn, item_id=item_id, kind="view").file.close()
    version = CaseFileVersion.objects.get()
    assert version.record_fingerprint == compute_record_fingerprint(
        list_crime_ids(version.case_file)
    ), "the page need not assemble the case again"
    assert get_case_file(actor=bilal, at=AT, urn=urn).changes == ()


@pytest.mark.django_db
def test_an_exhibit_found_infected_meanwhile_is_shown(
    number: str, bilal: Actor, run_jobs: RunJobs
) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    with direct_writes():
        Item.objects.update(scan_verdict="infected")
    (sentence,) = get_case_file(actor=bilal, at=AT, urn=urn).changes
    assert "AB/1 is infected" in sentence


def test_the_same_case_has_no_changes() -> None:
    assert find_changes(PACKED, CASE) == ()


def _changed(part: ChangedPart, name: str = "") -> tuple[Change, ...]:
    return (Change(kind=ChangeKind.CHANGED, part=part, name=name),)


def test_each_part_is_compared() -> None:
    crime, statement, exhibit = CASE.crimes[0], CASE.statements[0], CASE.exhibits[0]
    assert find_changes(PACKED, replace(CASE, crimes=())) == (
        Change(kind=ChangeKind.REMOVED, part=ChangedPart.CRIME, name=crime.number),
    )
    other_text = replace(CASE, statements=(replace(statement, text="Other text."),))
    assert find_changes(PACKED, other_text) == _changed(ChangedPart.STATEMENT, statement.maker_name)
    assert find_changes(PACKED, replace(CASE, statements=(replace(statement, back=None),))) == ()
    other_description = replace(CASE, exhibits=(replace(exhibit, description="A door"),))
    assert find_changes(PACKED, other_description) == _changed(
        ChangedPart.EXHIBIT, exhibit.reference
    )
    without_additions = replace(exhibit, continuity=(), previews=())
    assert find_changes(PACKED, replace(CASE, exhibits=(without_additions,))) == ()
    assert find_changes(PACKED, replace(CASE, hearing=None, charges=())) == (
        *_changed(ChangedPart.CHARGES),
        *_changed(ChangedPart.HEARING),
    )
    assert find_changes(replace(PACKED, hearing=None), CASE) == (
        Change(kind=ChangeKind.ADDED, part=ChangedPart.HEARING),
    )
