from dataclasses import replace
from datetime import timedelta

import pytest

from bluelamp.casework.reports.commands import mark_not_crime, submit_report
from bluelamp.casework.reports.lookups import (
    contact_for_report,
    get_next_report,
    get_report,
    get_report_reference,
    list_queue,
)
from bluelamp.casework.reports.models import Report
from bluelamp.foundation.audit.acts import NoActiveAct
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from tests.acts import within_lookup
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS, refusal_of

pytestmark = pytest.mark.django_db


def _report(hours_ago: float = 0, **changes: object) -> str:
    at = AT - timedelta(hours=hours_ago)
    answers = replace(REPORT_ANSWERS, occurred_from=None, occurred_to=None, **changes)  # type: ignore[arg-type]
    return submit_report(actor=ESI, at=at, report_id=new_id(), answers=answers).reference


def test_it_works(joy: Actor) -> None:
    late, calm = _report(25), _report(1)
    urgent = _report(0.5, narrative="He had a knife and I am scared.")
    page = list_queue(actor=joy, at=AT)
    assert [row.reference for row in page.rows] == [urgent, late, calm]
    deadlines = {row.reference: row.deadlines for row in page.rows}
    assert deadlines[late].is_record_overdue
    assert deadlines[calm].is_triage_overdue
    assert not deadlines[calm].is_record_overdue
    assert not deadlines[urgent].is_triage_overdue
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
        assert [row.reference for row in list_queue(actor=joy, at=AT, q=q).rows] == [mine], q
    for q in ("nothing like it", "\x00", "%", "_" * 500, "\ud800"):
        list_queue(actor=joy, at=AT, q=q)
    _report(narrative="They took 50% of it, *all* of it.")
    for q in ("%", "*", " . ", "- -"):
        assert list_queue(actor=joy, at=AT, q=q).total == 0, q
    assert list_queue(actor=joy, at=AT, page=10**9).page == 1
    assert list_queue(actor=joy, at=AT, page=-3, order="sideways").total == 3


def test_another_force_sees_none_and_the_public_nothing(femi: Actor) -> None:
    _report()
    assert list_queue(actor=femi, at=AT).total == 0
    with pytest.raises(NotPermitted):
        list_queue(actor=ESI, at=AT)


def test_not_a_crime_needs_a_reason_and_is_decided_once(joy: Actor, femi: Actor) -> None:
    reference = _report()
    assert "reason" in refusal_of(
        lambda: mark_not_crime(actor=joy, at=AT, reference=reference, reason=" ")
    )
    with pytest.raises(NotFound):
        mark_not_crime(actor=femi, at=AT, reference=reference, reason="Not ours.")
    mark_not_crime(
        actor=joy, at=AT, reference=reference, reason="A branch fell on the car in the wind."
    )
    with pytest.raises(Conflict):
        mark_not_crime(actor=joy, at=AT, reference=reference, reason="Again.")
    report = get_report(actor=joy, at=AT, reference=reference)
    with within_lookup(joy):
        contact = contact_for_report(actor=joy, reference=reference)
    assert (report.state, report.decision_reason) == (
        "not-crime",
        "A branch fell on the car in the wind.",
    )
    assert contact is not None
    assert (contact.state, contact.email) == ("not-crime", REPORT_ANSWERS.email)
    assert OutboxEvent.objects.filter(name="reports.found_not_crime.v1").count() == 1


def test_the_next_report_comes_after_the_one_that_was_open(joy: Actor, femi: Actor) -> None:
    late, calm = _report(25), _report(1)
    urgent = _report(0.5, narrative="He had a knife and I am scared.")

    def next_after(reference: str, actor: Actor = joy) -> str:
        return get_next_report(actor=actor, at=AT, after=reference)

    assert [next_after(""), next_after(urgent), next_after(late), next_after(calm)] == [
        urgent,
        late,
        calm,
        "",
    ]
    mark_not_crime(actor=joy, at=AT, reference=late, reason="A branch fell on the car.")
    assert (next_after(urgent), next_after(late)) == (calm, calm)
    assert next_after("nonsense") == urgent
    assert next_after(urgent, femi) == ""


def test_a_reference_is_only_for_whoever_may_see_the_report(joy: Actor, femi: Actor) -> None:
    report = Report.objects.get(reference=_report())
    assert get_report_reference(actor=joy, report_id=report.id) == report.reference
    assert get_report_reference(actor=femi, report_id=report.id) == ""
    assert get_report_reference(actor=joy, report_id=new_id()) == ""


def test_who_made_a_report_is_read_only_within_an_act(joy: Actor) -> None:
    with pytest.raises(NoActiveAct):
        contact_for_report(actor=joy, reference=_report())
