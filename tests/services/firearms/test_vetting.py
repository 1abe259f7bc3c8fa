"""A new record names the holder of a certificate: a task is raised, and somebody decides it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from bluelamp.casework.crimes.commands import add_person, record_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import name_suspect
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.commands import get_or_create_location, get_or_create_person
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms.commands import decide_vetting_task, vet_records
from bluelamp.services.firearms.lookups.vetting import get_vetting_task, list_vetting_tasks
from bluelamp.services.firearms.models import Certificate, VettingTask
from bluelamp.services.firearms.rules.matching import VettingRecord, is_near
from tests.acts import within_command
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import AT, GRACE, ike, nell

pytestmark = pytest.mark.django_db
merge_open_tasks = import_module(
    "bluelamp.services.firearms.migrations.0013_large_department"
).merge_open_tasks
FARM = LocationInput(address="14 Choumert Road, Peckham", postcode="SE15 4AA")


@pytest.fixture
def holder(joy: Actor) -> Person:
    """Grace, who has a shotgun certificate in force."""
    with within_command(joy):
        person = get_or_create_person(actor=joy, at=AT, details=GRACE)
    with direct_writes():
        certificate(person)
    return person


def certificate(person: Person, **fields: object) -> None:
    values = {
        "force": "01",
        "number": f"SG-{new_id().hex[-16:]}",
        "kind": "shotgun",
        "valid_from": date(2025, 1, 1),
        "expires_on": date(2029, 12, 31),
        "issued_on": date(2025, 1, 1),
        "issued_at": AT,
        "issued_by_name": "Nell",
        "public_code": str(new_id()),
        "holder": person,
    }
    Certificate.objects.create(**(values | fields))


def crime(joy: Actor, *victims: PersonInput, location: LocationInput | None = None) -> str:
    """Record a crime; return its number."""
    new = NewCrime(
        offence_code="CD71037",
        summary="A window was broken",
        victims=victims,
        location=location,
        crime_id=new_id(),
    )
    return record_crime(actor=joy, at=AT, crime=new).number


def somebody(**fields: object) -> PersonInput:
    return PersonInput(**({"given_name": "Oscar", "family_name": "Nwosu"} | fields))  # type: ignore[arg-type]


def tasks() -> list[tuple[str, list[str], bool]]:
    rows = VettingTask.objects.order_by("raised_at", "id")
    return [(row.record_reference, row.reasons, row.is_near) for row in rows]


def test_it_works(joy: Actor, holder: Person, run_jobs: Callable[[], int]) -> None:
    number = crime(joy, GRACE, location=LocationInput(address="Elsewhere", postcode="E8 1EA"))
    run_jobs()
    assert tasks() == [(number, ["person"], False)]
    before = list(Certificate.objects.values())
    (row,) = list_vetting_tasks(actor=ike(), at=AT).rows
    assert (row.holder, row.record_reference) == ("Grace Holloway", number)
    decide_vetting_task(
        actor=ike(), at=AT, task_id=row.id, decision="no-concern", reason="She is the victim"
    )
    detail = get_vetting_task(actor=ike(), at=AT, task_id=row.id)
    assert (detail.decision, detail.decision_reason) == ("no-concern", "She is the victim")
    assert len(detail.certificates) == 1
    assert list_vetting_tasks(actor=ike(), at=AT).total == 0
    assert list_vetting_tasks(actor=ike(), at=AT, is_open=False).total == 1
    # Neither raising nor deciding changes a certificate.
    assert list(Certificate.objects.values()) == before


@pytest.mark.parametrize(
    ("details", "reasons"),
    [
        (replace(GRACE, email="other@example.com", address=None), ["same-details"]),
        (
            somebody(given_name="Gracie", family_name="Holloway", born_on=GRACE.born_on),
            ["similar-name"],
        ),
        (
            somebody(given_name="Grace", family_name="Holloway", phone="07700 900 555"),
            ["same-name"],
        ),
        (somebody(email=GRACE.email), ["same-email"]),
        (somebody(address=FARM), ["household"]),
        (somebody(born_on=GRACE.born_on), []),
        (somebody(given_name="Grace", family_name="Holloway", born_on=date(1951, 1, 1)), []),
        (somebody(), []),
    ],
)
def test_who_is_matched_and_why(
    joy: Actor,
    holder: Person,
    run_jobs: Callable[[], int],
    details: PersonInput,
    reasons: list[str],
) -> None:
    number = crime(joy, details)
    run_jobs()
    assert tasks() == ([(number, reasons, is_near(reasons))] if reasons else [])


def test_what_happens_at_their_address_is_matched(
    joy: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    number = crime(joy, somebody(), location=FARM)
    run_jobs()
    assert tasks() == [(number, ["address"], False)]


def test_a_suspect_or_witness_who_is_added_later_is_matched(
    joy: Actor, bilal: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    number = crime(joy, somebody())
    run_jobs()
    assert tasks() == []
    name_suspect(actor=bilal, at=AT, number=number, details=GRACE, reason="Seen there")
    run_jobs()
    assert tasks() == [(number, ["person"], False)]
    add_person(actor=joy, at=AT, number=number, role="witness", details=somebody(address=FARM))
    run_jobs()
    # Another reason while the task is open belongs to it.
    assert tasks() == [(number, ["household", "person"], False)]


def test_another_reason_after_the_decision_is_another_task(
    joy: Actor, bilal: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    number = crime(joy, somebody(email=GRACE.email))
    run_jobs()
    task = VettingTask.objects.get()
    decide_vetting_task(
        actor=ike(), at=AT, task_id=task.id, decision="not-the-holder", reason="A shared address"
    )
    vet_again(task)
    assert VettingTask.objects.count() == 1
    name_suspect(actor=bilal, at=AT, number=number, details=GRACE, reason="Seen there")
    run_jobs()
    vet_again(task)
    # The decision was about less than we know now, and stays as it is.
    assert tasks() == [
        (number, ["same-email"], True),
        (number, ["person", "same-email"], False),
    ]
    assert VettingTask.objects.filter(closed_at=None).count() == 1


def vet_again(task: VettingTask) -> int:
    record = VettingRecord("crime", task.record_id, task.record_reference)
    vetting = Actor.system("continuous vetting", permissions={"firearms.vet"})
    return vet_records(actor=vetting, at=AT, records=[record])


def test_the_database_refuses_a_second_open_task(
    joy: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    crime(joy, GRACE)
    run_jobs()
    task = VettingTask.objects.get()
    task.pk, task._state.adding = new_id(), True
    task.reasons = ["address"]
    with direct_writes(), pytest.raises(IntegrityError), transaction.atomic():
        task.save(force_insert=True)


def test_open_tasks_of_the_release_before_become_one(
    joy: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    crime(joy, GRACE)
    run_jobs()
    task = VettingTask.objects.get()
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_open_task_for_a_match")
        task.reasons = ["same-email"]
        task.is_near = True
        task.save()
        task.pk, task._state.adding = new_id(), True
        task.reasons, task.is_near = ["person"], False
        raised_at, task.raised_at = task.raised_at, task.raised_at + timedelta(hours=1)
        task.save(force_insert=True)
        merge_open_tasks(apps, None)
    (merged,) = VettingTask.objects.all()
    assert (merged.reasons, merged.is_near) == (["person", "same-email"], False)
    assert merged.raised_at == raised_at


def test_twice_is_one_task(joy: Actor, holder: Person, run_jobs: Callable[[], int]) -> None:
    crime(joy, GRACE)
    run_jobs()
    task = VettingTask.objects.get()
    assert vet_again(task) == 1
    assert VettingTask.objects.count() == 1
    vetting = Actor.system("continuous vetting", permissions={"firearms.vet"})
    assert vet_records(actor=vetting, at=AT, records=[]) == 0


@pytest.mark.parametrize("state", ["revoked", "surrendered", "seized", "replaced"])
def test_a_certificate_that_ended_raises_nothing(
    joy: Actor, run_jobs: Callable[[], int], state: str
) -> None:
    with within_command(joy):
        person = get_or_create_person(actor=joy, at=AT, details=GRACE)
    with direct_writes():
        certificate(person, state=state, ended_on=date(2026, 1, 1))
    crime(joy, GRACE, location=FARM)
    run_jobs()
    assert tasks() == []


def test_a_decision_needs_a_reason_and_is_made_once(
    joy: Actor, femi: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    crime(joy, GRACE)
    run_jobs()
    task_id = VettingTask.objects.get().id

    def decide(actor: Actor, decision: str = "watch", reason: str = "It may come again") -> None:
        decide_vetting_task(actor=actor, at=AT, task_id=task_id, decision=decision, reason=reason)

    with pytest.raises(Refused) as refusal:
        decide(ike(), "", " ")
    assert set(refusal.value.errors) == {"decision", "reason"}
    with pytest.raises(NotPermitted):
        decide(joy)
    with pytest.raises(NotFound):
        decide(replace(ike(), force=femi.force))
    decide(ike())
    with pytest.raises(Conflict):
        decide(ike())
    with pytest.raises(NotPermitted):
        list_vetting_tasks(actor=joy, at=AT)
    assert list_vetting_tasks(actor=nell(), at=AT, is_open=False).total == 1


def test_another_forces_people_are_not_matched(
    joy: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    vetting = Actor.system("continuous vetting", force="04", permissions={"firearms.vet"})
    crime(joy, GRACE)
    task_less: list[UUID] = []
    run_jobs()
    row = VettingTask.objects.get()
    task_less.append(row.record_id)
    record = VettingRecord("crime", row.record_id, row.record_reference)
    assert vet_records(actor=vetting, at=AT, records=[record]) == 0
    with within_command(joy):
        assert get_or_create_location(actor=joy, details=FARM) is not None
