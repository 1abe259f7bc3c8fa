from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluelamp.casework.reports.commands import SubmittedReport, submit_report
from bluelamp.casework.reports.lookups import get_report
from bluelamp.casework.reports.models import Report, ReportItem
from bluelamp.casework.reports.rules import ReportAnswers, reference_for, report_subject
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.people.models import Location, Person
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS, refusal_of
from tests.concurrency import run_concurrently
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
MAX_QUERIES = 17
PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 100


def _photo(report_id: UUID) -> UUID:
    return receive_item(
        actor=ESI, at=AT, subject=report_subject(report_id), filename="car.jpg", source=PHOTO
    ).id


def _submit(answers: ReportAnswers = REPORT_ANSWERS, **changes: object) -> SubmittedReport:
    arguments = {"actor": ESI, "at": AT, "report_id": new_id(), "answers": answers} | changes
    return submit_report(**arguments)  # type: ignore[arg-type]


def test_it_works(joy: Actor, reference: None) -> None:
    report_id = new_id()
    item_id = _photo(report_id)
    submitted = submit_report(
        actor=ESI, at=AT, report_id=report_id, answers=REPORT_ANSWERS, item_ids=[item_id]
    )
    report = get_report(actor=joy, at=AT, reference=submitted.reference.lower().replace("-", " "))
    assert submitted.is_new
    assert (report.narrative, report.item_ids, report.state) == (
        REPORT_ANSWERS.narrative,
        (item_id,),
        "new",
    )
    assert report.person_reporting.name == "Esi Mensah"
    assert report.location is not None
    assert report.location.in_one_line == "12 Acorn Parade, Peckham, SE15 4QL"
    assert report.location.easting, "a place with a postcode is put on the map"
    assert report.deadlines.record_remaining == timedelta(hours=24)
    assert (
        OutboxEvent.objects.get(name="reports.submitted.v1").payload["reference"]
        == submitted.reference
    )
    assert AuditEntry.objects.filter(act="report.submitted", ref=submitted.reference).count() == 1


def test_sent_twice_it_is_one_report() -> None:
    report_id = new_id()
    first, second = _submit(report_id=report_id), _submit(report_id=report_id)
    assert (second.reference, second.is_new) == (first.reference, False)
    assert Report.objects.count() == 1
    assert OutboxEvent.objects.filter(name="reports.submitted.v1").count() == 1
    with pytest.raises(Conflict):
        _submit(replace(REPORT_ANSWERS, narrative="Something else."), report_id=report_id)


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _submit()
    taken = [number for number in range(200) if reference_for(number)][:2]
    with direct_writes():
        Report.objects.filter(reference=first.reference).update(reference=reference_for(taken[0]))
    drawn = iter([taken[0], taken[0], taken[1]])
    monkeypatch.setattr(
        "bluelamp.casework.reports.commands.submitting.secrets.randbits", lambda _bits: next(drawn)
    )
    report_id = new_id()
    item_id = _photo(report_id)
    submitted = submit_report(
        actor=ESI, at=AT, report_id=report_id, answers=REPORT_ANSWERS, item_ids=[item_id]
    )
    assert submitted.reference == reference_for(taken[1])
    report = Report.objects.get(id=report_id)
    assert report.reference == submitted.reference
    assert list(ReportItem.objects.values_list("report_id", "item_id")) == [(report_id, item_id)]
    assert AuditEntry.objects.filter(act="report.submitted", ref=submitted.reference).count() == 1


def test_it_needs_few_queries() -> None:
    _submit()
    report_id = new_id()
    item_id = _photo(report_id)
    with CaptureQueriesContext(connection) as queries:
        submit_report(
            actor=ESI, at=AT, report_id=report_id, answers=REPORT_ANSWERS, item_ids=[item_id]
        )
    assert len(queries) <= MAX_QUERIES, [query["sql"][:80] for query in queries]
    assert not [query for query in queries if "FOR UPDATE" in query["sql"]], (
        "no report waits for another"
    )


def test_the_same_person_and_place_are_one_row() -> None:
    _submit()
    _submit(
        replace(
            REPORT_ANSWERS,
            address="12, ACORN PARADE, peckham, London",
            postcode="se154ql",
            email=REPORT_ANSWERS.email.upper(),
        )
    )
    assert (Person.objects.count(), Location.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"role": "suspect"}, "role"),
        ({"narrative": "  "}, "narrative"),
        ({"narrative": "x" * 4001}, "narrative"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"family_name": "\ud800"}, "family_name"),
        ({"family_name": "x" * 500}, "family_name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "esi@"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"contact_preference": "pigeon"}, "contact_preference"),
        ({"occurred_from": AT + timedelta(days=1)}, "occurred_from"),
        ({"occurred_to": AT - timedelta(days=30)}, "occurred_to"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"is_declared_true": False}, "is_declared_true"),
    ],
)
def test_bad_input_is_refused_beside_its_field(changes: dict[str, object], field: str) -> None:
    answers = replace(REPORT_ANSWERS, **changes)  # type: ignore[arg-type]
    assert field in refusal_of(lambda: _submit(answers))
    assert not Report.objects.exists()
    assert not Person.objects.exists()


def test_an_item_belongs_to_one_report_and_must_have_come_with_it() -> None:
    report_id, other = new_id(), new_id()
    item_id = _photo(report_id)
    assert "items" in refusal_of(lambda: _submit(report_id=other, item_ids=[item_id]))
    assert "items" in refusal_of(lambda: _submit(report_id=other, item_ids=[new_id()]))
    _submit(report_id=report_id, item_ids=[item_id])
    assert ReportItem.objects.get().item_id == item_id


def test_another_force_gets_nothing(femi: Actor) -> None:
    submitted = _submit()
    with pytest.raises(NotFound):
        get_report(actor=femi, at=AT, reference=submitted.reference)
    entry = AuditEntry.objects.get(act="report.viewed")
    assert (entry.result, entry.actor_name) == ("not found", femi.name)
    assert submitted.reference in entry.ref


def test_sixteen_at_once_all_get_their_own_reference(committed: None) -> None:
    reports_each = 20

    def send(number: int) -> list[str]:
        many_answers = (
            replace(REPORT_ANSWERS, address=f"{turn} Acorn Parade", family_name=f"Mensah{number}")
            for turn in range(reports_each)
        )
        return [_submit(answers).reference for answers in many_answers]

    references = [reference for batch in run_concurrently(send, range(16)) for reference in batch]
    assert len(set(references)) == Report.objects.count() == 16 * reports_each
    assert Location.objects.count() == reports_each


def test_a_doubled_submit_at_the_same_moment_is_one_report(committed: None) -> None:
    report_id = new_id()
    results = run_concurrently(lambda _: _submit(report_id=report_id), range(4))
    assert len({result.reference for result in results}) == 1
    assert sum(result.is_new for result in results) == 1
