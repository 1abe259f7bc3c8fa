"""Receive an application, and say that everything is there."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.records.people.commands import correct_person_row, get_or_create_person
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.commands.stages import (
    enter_stage,
    lock_application,
    write_stage_entry,
)
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.reads import list_missing_of
from bluelamp.services.firearms.rules.applications import (
    ApplicationInput,
    Channel,
    application_reference,
)
from bluelamp.services.firearms.rules.keying import check_born_on
from bluelamp.services.firearms.rules.stages import Stage

MAX_REASON_LENGTH = 4_000


@command(permission="firearms.apply", act="firearms.received", category=Category.COLLECTION)
def receive_application(*, actor: Actor, at: datetime, application: ApplicationInput) -> str:
    """Put an application on record, and return its reference.

    Raises:
        Refused: It says that it came in later than now.
    """
    received_at = application.received_at or at
    # Its clock starts then, and nobody can set it right afterwards.
    if received_at > at:
        raise Refused("firearms.received_in_future", field="received_on")
    # Answers are JSON, and PostgreSQL refuses NUL in it with an error that tells nobody which.
    reject_unstorable(dict(application.answers))
    year = london_date(at).year
    # Gap-free, so that nobody can say that an application was lost on the way.
    serial = take_serial(kind="firearms-application", force=actor.force, year=year)
    reference = application_reference(force=actor.force, year=year, serial=serial)
    applicant = (
        _correct_holder(actor, at, application.holder_id, application, reference)
        if application.holder_id
        else get_or_create_person(
            actor=actor, at=at, details=application.applicant, may_add_contact=False
        )
    )
    row = Application.objects.create(
        # A draft's own id: a second send of it then finds that it is an application already.
        id=application.application_id or new_id(),
        force=actor.force,
        reference=reference,
        kind=application.kind,
        certificates=application.certificates,
        applicant=applicant,
        question_set=application.question_set,
        question_set_version=application.question_set_version,
        answers=dict(application.answers),
        channel=application.channel,
        language=require_language(application.language),
        stage=Stage.RECEIVED,
        stage_since=received_at,
        received_at=received_at,
        payment_id=application.payment_id,
        exemption=application.exemption,
    )
    write_stage_entry(row, actor=actor, at=received_at)
    record_act(row, ref=row.reference, detail={"kind": row.kind, "channel": row.channel})
    return row.reference


def _correct_holder(
    actor: Actor, at: datetime, holder_id: UUID, application: ApplicationInput, reference: str
) -> Person:
    """Return a person on record, reached from now on as they say in their application.

    Not found by the details: with a new e-mail address or home they would be somebody new, whose
    application neither extends nor replaces the certificate that it is about.
    """
    person = Person.objects.select_for_update(of=("self",)).get(id=holder_id, force=actor.force)
    details, on_record = application.applicant, to_person_detail(person).as_input
    is_paper = application.channel == Channel.PAPER
    if is_paper and (code := check_born_on(details.born_on, on_record=on_record.born_on)):
        raise Refused(code, field="born_on")
    now_known = replace(on_record, address=details.address or on_record.address)
    # Codes go there that show everything somebody has with us. Whoever applies online had one.
    # Anybody can send a form on paper in somebody's name: it only fills in what we lack.
    if not is_paper or not (on_record.email or on_record.phone):
        now_known = replace(
            now_known,
            email=details.email or on_record.email,
            phone=details.phone or on_record.phone,
        )
    correct_person_row(
        actor=actor,
        at=at,
        person=person,
        details=now_known,
        reason=f"Application {reference}",
    )
    return person


@command(permission="firearms.check", act="firearms.complete")
def mark_complete(*, actor: Actor, at: datetime, reference: str, reason: str = "") -> None:
    """Record that everything an application needs is there, so that its clock starts.

    A renewal that is complete eight weeks before the certificate's end extends it by law (s.28B).

    Args:
        actor: Who says so.
        at: When.
        reference: The application's.
        reason: Why it is complete though something is missing by our list; it is in its history.

    Raises:
        NotFound: There is no such application.
        Conflict: It was complete before.
        Refused: Something is missing, and there is no reason.
    """
    note = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="complete_reason", label="firearms.reason"
    )
    # Locked, because a reply and a payment can complete it in the same moment.
    application = lock_application(actor, reference)
    missing = list_missing_of(application, actor=actor)
    if missing and not note:
        raise Refused("firearms.complete_reason_missing", field="complete_reason")
    complete_application(application, actor=actor, at=at, note=note)
    record_act(application, ref=application.reference, detail={"missing": list(missing)})


def complete_application(
    application: Application, *, actor: Actor, at: datetime, note: str = ""
) -> None:
    """Say that everything an application needs is there, as part of a command."""
    enter_stage(application, stage=Stage.COMPLETE, actor=actor, at=at, note=note)
