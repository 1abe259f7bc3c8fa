import json
from datetime import timedelta
from pathlib import Path

import pytest

from bluelamp.casework.crimes.commands import lease_numbers
from bluelamp.casework.crimes.commands.numbers import expire_leases_every_hour
from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.rules import year_at
from bluelamp.casework.reports.commands import (
    drop_draft_item,
    forget_draft,
    save_answers,
    start_draft,
    submit_draft,
    sweep_drafts,
    sweep_drafts_every_night,
)
from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.casework.reports.queries import read_draft
from bluelamp.casework.reports.rules import FIELDS, item_purpose
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import take_in
from tests.casework.scenes import AT, ESI, TYPED, raises_refused

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    save_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=TYPED)
    item = take_in(
        actor=ESI,
        at=AT,
        purpose=item_purpose(draft.id),
        filename="a.jpg",
        source=b"\xff\xd8\xff\xe0a",
    )
    kept = read_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    done = submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    report = Report.objects.get(id=draft.id)
    assert (kept.answers, kept.item_ids) == (TYPED, (item.id,))
    assert done.reference == report.reference
    assert report.occurred_from is not None
    assert report.occurred_from.isoformat() == "2026-03-02T22:00:00+00:00"
    assert (report.vrm, report.items.get().item_id) == ("LB16XKW", item.id)
    assert (
        submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret).reference == done.reference
    )
    save_answers(
        actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers={"narrative": "Another."}
    )
    with pytest.raises(Conflict):
        submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)


def test_what_was_typed_is_kept_however_wrong() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    wrong = {
        "email": "not an address",
        "from_day": "31",
        "from_month": "feb",
        "unknown": "left out",
    }
    save_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=wrong)
    errors = raises_refused(
        lambda: submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    )
    assert {
        "kind",
        "narrative",
        "address",
        "when",
        "role",
        "email",
        "is_declared_true",
    } <= errors.keys()
    kept = read_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret).answers
    assert kept == {name: value for name, value in wrong.items() if name != "unknown"}
    assert not Report.objects.exists()


def test_only_the_holder_of_the_secret_gets_in_and_only_for_a_fortnight() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    for given, when in (("wrong", AT), ("", AT), ("\ud800", AT), (secret, AT + timedelta(days=14))):
        with pytest.raises(NotFound):
            read_draft(actor=ESI, at=when, draft_id=draft.id, secret=given)
    assert secret not in str(ReportDraft.objects.values().get())
    assert sweep_drafts(actor=ESI, at=AT + timedelta(days=13)) == 0
    assert sweep_drafts(actor=ESI, at=AT + timedelta(days=14)) == 1


def test_it_can_be_forgotten_at_once() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    with pytest.raises(NotFound):
        forget_draft(actor=ESI, at=AT, draft_id=draft.id, secret="guessed")
    forget_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    assert not ReportDraft.objects.exists()
    entry = AuditEntry.objects.get(act="report.draft_forgotten", result="done")
    assert (entry.category, entry.subject_id) == ("erasure", draft.id)


def test_what_was_sent_stays_when_its_draft_is_forgotten(reference: None) -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    save_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=TYPED)
    submit_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    forget_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret)
    assert Report.objects.filter(id=draft.id).exists()


def test_an_item_can_be_taken_out_again() -> None:
    draft, secret = start_draft(actor=ESI, at=AT)
    kept, dropped = (
        take_in(
            actor=ESI, at=AT, purpose=item_purpose(draft.id), filename=name, source=name.encode()
        ).id
        for name in ("kept.txt", "dropped.txt")
    )
    for _ in range(2):
        seen = drop_draft_item(actor=ESI, at=AT, draft_id=draft.id, secret=secret, item_id=dropped)
    assert seen.item_ids == (kept,)


def test_every_naughty_string_is_kept_to_the_letter(shared_data: Path) -> None:
    strings = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    draft, secret = start_draft(actor=ESI, at=AT)
    good = [text for text in strings if "\x00" not in text]
    assert len(good) > 500
    for start in range(0, len(good), len(FIELDS)):
        answers = dict(zip(sorted(FIELDS), good[start:], strict=False))
        save_answers(actor=ESI, at=AT, draft_id=draft.id, secret=secret, answers=answers)
        assert (
            read_draft(actor=ESI, at=AT, draft_id=draft.id, secret=secret).answers.items()
            >= answers.items()
        )


def test_the_nightly_sweep_and_the_hourly_expiry_do_nothing_early(
    offences: None, ada: Actor
) -> None:
    start_draft(actor=ESI, at=clock.now())
    long_ago = clock.now() - timedelta(days=15)
    start_draft(actor=ESI, at=long_ago)
    lease_numbers(actor=ada, at=long_ago, device_id=new_id(), want=3, year=year_at(long_ago))
    lease_numbers(actor=ada, at=clock.now(), device_id=new_id(), want=2)
    sweep_drafts_every_night(timestamp=0)
    expire_leases_every_hour(timestamp=0)
    assert ReportDraft.objects.count() == 1
    assert CrimeNumber.objects.filter(state="void").count() == 3
    assert CrimeNumber.objects.filter(state="leased").count() >= 2
