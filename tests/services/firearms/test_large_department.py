"""Pages stay quick among years of applications: they read an index, and a few queries."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.lookups import QueueFilter, list_queue
from bluelamp.services.firearms.lookups.expiring import list_expiring_certificates
from bluelamp.services.firearms.lookups.performance import get_performance
from bluelamp.services.firearms.lookups.progress import get_confirmation, measure_stages
from bluelamp.services.firearms.lookups.vetting import list_vetting_tasks
from bluelamp.services.firearms.models import (
    Application,
    Certificate,
    Gun,
    StageEntry,
    VettingTask,
)
from tests.direct_writes import direct_writes
from tests.query_plans import analyze, assert_not_read_whole, count_queries
from tests.services.firearms.licensing import AT, nell, receive
from tests.services.firearms.test_vetting import certificate, holder

__all__ = ["holder"]

pytestmark = pytest.mark.django_db
PUBLIC = public_actor()
COUNT = 4_000


def old_application(person: Person, number: int) -> Application:
    """Return an application that was issued between two and twelve years ago."""
    at = datetime(2024, 1, 1, 12, tzinfo=UTC) - timedelta(days=number)
    return Application(
        force="01",
        reference=f"FL/01/{number:07}/14",
        kind="grant",
        certificates="shotgun",
        applicant=person,
        question_set="form-201",
        question_set_version=1,
        channel="paper",
        stage="issued",
        stage_since=at,
        received_at=at,
        complete_at=at,
        decided_at=at,
        issued_at=at,
    )


@pytest.fixture
def department(holder: Person) -> None:
    """Years of applications, each with a stage, a certificate and a vetting task; one is open."""
    receive()
    with direct_writes():
        applications = Application.objects.bulk_create(
            old_application(holder, number) for number in range(COUNT)
        )
        StageEntry.objects.bulk_create(
            StageEntry(application=row, stage="issued", began_at=row.stage_since, by_name="Nell")
            for row in applications
        )
        Certificate.objects.bulk_create(
            Certificate(
                force="01",
                number=f"01-S-{number:07}-14",
                kind="shotgun",
                holder=holder,
                valid_from=date(2014, 1, 1),
                expires_on=date(2030, 1, 1) + timedelta(days=number),
                issued_on=date(2014, 1, 1),
                issued_at=AT,
                issued_by_name="Nell",
                public_code=str(new_id()),
            )
            for number in range(COUNT)
        )
        VettingTask.objects.bulk_create(
            VettingTask(
                force="01",
                holder=holder,
                record_kind="report",
                record_id=new_id(),
                record_reference=f"BL-{number}",
                reasons=["person"],
                is_near=False,
                raised_at=AT,
                closed_at=AT + timedelta(minutes=number),
            )
            for number in range(COUNT)
        )
    analyze(*(f"firearms_{name}" for name in TABLES))


TABLES = ("application", "stageentry", "certificate", "vettingtask")
STAFF_PAGES: dict[str, tuple[str, Callable[..., object]]] = {
    f"the queue {filters}": (
        "firearms_application",
        partial(list_queue, at=AT, filters=filters, page=2),
    )
    for filters in (
        QueueFilter(),
        QueueFilter(sort="newest"),
        QueueFilter(sort="stage-oldest"),
        QueueFilter(stage="complete", sort="stage-oldest"),
        QueueFilter(risk="high"),
    )
} | {
    "certificates that end soon": (
        "firearms_certificate",
        partial(list_expiring_certificates, at=AT, page=2),
    ),
    "vetting tasks": (
        "firearms_vettingtask",
        partial(list_vetting_tasks, at=AT),
    ),
}


def test_it_works(department: None) -> None:
    """The public pages."""
    assert_not_read_whole(
        lambda: get_performance(actor=PUBLIC, on=AT.date()), "firearms_application"
    )
    figures = get_performance(actor=PUBLIC, on=AT.date())
    assert (figures.rows[0].waiting, figures.in_force) == (1, COUNT + 1)
    assert_not_read_whole(lambda: measure_stages(actor=PUBLIC, at=AT), "firearms_stageentry")


def test_lists_at_the_desk(department: None) -> None:
    """All in one department: to make one takes a processor for two seconds."""
    actor = nell()
    for name, (table, read) in STAFF_PAGES.items():
        print(name)  # shown where the next line fails
        assert_not_read_whole(partial(read, actor=actor), table)


def test_a_holder_of_many_certificates_costs_no_more_queries(holder: Person) -> None:
    application_id = Application.objects.get(reference=receive()).id
    with direct_writes():
        Application.objects.update(applicant=holder)

    def read() -> object:
        return get_confirmation(actor=PUBLIC, at=AT, application_id=application_id)

    before = count_queries(read)
    with direct_writes():
        for number in range(9):
            certificate(holder, number=f"01-S-{number:07}-26")
        for row in Certificate.objects.all():
            Gun.objects.create(
                certificate=row,
                status="held",
                type="shotgun",
                make="Beretta",
                model="686",
                calibre="12",
                serial_number="S 99",
            )
    assert count_queries(read) <= before + 1
    progress = get_confirmation(actor=PUBLIC, at=AT, application_id=application_id)
    assert [len(row.guns) for row in progress.own_certificates] == [1] * 10
