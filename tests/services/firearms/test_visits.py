"""Visits: who waits for one, planned for a day and an officer, and the files that come of them."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest

from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.models import Check
from tests.services.firearms.licensing import AT, ike, nell, receive

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)
DAY = date(2026, 3, 10)


@pytest.fixture
def references(reference: None) -> list[str]:
    """Two applications that wait for a visit, in two areas."""
    first = receive()
    second = receive(
        at=AT - timedelta(days=30),
        applicant=PersonInput(
            given_name="Tom",
            family_name="Reid",
            address=LocationInput(address="3 Rye Lane", postcode="SE5 8TR"),
        ),
    )
    for reference_ in (first, second):
        commands.take_on(actor=ike(), at=AT + timedelta(days=1), reference=reference_)
    return [first, second]


def plan(references: list[str], **changes: Any) -> None:
    """Plan a round of Ike's."""
    details: dict[str, Any] = {
        "actor": ike(),
        "at": LATER,
        "references": references,
        "day": DAY,
        "start": time(9),
        "minutes": 90,
        "officer_id": ike().id,
        **changes,
    }
    commands.plan_visits(**details)


def test_it_works(references: list[str]) -> None:
    officer = ike()
    page = lookups.list_visits(actor=officer, at=LATER)
    assert [row.area for row in page.rows] == ["SE15", "SE5"]
    assert page.areas == (("SE15", 1), ("SE5", 1))
    assert all(row.easting for row in page.rows)
    one_area = lookups.list_visits(actor=officer, at=LATER, area="se5")
    assert [row.reference for row in one_area.rows] == [references[1]]
    plan(list(reversed(references)))
    day = lookups.list_visits_of_day(actor=officer, at=LATER, day=DAY, officer_id=officer.id)
    assert [(row.reference, row.planned_at) for row in day] == [
        (references[1], datetime(2026, 3, 10, 9, tzinfo=LONDON)),
        (references[0], datetime(2026, 3, 10, 10, 30, tzinfo=LONDON)),
    ]
    own = lookups.list_own_visits(actor=officer, at=LATER)
    assert {row.planned_for for row in own} == {day[0].planned_for}
    assert len(own) == 2
    assert lookups.list_own_visits(actor=officer, at=LATER + timedelta(days=30)) == ()


def test_a_visit_that_is_recorded_leaves_the_list(references: list[str]) -> None:
    plan(references)
    commands.record_check(
        actor=ike(),
        at=LATER,
        reference=references[0],
        kind="visit",
        result="satisfactory",
        evidence="Cabinet seen",
        reason="Secure",
    )
    day = lookups.list_visits_of_day(actor=ike(), at=LATER, day=DAY)
    assert [row.reference for row in day] == [references[1]]
    with pytest.raises(Conflict):
        plan(references)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"references": []}, "references"),
        ({"day": None}, "day"),
        ({"day": date(2026, 3, 1)}, "day"),
        ({"start": None}, "start"),
        ({"minutes": 5}, "minutes"),
        ({"officer_id": None}, "officer"),
    ],
)
def test_what_is_wrong_is_said(references: list[str], changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(**{"references": references, **changes})
    assert set(refused.value.errors) == {field}
    assert not Check.objects.filter(planned_at__isnull=False).exists()


def test_the_manager_makes_no_visits(references: list[str]) -> None:
    with pytest.raises(Refused):
        plan(references, officer_id=nell().id)
    with pytest.raises(NotPermitted):
        lookups.list_visits(actor=nell(), at=LATER)


def test_an_area_that_is_too_long(references: list[str]) -> None:
    """The list and the number above it take the same part of it."""
    page = lookups.list_visits(actor=ike(), at=LATER, area="se15 1aa")
    assert (len(page.rows), page.total) == (1, 1)


def test_a_visit_planned_on_the_page_of_its_application(references: list[str]) -> None:
    """It is for whoever planned it, unless it was for somebody before."""
    planned_at = datetime(2026, 3, 11, 9, tzinfo=LONDON)
    commands.plan_visit(actor=ike(), at=LATER, reference=references[0], planned_at=planned_at)
    (row,) = lookups.list_own_visits(actor=ike(), at=LATER)
    assert (row.reference, row.planned_at) == (references[0], planned_at)


def test_photos_of_the_visit(references: list[str]) -> None:
    photo = commands.Scan("cabinet.pdf", BytesIO(b"%PDF-1.7\ncabinet"), "application/pdf")
    officer = ike()
    commands.add_application_files(
        actor=officer, at=LATER, reference=references[0], files=[photo], note="Cabinet"
    )
    files = lookups.list_application_files(actor=officer, at=LATER, reference=references[0])
    assert [file.filename for file in files] == ["cabinet.pdf"]
    with pytest.raises(Refused):
        commands.add_application_files(
            actor=officer, at=LATER, reference=references[0], files=[], note="Cabinet"
        )
