"""An application on paper: keyed by staff, received on the day it came in, then like any other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localtime

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.retention import apply_policies
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.models import Application, Certificate, Referee
from tests.cast import INSTALLER, START
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.applications import complete_application
from tests.services.firearms.licensing import ike, nell

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
CAME_IN = date(2026, 11, 16)
BORN = str(licensing.GRACE.born_on)
"""The birthday of the holder whose certificate number the forms below name."""


@pytest.fixture(autouse=True)
def question_sets(reference: None) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


def begin(kind: str = "grant", received_on: date | None = CAME_IN) -> UUID:
    """Begin to key a form with one scan."""
    scan = commands.Scan("form.pdf", BytesIO(b"%PDF-1.7\nform"), "application/pdf")
    return commands.start_paper_application(
        actor=ike(), at=AT, kind=kind, received_on=received_on, scans=[scan]
    )


def fill_in(draft_id: UUID, **changes: Any) -> None:
    """Type all the answers, without those in `changes` that are None."""
    values = {**complete_application(), **changes}
    save_form_draft(
        actor=ike(),
        at=AT,
        draft_id=draft_id,
        texts=write_answers(
            built_in_question_set("form-201"),
            {name: value for name, value in values.items() if value is not None},
        ),
    )


def test_it_works() -> None:
    draft_id = begin()
    fill_in(draft_id)
    later = AT + timedelta(hours=3)
    officer = ike()
    reference = commands.submit_paper_application(actor=officer, at=later, draft_id=draft_id)
    application = Application.objects.get(reference=reference)
    assert application.channel == "paper"
    assert localtime(application.received_at, LONDON).date() == CAME_IN
    assert [entry.stage for entry in application.stages.order_by("began_at")] == [
        "received",
        "incomplete",
    ]
    assert application.payment_id is not None or application.stage == "incomplete"
    files = lookups.list_application_files(actor=officer, at=later, reference=reference)
    assert [file.filename for file in files] == ["form.pdf"]
    row = lookups.list_queue(actor=officer, at=later, filters=lookups.QueueFilter()).rows[0]
    assert (row.reference, row.days) == (reference, 11)
    # Who keyed it is on record, and when.
    assert AuditEntry.objects.filter(act="firearms.paper_keyed", ref=reference).exists()
    assert lookups.list_paper_drafts(actor=officer, at=later) == ()


def test_the_day_is_never_changed_afterwards() -> None:
    draft_id = begin()
    fill_in(draft_id)
    reference = commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    with pytest.raises(IntegrityError), transaction.atomic(), direct_writes():
        Application.objects.filter(reference=reference).update(received_at=AT)


@pytest.mark.parametrize(
    ("kind", "received_on", "fields"),
    [
        ("", None, {"kind", "received_on"}),
        ("grant", date(2026, 11, 28), {"received_on"}),
        ("grant", date(2016, 11, 16), {"received_on"}),
    ],
)
def test_what_is_wrong_is_said(kind: str, received_on: date | None, fields: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        begin(kind, received_on)
    assert set(refused.value.errors) == fields


def test_paper_without_email_or_photo_is_received_all_the_same() -> None:
    """Nobody is written to by e-mail who gave none, and the application waits for the photo."""
    draft_id = begin()
    referees = [
        {name: value for name, value in row.items() if name != "referee_email"}
        for row in complete_application()["referees"]
    ]
    fill_in(draft_id, email=None, photo=None, referees=referees)
    reference = commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    application = Application.objects.get(reference=reference)
    assert application.stage == "incomplete"
    assert [row.token_sha256 for row in Referee.objects.filter(application=application)] == ["", ""]
    assert not Message.objects.filter(reference=reference).exists()
    assert not UndeliveredMessage.objects.filter(reference=reference).exists()
    # The team finds an address, and the referee gets a link after all.
    referee = Referee.objects.filter(application=application).first()
    assert referee is not None
    commands.send_referee_link(
        actor=ike(), at=AT, reference=reference, referee_id=referee.id, email="ben@example.org"
    )
    referee.refresh_from_db()
    assert referee.token_sha256
    assert Message.objects.filter(reference=reference, to="ben@example.org").exists()
    with pytest.raises(Refused):
        commands.send_referee_link(
            actor=ike(), at=AT, reference=reference, referee_id=referee.id, email="at home"
        )


def test_a_wrong_address_is_still_wrong() -> None:
    draft_id = begin()
    fill_in(draft_id)
    save_form_draft(actor=ike(), at=AT, draft_id=draft_id, texts={"email": "grace at home"})
    with pytest.raises(Refused) as refused:
        commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    assert set(refused.value.errors) == {"email"}


def test_sent_twice_it_is_one_application() -> None:
    draft_id = begin()
    fill_in(draft_id)
    commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    with pytest.raises(NotFound):
        commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    assert Application.objects.count() == 1


def test_only_whoever_may_key_and_their_own() -> None:
    draft_id = begin()
    with pytest.raises(NotPermitted):
        commands.start_paper_application(
            actor=nell(), at=AT, kind="grant", received_on=CAME_IN, scans=[]
        )
    colleague = replace(ike(), id=nell().id)
    with pytest.raises(NotFound):
        commands.submit_paper_application(actor=colleague, at=AT, draft_id=draft_id)
    assert len(lookups.list_paper_drafts(actor=ike(), at=AT)) == 1
    commands.delete_paper_draft(actor=ike(), at=AT, draft_id=draft_id)
    assert lookups.list_paper_drafts(actor=ike(), at=AT) == ()


def test_a_renewal_on_paper_is_the_holders() -> None:
    """With another address and no e-mail they are still the same person."""
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    holder = Certificate.objects.get(number=number).holder
    with pytest.raises(Refused) as refused:
        commands.start_paper_application(
            actor=ike(), at=AT, kind="renewal", received_on=CAME_IN, holder_number="01-S-99-26"
        )
    assert set(refused.value.errors) == {"holder_number"}
    draft_id = commands.start_paper_application(
        actor=ike(), at=AT, kind="renewal", received_on=CAME_IN, holder_number=number.lower()
    )
    fill_in(draft_id, email=None, born_on=BORN)
    reference = commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    assert Application.objects.get(reference=reference).applicant_id == holder.id


@pytest.fixture
def holder_draft() -> UUID:
    """A renewal on paper that names Grace's certificate, begun."""
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    return commands.start_paper_application(
        actor=ike(), at=AT, kind="renewal", received_on=CAME_IN, holder_number=number
    )


