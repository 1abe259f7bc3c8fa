from dataclasses import replace
from datetime import timedelta

import pytest

from bluelamp.casework.reports.commands import mark_not_crime, submit_report
from bluelamp.casework.reports.queries import queue, reporter_of, view_report
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from tests.casework.scenes import AT, ESI, TOLD, raises_refused

pytestmark = pytest.mark.django_db


def _report(hours_ago: float = 0, **changes: object) -> str:
    at = AT - timedelta(hours=hours_ago)
    told = replace(TOLD, occurred_from=None, occurred_to=None, **changes)  # type: ignore[arg-type]
    return submit_report(actor=ESI, at=at, report_id=new_id(), answers=told).reference


def test_it_works(joy: Actor) -> None:
    late, calm = _report(25), _report(1)
    urgent = _report(0.5, narrative="He had a knife and I am scared.")
    page = queue(actor=joy, at=AT)
    assert [row.reference for row in page.rows] == [urgent, late, calm]
    clocks = {row.reference: row.clock for row in page.rows}
    assert clocks[late].is_record_late
    assert clocks[calm].is_triage_late
    assert not clocks[calm].is_record_late
    assert not clocks[urgent].is_triage_late
    assert page.rows[0].person_reporting == "Esi Mensah"


def test_it_finds_by_reference_name_place_and_words(joy: Actor) -> None:
    mine = _report(given_name="María-José", family_name="O'Neil", email="m@example.com")
    _report(narrative="A bicycle went from the shed.", postcode="N1 9GU", address="1 Canal Reach")
    for q in (
        mine,
        mine.lower().replace("-", ""),
        "maria",
        "oneil",
        "windows",
        "SE15 4QL",
        "o'neil maria",
    ):
        assert [row.reference for row in queue(actor=joy, at=AT, q=q).rows] == [mine], q
    for q in ("nothing like it", "\x00", "%", "_" * 500, "\ud800"):
        queue(actor=joy, at=AT, q=q)
    assert queue(actor=joy, at=AT, page=10**9).page == 1
    assert queue(actor=joy, at=AT, page=-3, order="sideways").total == 2


def test_another_force_sees_none_and_the_public_may_not_look(femi: Actor) -> None:
    _report()
    assert queue(actor=femi, at=AT).total == 0
    with pytest.raises(NotPermitted):
        queue(actor=ESI, at=AT)


def test_not_a_crime_needs_a_reason_and_is_decided_once(joy: Actor, femi: Actor) -> None:
    reference = _report()
    assert "reason" in raises_refused(
        lambda: mark_not_crime(actor=joy, at=AT, reference=reference, reason=" ")
    )
    with pytest.raises(NotFound):
        mark_not_crime(actor=femi, at=AT, reference=reference, reason="Not ours.")
    mark_not_crime(
        actor=joy, at=AT, reference=reference, reason="A branch fell on the car in the wind."
    )
    with pytest.raises(Conflict):
        mark_not_crime(actor=joy, at=AT, reference=reference, reason="Again.")
    seen = view_report(actor=joy, at=AT, reference=reference)
    told = reporter_of(reference=reference)
    assert (seen.state, seen.decision_reason) == (
        "not-crime",
        "A branch fell on the car in the wind.",
    )
    assert told is not None
    assert (told.state, told.email) == ("not-crime", TOLD.email)
    assert OutboxEvent.objects.filter(name="ReportFoundNotCrime").count() == 1
