from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.commands import (
    lease_numbers,
    reclassify,
    record_at_scene,
    record_crime,
    record_from_report,
)
from bluelamp.casework.crimes.models import ClassificationChange, Crime
from bluelamp.casework.crimes.queries import progress_of_report, view_crime
from bluelamp.casework.crimes.rules import SceneCrime
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.queries import view_report
from bluelamp.casework.reports.rules import item_purpose
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.evidence.commands import take_in
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonDetails, PlaceDetails
from tests.casework.scenes import AT, DAMAGE, ESI, TOLD, capture, raises_refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
DEVICE = UUID(int=1)
SHA = "a" * 64


def _report(**changes: object) -> tuple[str, UUID]:
    report_id = new_id()
    photo = b"\xff\xd8\xff\xe0photo"
    item = take_in(
        actor=ESI, at=AT, purpose=item_purpose(report_id), filename="a.jpg", source=photo
    )
    told = replace(TOLD, **changes)  # type: ignore[arg-type]
    done = submit_report(actor=ESI, at=AT, report_id=report_id, answers=told, item_ids=[item.id])
    return done.reference, item.id


def _scene(ada: Actor, **changes: object) -> SceneCrime:
    lease = lease_numbers(actor=ada, at=AT, device_id=DEVICE, want=5)[0]
    return capture(number=lease.numbers[0], lease_id=lease.lease_id, device_id=DEVICE, **changes)


def test_it_works(joy: Actor) -> None:
    """Recording from a report is one action: nothing that Esi typed is typed again."""
    reference, item_id = _report()
    at = AT + timedelta(minutes=40)
    done = record_from_report(
        actor=joy, at=at, reference=reference, offence_code=DAMAGE, note="As told."
    )
    seen = view_crime(actor=joy, at=at, number=done.number)
    assert done.number == "01/0000001/26"
    assert (seen.offence_code, seen.hocr_class, seen.ho_code) == ("CD71039", "58C", "149/00")
    assert (seen.summary, seen.occurred_from) == (TOLD.narrative, TOLD.occurred_from)
    assert (seen.reported_at, seen.recorded_at) == (AT, at)
    assert seen.report_reference == reference
    assert [person.name for person in seen.with_role("victim")] == ["Esi Mensah"]
    assert {each.category for each in seen.people if each.role == "victim"} == {"victim"}
    assert [(each.vrm, each.role) for each in seen.objects] == [("LB16XKW", "damaged")]
    assert seen.item_ids == (item_id,)
    assert [(each.offence_code, each.why) for each in seen.classifications] == [
        ("CD71039", "As told.")
    ]
    assert view_report(actor=joy, at=at, reference=reference).state == "recorded"
    assert OutboxEvent.objects.get(name="CrimeRecorded").payload["number"] == done.number
    report_id = seen.report_id
    assert report_id is not None
    assert [each.number for each in progress_of_report(report_id=report_id)] == [done.number]


