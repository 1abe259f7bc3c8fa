"""The public figures come from the dates of applications."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.commands import get_or_create_person
from bluelamp.services.firearms.lookups.performance import get_performance
from bluelamp.services.firearms.models import Application
from tests.acts import within_command
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import AT, GRACE
from tests.services.firearms.test_vetting import certificate

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 3)


def application(joy: Actor, received: date, decided: date | None, **fields: object) -> None:
    with within_command(joy):
        person = get_or_create_person(actor=joy, at=AT, details=GRACE)
    at = datetime(received.year, received.month, received.day, 12, tzinfo=UTC)
    values: dict[str, object] = {
        "force": "01",
        "reference": f"FL/{Application.objects.count()}",
        "kind": "grant",
        "certificates": "shotgun",
        "applicant": person,
        "question_set": "form-201",
        "question_set_version": 1,
        "channel": "online",
        "stage": "granted" if decided else "checks",
        "stage_since": at,
        "received_at": at,
    }
    if decided:
        moment = datetime(decided.year, decided.month, decided.day, 12, tzinfo=UTC)
        values |= {"complete_at": at, "decided_at": moment}
    with direct_writes():
        Application.objects.create(**(values | fields))


def test_it_works(joy: Actor, client: Client) -> None:
    application(joy, date(2025, 8, 1), date(2025, 12, 1))  # four months to the day
    application(joy, date(2025, 8, 1), date(2025, 12, 2))  # a day more
    application(joy, date(2023, 1, 1), date(2025, 3, 2))  # decided more than a year ago
    application(joy, date(2025, 10, 1), None)  # overdue
    application(joy, date(2026, 2, 1), None)
    application(joy, date(2025, 1, 1), None, stage="withdrawn")
    application(joy, date(2026, 2, 1), None, force="04")
    (row,) = get_performance(actor=public_actor(), on=ON).rows
    assert (row.kind, row.certificates) == ("grant", "shotgun")
    assert (row.decided, row.in_time, row.share_percent) == (2, 1, 50)
    assert (row.waiting, row.overdue) == (2, 1)
    assert row.median_days == 122


def test_certificates_that_are_extended_by_law_are_counted_apart(joy: Actor) -> None:
    with within_command(joy):
        person = get_or_create_person(actor=joy, at=AT, details=GRACE)
    with direct_writes():
        certificate(person)
        certificate(person, expires_on=date(2026, 2, 1), extended_until=date(2026, 3, 29))
        certificate(person, expires_on=date(2026, 2, 1))
        certificate(person, kind="visitor-permit", expires_on=date(2026, 6, 1))
    figures = get_performance(actor=public_actor(), on=ON)
    assert (figures.in_force, figures.extended, figures.permits) == (1, 1, 1)


def test_the_page(joy: Actor, client: Client) -> None:
    assert "There are no applications yet" in client.get("/firearms/performance/").content.decode()
    application(joy, date(2026, 8, 1), date(2026, 8, 20))
    page = client.get("/firearms/performance/").content.decode()
    assert "100%" in page
    assert "New certificate: shotgun" in page
