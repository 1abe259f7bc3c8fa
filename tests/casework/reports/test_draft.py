import json
from datetime import timedelta
from pathlib import Path

import pytest

from bluelamp.casework.crimes.commands.numbers import expire_leases_every_hour
from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.rules import number_year
from bluelamp.casework.reports.commands import (
    delete_draft,
    delete_expired_drafts,
    delete_expired_drafts_every_night,
    remove_draft_item,
    save_draft_answers,
    start_draft,
    submit_draft,
)
from bluelamp.casework.reports.lookups import get_draft
from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.casework.reports.questions import question_fields
from bluelamp.casework.reports.rules import report_subject
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from tests.casework.scenes import AT, ESI, FORM_ANSWERS, refusal_of
from tests.device_keys import lease_to_phone

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    save_draft_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=FORM_ANSWERS)
    item = receive_item(
        actor=ESI,
        at=AT,
        subject=report_subject(draft.id),
        filename="a.jpg",
        source=b"\xff\xd8\xff\xe0a",
    )
    saved = get_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    submitted = submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    report = Report.objects.get(id=draft.id)
    assert (saved.answers, saved.item_ids) == (FORM_ANSWERS, (item.id,))
    assert submitted.reference == report.reference
    assert report.occurred_from is not None
    assert report.occurred_from.isoformat() == "2026-03-02T22:00:00+00:00"
    assert (report.vrm, report.items.get().item_id) == ("LB16XKW", item.id)
    again = submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    assert again.reference == submitted.reference
    save_draft_answers(
        actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers={"narrative": "Another."}
    )
    with pytest.raises(Conflict):
        submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)


def test_wrong_answers_are_stored_as_typed() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    wrong = {
        "email": "not an address",
        "from_day": "31",
        "from_month": "feb",
        "unknown": "left out",
    }
    save_draft_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=wrong)
    errors = refusal_of(lambda: submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret))
    assert {
        "kind",
        "narrative",
        "address",
        "when",
        "role",
        "email",
        "is_declared_true",
    } <= errors.keys()
    saved = get_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret).answers
    assert saved == {name: value for name, value in wrong.items() if name != "unknown"}
    assert not Report.objects.exists()


def test_only_the_secret_opens_a_draft_and_only_for_14_days() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    late = AT + timedelta(days=14)
    for wrong_secret, at in (("wrong", AT), ("", AT), ("\ud800", AT), (secret, late)):
        with pytest.raises(NotFound):
            get_draft(actor=ESI, at=at, draft_id=draft.id, secret=wrong_secret)
    assert secret not in str(ReportDraft.objects.values().get())
    assert delete_expired_drafts(actor=ESI, at=AT + timedelta(days=13)) == 0
    assert delete_expired_drafts(actor=ESI, at=AT + timedelta(days=14)) == 1


def test_a_draft_can_be_deleted_at_once() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    with pytest.raises(NotFound):
        delete_draft(actor=ESI, at=AT, draft_id=draft.id, secret="guessed")
    delete_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    assert not ReportDraft.objects.exists()
    entry = AuditEntry.objects.get(act="report.draft_forgotten", result="done")
    assert (entry.category, entry.subject_id) == ("erasure", draft.id)


def test_a_report_stays_when_its_draft_is_deleted(reference: None) -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    save_draft_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=FORM_ANSWERS)
    submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    delete_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    assert Report.objects.filter(id=draft.id).exists()


def test_an_item_can_be_removed() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    remaining, removed = (
        receive_item(
            actor=ESI, at=AT, subject=report_subject(draft.id), filename=name, source=name.encode()
        ).id
        for name in ("remaining.txt", "removed.txt")
    )
    for _ in range(2):
        draft_detail = remove_draft_item(
            actor=ESI, at=AT, draft_id=draft.id, secret=secret, item_id=removed
        )
    assert draft_detail.item_ids == (remaining,)


def test_every_naughty_string_is_stored_as_typed(shared_data: Path) -> None:
    strings = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    draft, secret = start_draft(actor=ESI, at=AT)
    storable = [text for text in strings if "\x00" not in text]
    assert len(storable) > 500
    for start in range(0, len(storable), len(question_fields(built_in_question_set("report")))):
        answers = dict(
            zip(
                sorted(question_fields(built_in_question_set("report"))),
                storable[start:],
                strict=False,
            )
        )
        save_draft_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=answers)
        assert (
            get_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret).answers.items()
            >= answers.items()
        )


def test_the_nightly_and_hourly_jobs_do_nothing_early(offences: None, ada: Actor) -> None:
    start_draft(actor=ESI, at=clock.now())
    long_ago = clock.now() - timedelta(days=15)
    start_draft(actor=ESI, at=long_ago)
    lease_to_phone(actor=ada, at=long_ago, device_id=new_id(), want=3, year=number_year(long_ago))
    lease_to_phone(actor=ada, at=clock.now(), device_id=new_id(), want=2)
    delete_expired_drafts_every_night()
    expire_leases_every_hour()
    assert ReportDraft.objects.count() == 1
    assert CrimeNumber.objects.filter(state="void").count() == 3
    assert CrimeNumber.objects.filter(state="leased").count() >= 2
