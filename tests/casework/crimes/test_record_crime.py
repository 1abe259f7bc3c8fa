from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.commands import (
    reclassify_crime,
    record_at_scene,
    record_crime,
    record_from_report,
)
from bluelamp.casework.crimes.lookups import get_crime, list_crimes_from_report
from bluelamp.casework.crimes.models import ClassificationChange, Crime
from bluelamp.casework.crimes.rules import NewCrime, SceneCrime
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.lookups import get_report
from bluelamp.casework.reports.rules import report_subject
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import LocationInput, PersonInput
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, make_scene_crime, refusal_of
from tests.device_keys import lease_to_phone
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
DEVICE = UUID(int=1)
SHA = "a" * 64


def _report(**changes: object) -> tuple[str, UUID]:
    report_id = new_id()
    photo = b"\xff\xd8\xff\xe0photo"
    item = receive_item(
        actor=ESI, at=AT, subject=report_subject(report_id), filename="a.jpg", source=photo
    )
    answers = replace(REPORT_ANSWERS, **changes)  # type: ignore[arg-type]
    done = submit_report(actor=ESI, at=AT, report_id=report_id, answers=answers, item_ids=[item.id])
    return done.reference, item.id


def _scene(ada: Actor, **changes: object) -> SceneCrime:
    lease = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=5)[0]
    return make_scene_crime(
        number=lease.numbers[0], lease_id=lease.lease_id, device_id=DEVICE, **changes
    )


def test_it_works(joy: Actor) -> None:
    """One action records a crime from a report: nobody types again what Esi typed."""
    reference, item_id = _report()
    at = AT + timedelta(minutes=40)
    done = record_from_report(
        actor=joy, at=at, reference=reference, offence_code=DAMAGE, note="As told."
    )
    crime = get_crime(actor=joy, at=at, number=done.number)
    assert done.number == "01/0000001/26"
    assert (crime.offence_code, crime.hocr_class, crime.ho_code) == ("CD71039", "58C", "149/00")
    assert (crime.summary, crime.occurred_from) == (
        REPORT_ANSWERS.narrative,
        REPORT_ANSWERS.occurred_from,
    )
    assert (crime.reported_at, crime.recorded_at) == (AT, at)
    assert crime.report_reference == reference
    assert [person.name for person in crime.people_with_role("victim")] == ["Esi Mensah"]
    assert {linked.category for linked in crime.people if linked.role == "victim"} == {"victim"}
    assert [(vehicle.vrm, vehicle.role) for vehicle in crime.objects] == [("LB16XKW", "damaged")]
    assert crime.item_ids == (item_id,)
    assert [(change.offence_code, change.reason) for change in crime.classifications] == [
        ("CD71039", "As told.")
    ]
    assert get_report(actor=joy, at=at, reference=reference).state == "recorded"
    assert OutboxEvent.objects.get(name="crimes.recorded.v1").payload["number"] == done.number
    report_id = crime.report_id
    assert report_id is not None
    (progress,) = list_crimes_from_report(actor=joy, at=at, report_id=report_id)
    assert (progress.number, progress.state) == (done.number, "recorded")


def test_a_report_is_recorded_once(joy: Actor, femi: Actor) -> None:
    reference, _ = _report()
    assert "offence_code" in refusal_of(
        lambda: record_from_report(actor=joy, at=AT, reference=reference, offence_code="NONSENSE")
    )
    with pytest.raises(NotFound):
        record_from_report(actor=femi, at=AT, reference=reference, offence_code=DAMAGE)
    with pytest.raises(NotPermitted):
        record_from_report(actor=ESI, at=AT, reference=reference, offence_code=DAMAGE)
    record_from_report(actor=joy, at=AT, reference=reference, offence_code=DAMAGE)
    with pytest.raises(Conflict):
        record_from_report(actor=joy, at=AT, reference=reference, offence_code=DAMAGE)
    assert Crime.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("witness", {"witness", "person-reporting"}),
        ("on-behalf", {"on-behalf", "person-reporting"}),
        ("business", {"victim", "person-reporting"}),
    ],
)
def test_the_person_reporting_gets_the_role_they_chose(
    joy: Actor, role: str, expected: set[str]
) -> None:
    reference, _ = _report(role=role)
    done = record_from_report(actor=joy, at=AT, reference=reference, offence_code=DAMAGE)
    assert {
        linked.role for linked in get_crime(actor=joy, at=AT, number=done.number).people
    } == expected


