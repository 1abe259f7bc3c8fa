"""A supervisor returns the record of a search, and its officer corrects it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bluelamp.casework.encounters.commands import (
    correct_encounter,
    record_at_scene,
    return_encounter,
)
from bluelamp.casework.encounters.lookups import (
    EncounterFilter,
    get_encounter,
    list_published_searches,
    list_scene_encounters,
)
from bluelamp.casework.encounters.models import Encounter, EncounterReturn
from bluelamp.casework.encounters.rules import CorrectedEncounter
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.encounters.scenes import AT, NAMED, SHA256, VALUES, make_capture
from tests.cast import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LATER = AT + timedelta(hours=3)


@pytest.fixture
def kemi(reference: None) -> Actor:
    """Kemi, a supervisor."""
    return signed_in(cast.KEMI)


@pytest.fixture
def search(ada: Actor, reference: None) -> str:
    """The reference of a stop and search of Ada's, of somebody who gave their name."""
    return record_at_scene(actor=ada, at=AT, capture=make_capture(NAMED), sha256=SHA256).reference


def correction_of(reference: str, **changes: Any) -> CorrectedEncounter:
    first = Encounter.objects.get(reference=reference)
    return CorrectedEncounter(
        encounter_id=new_id(),
        reference=reference,
        version=first.question_set_version,
        values={**VALUES, **NAMED, **changes},
        reason="I selected the wrong outcome.",
    )


def test_it_works(ada: Actor, kemi: Actor, search: str) -> None:
    return_encounter(actor=kemi, at=AT, reference=search, reason="You found a wrap on him.")
    returned = get_encounter(actor=ada, at=AT, reference=search).returned
    assert returned is not None
    assert (returned.reason, returned.returned_by_name) == ("You found a wrap on him.", kemi.name)
    filters = EncounterFilter()
    (row,) = list_scene_encounters(actor=kemi, at=AT, filters=filters).rows
    assert row.is_returned
    correction = correction_of(search, outcome="arrest", is_linked="yes")
    corrected = correct_encounter(actor=ada, at=LATER, correction=correction)
    detail = get_encounter(actor=kemi, at=LATER, reference=corrected.reference)
    assert (detail.version, detail.corrects) == (2, search)
    assert detail.correction_reason == "I selected the wrong outcome."
    assert [tuple(change) for change in detail.changes] == [
        ("Outcome", ("No further action",), ("Arrest",)),
        ("Outcome linked to the object of the search", (), ("Yes",)),
    ]
    assert detail.happened_at == Encounter.objects.get(reference=search).happened_at
    earlier = get_encounter(actor=kemi, at=LATER, reference=search)
    assert (earlier.values["outcome"], earlier.corrected_by) == ("none", corrected.reference)
    (row,) = list_scene_encounters(actor=kemi, at=LATER, filters=filters).rows
    assert (row.reference, row.is_returned) == (corrected.reference, False)
    (published,) = list_published_searches(actor=kemi, at=LATER, month=AT.date().replace(day=1))
    assert published.outcome == "arrest", "only the latest version is published"
    acts = {"encounter.returned", "encounter.corrected"}
    assert set(AuditEntry.objects.filter(act__in=acts).values_list("act", flat=True)) == acts


def test_the_same_correction_sent_twice_is_one(ada: Actor, search: str) -> None:
    correction = correction_of(search, outcome="community", is_linked="no")
    first = correct_encounter(actor=ada, at=LATER, correction=correction)
    again = correct_encounter(actor=ada, at=LATER, correction=correction)
    assert (again.reference, again.is_new) == (first.reference, False)
    assert Encounter.objects.count() == 2


def test_one_correction_follows_a_version(ada: Actor, kemi: Actor, search: str) -> None:
    correct_encounter(actor=ada, at=LATER, correction=correction_of(search))
    with pytest.raises(Conflict):
        correct_encounter(actor=ada, at=LATER, correction=correction_of(search, gender="2"))
    with pytest.raises(Conflict):
        return_encounter(actor=kemi, at=LATER, reference=search, reason="The grounds.")


def test_a_record_is_returned_once(kemi: Actor, search: str) -> None:
    return_encounter(actor=kemi, at=AT, reference=search, reason="The grounds.")
    with pytest.raises(Conflict):
        return_encounter(actor=kemi, at=AT, reference=search, reason="The outcome.")
    assert EncounterReturn.objects.count() == 1


def test_only_its_officer_corrects_it(kemi: Actor, bilal: Actor, search: str) -> None:
    for actor in (kemi, bilal):
        with pytest.raises(NotFound):
            correct_encounter(actor=actor, at=LATER, correction=correction_of(search))


def test_only_a_supervisor_of_the_force_returns_it(
    ada: Actor, femi: Actor, joy: Actor, search: str
) -> None:
    for actor in (ada, femi, joy):
        with pytest.raises((NotFound, NotPermitted)):
            return_encounter(actor=actor, at=LATER, reference=search, reason="The grounds.")


def test_it_needs_a_reason_and_right_answers(ada: Actor, kemi: Actor, search: str) -> None:
    with pytest.raises(Refused):
        return_encounter(actor=kemi, at=AT, reference=search, reason="  ")
    for wrong in (
        replace(correction_of(search), reason=" "),
        correction_of(search, outcome="no such outcome"),
        replace(correction_of(search), version=99),
    ):
        with pytest.raises(Refused):
            correct_encounter(actor=ada, at=LATER, correction=wrong)
    assert Encounter.objects.count() == 1


def test_the_reference_that_the_person_has_still_finds_it(
    ada: Actor, kemi: Actor, search: str
) -> None:
    correct_encounter(actor=ada, at=LATER, correction=correction_of(search))
    filters = EncounterFilter(officer=search)
    (row,) = list_scene_encounters(actor=kemi, at=LATER, filters=filters).rows
    assert row.reference == search


@pytest.mark.parametrize(
    ("power", "changes"),
    [
        ("poa-10", {"object": "protest-articles"}),
        ("poa-11", {"object": "protest-articles", "authority": "Insp. Adler, until 6pm"}),
        ("svro-342e", {"object": "weapons", "order": "PNC warning marker"}),
    ],
)
def test_the_newer_powers(ada: Actor, power: str, changes: dict[str, str]) -> None:
    """Public Order Act 2023 s.11 and Sentencing Act 2020 s.342E need no suspicion."""
    values = {"legislation": power, **changes}
    needs_grounds = power == "poa-10"
    if not needs_grounds:
        values["grounds"] = ""
    capture = make_capture(values)
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    assert Encounter.objects.get().stop_search.legislation == power
    without = dict.fromkeys(("grounds", "authority", "order"), "")
    with pytest.raises(Refused) as refusal:
        record_at_scene(
            actor=ada, at=AT, capture=make_capture({**values, **without}), sha256="b" * 64
        )
    expected = "grounds" if needs_grounds else "authority" if power == "poa-11" else "order"
    assert [problem.field for problem in refusal.value.problems] == [expected]