def test_a_form_on_paper_does_not_move_where_codes_go(holder_draft: UUID) -> None:
    """Anybody can write somebody's number and birthday, and an address of their own, on paper."""
    fill_in(holder_draft, born_on=BORN, email="mallory@example.org")
    reference = commands.submit_paper_application(actor=ike(), at=AT, draft_id=holder_draft)
    application = Application.objects.get(reference=reference)
    assert application.applicant.email == licensing.GRACE.email
    assert not Message.objects.filter(to="mallory@example.org").exists()


def test_paper_gives_an_address_to_a_holder_who_had_none(holder_draft: UUID) -> None:
    with direct_writes():
        Person.objects.update(email="", email_key="", phone="", phone_key="")
    fill_in(holder_draft, born_on=BORN, email="grace@example.org")
    commands.submit_paper_application(actor=ike(), at=AT, draft_id=holder_draft)
    assert Certificate.objects.get().holder.email == "grace@example.org"


def test_a_misread_number_changes_nobody(holder_draft: UUID) -> None:
    before = Certificate.objects.get().holder
    fill_in(holder_draft)
    with pytest.raises(Refused) as refused:
        commands.submit_paper_application(actor=ike(), at=AT, draft_id=holder_draft)
    assert set(refused.value.errors) == {"born_on"}
    after = Certificate.objects.get().holder
    assert (after.address_id, after.phone) == (before.address_id, before.phone)