def test_a_capture_sent_twice_changes_nothing_and_other_bytes_are_refused(
    ada: Actor, femi: Actor
) -> None:
    scene = _scene(ada, device_at=AT - timedelta(days=365 * 9))
    first = record_at_scene(actor=ada, at=AT, capture=scene, sha256=SHA)
    second = record_at_scene(actor=ada, at=AT + timedelta(days=1), capture=scene, sha256=SHA)
    assert (first.number, first.is_new, second.number, second.is_new) == (
        scene.number,
        True,
        scene.number,
        False,
    )
    with pytest.raises(Conflict):
        record_at_scene(actor=ada, at=AT, capture=replace(scene, summary="Other."), sha256="b" * 64)
    with pytest.raises(NotFound):
        record_at_scene(actor=femi, at=AT, capture=scene, sha256=SHA)
    crime = Crime.objects.get()
    assert (crime.device_at, crime.recorded_at) == (scene.device_at, AT)
    assert Person.objects.get().id == scene.victim_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offence_code": "\x00"}, "offence_code"),
        ({"summary": " "}, "summary"),
        ({"summary": "a\x00b"}, "summary"),
        ({"occurred_to": AT - timedelta(days=9)}, "occurred_to"),
        ({"victim": PersonInput()}, "family_name"),
        ({"victim": PersonInput(given_name="x" * 121)}, "given_name"),
        ({"location": LocationInput(latitude=999.0, longitude=0.0)}, "latitude"),
        ({"location": LocationInput(address="x" * 401)}, "address"),
    ],
)
def test_a_refused_capture_leaves_its_number_unused(
    ada: Actor, changes: dict[str, object], field: str
) -> None:
    scene = _scene(ada)
    wrong = replace(scene, **changes)  # type: ignore[arg-type]
    assert field in refusal_of(lambda: record_at_scene(actor=ada, at=AT, capture=wrong, sha256=SHA))
    assert not Person.objects.exists()
    assert record_at_scene(actor=ada, at=AT, capture=scene, sha256=SHA).number == scene.number


def test_a_related_number_links_and_an_unknown_one_is_ignored(
    ada: Actor,
) -> None:
    first = record_at_scene(
        actor=ada, at=AT, capture=_scene(ada, related_number="01/7777777/26"), sha256=SHA
    )
    second = record_at_scene(
        actor=ada, at=AT, capture=_scene(ada, related_number=first.number), sha256=SHA
    )
    crime = get_crime(actor=ada, at=AT, number=second.number)
    assert [linked.number for linked in crime.linked] == [first.number]


def test_reclassifying_keeps_the_history(ada: Actor, bilal: Actor, femi: Actor) -> None:
    crime = NewCrime(offence_code=DAMAGE, summary="A window was broken.")
    number = record_crime(actor=ada, at=AT, crime=crime).number
    with pytest.raises(NotPermitted):
        reclassify_crime(
            actor=ada, at=AT, number=number, offence_code="CD71041/58C", reason="A fire was lit."
        )
    with pytest.raises(NotFound):
        reclassify_crime(
            actor=femi, at=AT, number=number, offence_code="CD71041/58C", reason="A fire was lit."
        )
    for code, why, field in (
        (DAMAGE, "Same.", "offence_code"),
        ("X", "?", "offence_code"),
        ("CD71041/58C", "", "reason"),
    ):
        refused = refusal_of(
            lambda c=code, w=why: reclassify_crime(
                actor=bilal, at=AT, number=number, offence_code=c, reason=w
            )
        )
        assert field in refused
    reclassify_crime(
        actor=bilal, at=AT, number=number, offence_code="CD71041/58C", reason="A fire was lit."
    )
    crime = get_crime(actor=ada, at=AT, number=number)
    assert crime.offence_code == "CD71041"
    assert [(change.offence_code, change.reason) for change in crime.classifications] == [
        ("CD71039", ""),
        ("CD71041", "A fire was lit."),
    ]
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        ClassificationChange.objects.update(reason="Nothing happened.")


def test_another_force_finds_no_crime_and_the_attempt_is_audited(ada: Actor, femi: Actor) -> None:
    crime = NewCrime(offence_code=DAMAGE, summary="A window was broken.")
    number = record_crime(actor=ada, at=AT, crime=crime).number
    for typed_number in (number, "nonsense", "", "01/0000000/26", "\x00"):
        with pytest.raises(NotFound):
            get_crime(actor=femi, at=AT, number=typed_number)
    attempts = AuditEntry.objects.filter(act="crime.viewed", actor_name=femi.name)
    assert attempts.filter(result="not found", ref__contains=number).count() == 1