def test_a_report_is_recorded_once(joy: Actor, femi: Actor) -> None:
    reference, _ = _report()
    assert "offence_code" in raises_refused(
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
def test_the_person_reporting_is_what_they_said_they_were(
    joy: Actor, role: str, expected: set[str]
) -> None:
    reference, _ = _report(role=role)
    done = record_from_report(actor=joy, at=AT, reference=reference, offence_code=DAMAGE)
    assert {
        each.role for each in view_crime(actor=joy, at=AT, number=done.number).people
    } == expected


def test_a_capture_sent_twice_changes_nothing_and_other_bytes_are_refused(
    ada: Actor, femi: Actor
) -> None:
    made = _scene(ada, device_at=AT - timedelta(days=365 * 9))
    first = record_at_scene(actor=ada, at=AT, capture=made, sha256=SHA)
    second = record_at_scene(actor=ada, at=AT + timedelta(days=1), capture=made, sha256=SHA)
    assert (first.number, first.is_new, second.number, second.is_new) == (
        made.number,
        True,
        made.number,
        False,
    )
    with pytest.raises(Conflict):
        record_at_scene(actor=ada, at=AT, capture=replace(made, summary="Other."), sha256="b" * 64)
    with pytest.raises(NotFound):
        record_at_scene(actor=femi, at=AT, capture=made, sha256=SHA)
    crime = Crime.objects.get()
    assert (crime.device_at, crime.recorded_at) == (made.device_at, AT)
    assert Person.objects.get().id == made.victim_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offence_code": "\x00"}, "offence_code"),
        ({"summary": " "}, "summary"),
        ({"summary": "a\x00b"}, "summary"),
        ({"occurred_to": AT - timedelta(days=9)}, "occurred_to"),
        ({"victim": PersonDetails()}, "family_name"),
        ({"victim": PersonDetails(given_name="x" * 121)}, "given_name"),
        ({"location": PlaceDetails(latitude=999.0, longitude=0.0)}, "latitude"),
        ({"location": PlaceDetails(address="x" * 401)}, "address"),
    ],
)
def test_a_refused_capture_leaves_its_number_unused(
    ada: Actor, changes: dict[str, object], field: str
) -> None:
    made = _scene(ada)
    wrong = replace(made, **changes)  # type: ignore[arg-type]
    assert field in raises_refused(
        lambda: record_at_scene(actor=ada, at=AT, capture=wrong, sha256=SHA)
    )
    assert not Person.objects.exists()
    assert record_at_scene(actor=ada, at=AT, capture=made, sha256=SHA).number == made.number


def test_a_related_number_links_and_an_unknown_one_is_no_reason_to_lose_the_capture(
    ada: Actor,
) -> None:
    first = record_at_scene(
        actor=ada, at=AT, capture=_scene(ada, related_number="01/7777777/26"), sha256=SHA
    )
    second = record_at_scene(
        actor=ada, at=AT, capture=_scene(ada, related_number=first.number), sha256=SHA
    )
    seen = view_crime(actor=ada, at=AT, number=second.number)
    assert [each.number for each in seen.linked] == [first.number]


def test_reclassifying_keeps_what_it_was(ada: Actor, bilal: Actor, femi: Actor) -> None:
    number = record_crime(
        actor=ada, at=AT, offence_code=DAMAGE, summary="A window was broken."
    ).number
    with pytest.raises(NotPermitted):
        reclassify(
            actor=ada, at=AT, number=number, offence_code="CD71041/58C", why="A fire was lit."
        )
    with pytest.raises(NotFound):
        reclassify(
            actor=femi, at=AT, number=number, offence_code="CD71041/58C", why="A fire was lit."
        )
    for code, why, field in (
        (DAMAGE, "Same.", "offence_code"),
        ("X", "?", "offence_code"),
        ("CD71041/58C", "", "why"),
    ):
        refused = raises_refused(
            lambda c=code, w=why: reclassify(
                actor=bilal, at=AT, number=number, offence_code=c, why=w
            )
        )
        assert field in refused
    reclassify(actor=bilal, at=AT, number=number, offence_code="CD71041/58C", why="A fire was lit.")
    seen = view_crime(actor=ada, at=AT, number=number)
    assert seen.offence_code == "CD71041"
    assert [(each.offence_code, each.why) for each in seen.classifications] == [
        ("CD71039", ""),
        ("CD71041", "A fire was lit."),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassificationChange.objects.update(why="Nothing happened.")


def test_another_force_gets_404_and_it_is_on_the_record(ada: Actor, femi: Actor) -> None:
    number = record_crime(
        actor=ada, at=AT, offence_code=DAMAGE, summary="A window was broken."
    ).number
    for asked in (number, "nonsense", "", "01/0000000/26", "\x00"):
        with pytest.raises(NotFound):
            view_crime(actor=femi, at=AT, number=asked)
    tried = AuditEntry.objects.filter(act="crime.viewed", actor_name=femi.name)
    assert tried.filter(result="not found", ref__contains=number).count() == 1
