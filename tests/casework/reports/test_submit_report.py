from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluelamp.casework.reports.commands import Submitted, submit_report
from bluelamp.casework.reports.models import Report, ReportItem
from bluelamp.casework.reports.queries import view_report
from bluelamp.casework.reports.rules import ReportAnswers, item_purpose, reference_for
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.evidence.commands import take_in
from bluelamp.records.people.models import Location, Person
from tests.at_once import at_once
from tests.casework.scenes import AT, ESI, TOLD, raises_refused

pytestmark = pytest.mark.django_db
MOST_QUERIES = 17
PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 100


def _photo(report_id: UUID) -> UUID:
    return take_in(
        actor=ESI, at=AT, purpose=item_purpose(report_id), filename="car.jpg", source=PHOTO
    ).id


def _submit(answers: ReportAnswers = TOLD, **changes: object) -> Submitted:
    given = {"actor": ESI, "at": AT, "report_id": new_id(), "answers": answers} | changes
    return submit_report(**given)  # type: ignore[arg-type]


def test_it_works(joy: Actor, reference: None) -> None:
    report_id = new_id()
    item_id = _photo(report_id)
    done = submit_report(actor=ESI, at=AT, report_id=report_id, answers=TOLD, item_ids=[item_id])
    seen = view_report(actor=joy, at=AT, reference=done.reference.lower().replace("-", " "))
    assert done.is_new
    assert (seen.narrative, seen.item_ids, seen.state) == (TOLD.narrative, (item_id,), "new")
    assert seen.person_reporting.name == "Esi Mensah"
    assert seen.location is not None
    assert seen.location.in_one_line == "12 Acorn Parade, Peckham, SE15 4QL"
    assert seen.location.easting, "a place with a postcode is put on the map"
    assert seen.clock.record_left == timedelta(hours=24)
    assert OutboxEvent.objects.get(name="ReportSubmitted").payload["reference"] == done.reference
    assert AuditEntry.objects.filter(act="report.submitted", ref=done.reference).count() == 1


def test_sent_twice_it_is_one_report() -> None:
    report_id = new_id()
    first, second = _submit(report_id=report_id), _submit(report_id=report_id)
    assert (second.reference, second.is_new) == (first.reference, False)
    assert Report.objects.count() == 1
    assert OutboxEvent.objects.filter(name="ReportSubmitted").count() == 1
    with pytest.raises(Conflict):
        _submit(replace(TOLD, narrative="Something else."), report_id=report_id)


def test_a_reference_that_somebody_has_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _submit()
    taken = [number for number in range(200) if reference_for(number)][:2]
    Report.objects.filter(reference=first.reference).update(reference=reference_for(taken[0]))
    drawn = iter([taken[0], taken[0], taken[1]])
    monkeypatch.setattr(
        "bluelamp.casework.reports.commands.secrets.randbits", lambda _bits: next(drawn)
    )
    report_id = new_id()
    item_id = _photo(report_id)
    done = submit_report(actor=ESI, at=AT, report_id=report_id, answers=TOLD, item_ids=[item_id])
    assert done.reference == reference_for(taken[1])
    kept = Report.objects.get(id=report_id)
    assert kept.reference == done.reference
    assert list(ReportItem.objects.values_list("report_id", "item_id")) == [(report_id, item_id)]
    assert AuditEntry.objects.filter(act="report.submitted", ref=done.reference).count() == 1


def test_it_asks_the_database_little() -> None:
    _submit()
    report_id = new_id()
    item_id = _photo(report_id)
    with CaptureQueriesContext(connection) as queries:
        submit_report(actor=ESI, at=AT, report_id=report_id, answers=TOLD, item_ids=[item_id])
    assert len(queries) <= MOST_QUERIES, [each["sql"][:80] for each in queries]
    assert not [each for each in queries if "FOR UPDATE" in each["sql"]], (
        "no report waits for another"
    )


def test_the_same_person_and_place_are_one_row() -> None:
    _submit()
    _submit(
        replace(
            TOLD,
            address="12, ACORN PARADE, peckham, London",
            postcode="se154ql",
            email=TOLD.email.upper(),
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
    answers = replace(TOLD, **changes)  # type: ignore[arg-type]
    assert field in raises_refused(lambda: _submit(answers))
    assert not Report.objects.exists()
    assert not Person.objects.exists()


def test_an_item_belongs_to_one_report_and_must_have_come_with_it() -> None:
    report_id, other = new_id(), new_id()
    item_id = _photo(report_id)
    assert "items" in raises_refused(lambda: _submit(report_id=other, item_ids=[item_id]))
    assert "items" in raises_refused(lambda: _submit(report_id=other, item_ids=[new_id()]))
    _submit(report_id=report_id, item_ids=[item_id])
    assert ReportItem.objects.get().item_id == item_id


def test_another_force_gets_nothing(femi: Actor) -> None:
    done = _submit()
    with pytest.raises(NotFound):
        view_report(actor=femi, at=AT, reference=done.reference)
    entry = AuditEntry.objects.get(act="report.viewed")
    assert (entry.result, entry.actor_name) == ("not found", femi.name)
    assert done.reference in entry.ref


def test_sixteen_at_once_all_get_their_own_reference(committed: None) -> None:
    each = 20

    def send(number: int) -> list[str]:
        told = (
            replace(TOLD, address=f"{turn} Acorn Parade", family_name=f"Mensah{number}")
            for turn in range(each)
        )
        return [_submit(answers).reference for answers in told]

    references = [reference for sent in at_once(send, range(16)) for reference in sent]
    assert len(set(references)) == Report.objects.count() == 16 * each
    assert Location.objects.count() == each


def test_a_doubled_submit_at_the_same_moment_is_one_report(committed: None) -> None:
    report_id = new_id()
    answers = at_once(lambda _: _submit(report_id=report_id), range(4))
    assert len({each.reference for each in answers}) == 1
    assert sum(each.is_new for each in answers) == 1