def test_nor_does_a_form_that_names_no_certificate() -> None:
    """The same name and birthday find the holder, whose codes go to a phone."""
    licensing.give_authority()
    values = complete_application()
    holder = PersonInput(
        given_name=values["forenames"],
        family_name=values["surname"],
        born_on=date.fromisoformat(values["born_on"]),
        phone=values["mobile"],
    )
    licensing.grant(certificates="shotgun", applicant=holder)
    draft_id = begin()
    fill_in(draft_id, email="mallory@example.org")
    reference = commands.submit_paper_application(actor=ike(), at=AT, draft_id=draft_id)
    applicant = Application.objects.get(reference=reference).applicant
    assert applicant == Certificate.objects.get().holder
    assert applicant.email == ""


def test_a_colleague_takes_a_form_over() -> None:
    """Whoever began it is ill: another keyer goes on with it, and its keeper sees it no more."""
    draft_id = begin()
    colleague = replace(nell(), permissions=ike().permissions)
    [row] = lookups.list_paper_drafts_of_others(actor=colleague, at=AT)
    assert (row.id, row.keeper) == (draft_id, "Ike Daniels P3307")
    with pytest.raises(NotPermitted):
        commands.take_over_paper_draft(actor=nell(), at=AT, draft_id=draft_id)
    commands.take_over_paper_draft(actor=colleague, at=AT, draft_id=draft_id)
    assert [row.id for row in lookups.list_paper_drafts(actor=colleague, at=AT)] == [draft_id]
    assert lookups.list_paper_drafts(actor=ike(), at=AT) == ()
    files = lookups.list_draft_files(actor=colleague, at=AT, draft_id=draft_id, secret="")
    assert [file.name for file in files.values()] == ["form.pdf"]
    assert AuditEntry.objects.filter(act="firearms.paper_taken_over").exists()


def test_only_paper_forms_of_the_force_are_taken_over() -> None:
    draft_id = begin()
    stranger = replace(ike(), force="02")
    with pytest.raises(NotFound):
        commands.take_over_paper_draft(actor=stranger, at=AT, draft_id=draft_id)


def test_a_deleted_form_leaves_no_scans() -> None:
    draft_id = begin()
    commands.delete_paper_draft(actor=ike(), at=AT, draft_id=draft_id)
    item = Item.objects.get(subject_id=draft_id)
    assert (item.filename, item.withdrawn_at) == ("disposed of", AT)
    assert Continuity.objects.filter(item=item).latest("sequence").verb == "disposed"


def test_retention_disposes_of_scans_too() -> None:
    """After 90 days the draft goes by itself; what belongs to an application or a draft stays."""
    sent, begun, old = begin(), begin(), begin()
    fill_in(sent)
    commands.submit_paper_application(actor=ike(), at=AT, draft_id=sent)
    later = AT + timedelta(days=91)
    with direct_writes():
        FormDraft.objects.filter(id=begun).update(saved_at=later)
    with writes_outside_commands(Exemption.RETENTION):
        apply_policies(later)
    retention = Actor.system("retention", force="01", permissions={"firearms.progress"})
    assert commands.dispose_of_orphans(actor=retention, at=later).files == 1
    assert commands.dispose_of_orphans(actor=retention, at=later).files == 0
    disposed = Item.objects.exclude(withdrawn_at=None)
    assert [item.subject_id for item in disposed] == [old]


def test_a_form_that_is_sent_meanwhile_keeps_its_scans() -> None:
    """Sent between the two questions, whether it is a draft and whether it is an application."""
    draft_id = begin()
    fill_in(draft_id)
    later = AT + timedelta(days=2)
    is_sent = False

    def send_after_first_question(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        nonlocal is_sent
        result = execute(sql, params, many, context)
        if not is_sent and (
            'FROM "firearms_application"' in sql or 'FROM "forms_formdraft"' in sql
        ):
            is_sent = True
            ids = context["cursor"].fetchall()
            commands.submit_paper_application(actor=ike(), at=later, draft_id=draft_id)
            context["cursor"].execute("SELECT unnest(%s::uuid[])", [[row[0] for row in ids]])
        return result

    retention = Actor.system("retention", force="01", permissions={"firearms.progress"})
    with connection.execute_wrapper(send_after_first_question):
        batch = commands.dispose_of_orphans(actor=retention, at=later)
    assert is_sent
    assert batch.files == 0
