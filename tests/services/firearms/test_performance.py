"""The public figures come from the dates of applications."""

import calendar
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
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


def test_the_last_day_of_four_months_counts_to_its_end(joy: Actor) -> None:
    application(
        joy,
        date(2025, 8, 1),
        date(2025, 12, 1),
        received_at=datetime(2025, 8, 1, 8, tzinfo=UTC),
        complete_at=datetime(2025, 8, 1, 8, tzinfo=UTC),
        decided_at=datetime(2025, 12, 1, 17, tzinfo=UTC),
    )
    (row,) = get_performance(actor=public_actor(), on=ON).rows
    assert (row.decided, row.in_time) == (1, 1)


def test_the_figures_are_those_that_counting_by_hand_gives(joy: Actor) -> None:
    """120 applications at every time of day, across both changes of the clocks."""
    chance = random.Random(20260303)
    start = datetime(2024, 9, 1, tzinfo=UTC)
    moments: list[tuple[str, str, datetime, datetime | None]] = []
    for _number in range(120):
        received_at = start + timedelta(minutes=chance.randrange(540 * 24 * 60))
        # Most near four months, where a mistake of an hour shows.
        waited = timedelta(minutes=chance.choice([chance.randrange(300), 0]) * 24 * 60)
        waited = waited or timedelta(days=chance.choice([120, 121, 122, 123, 124]))
        decided_at = received_at + waited + timedelta(minutes=chance.randrange(24 * 60))
        is_decided = decided_at < datetime(2026, 3, 3, 12, tzinfo=UTC)
        kind = chance.choice(["grant", "renewal"])
        moments.append((kind, "shotgun", received_at, decided_at if is_decided else None))
    for kind, certificates, received_at, decided in moments:
        application(
            joy,
            received_at.date(),
            decided.date() if decided else None,
            kind=kind,
            certificates=certificates,
            received_at=received_at,
            stage_since=received_at,
            complete_at=received_at if decided else None,
            decided_at=decided,
        )
    rows = get_performance(actor=public_actor(), on=ON).rows
    assert [row.kind for row in rows] == ["grant", "renewal"]
    for row in rows:
        own = [moment for moment in moments if moment[0] == row.kind]
        assert (row.decided, row.in_time, row.waiting, row.overdue) == count_by_hand(own)


def count_by_hand(
    moments: list[tuple[str, str, datetime, datetime | None]],
) -> tuple[int, int, int, int]:
    days = [
        (london_date(received), london_date(decided) if decided else None)
        for _kind, _certificates, received, decided in moments
    ]
    decided_days = [(first, last) for first, last in days if last and last >= date(2025, 3, 3)]
    in_time = [1 for first, last in decided_days if last <= add_four_months(first)]
    waiting = [first for first, last in days if last is None]
    overdue = [first for first in waiting if add_four_months(first) < ON]
    return len(decided_days), len(in_time), len(waiting), len(overdue)


def add_four_months(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + 4, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


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
