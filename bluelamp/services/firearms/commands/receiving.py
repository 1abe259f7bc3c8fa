"""Receive an application, and say that everything is there."""

from datetime import datetime

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.people.commands import get_or_create_person
from bluelamp.services.firearms.commands.stages import (
    enter_stage,
    lock_application,
    write_stage_entry,
)
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.rules.applications import (
    ApplicationInput,
    application_reference,
)
from bluelamp.services.firearms.rules.stages import Stage


@command(permission="firearms.apply", act="firearms.received", category=Category.COLLECTION)
def receive_application(*, actor: Actor, at: datetime, application: ApplicationInput) -> str:
    """Put an application on record, and return its reference."""
    # Answers are JSON, and PostgreSQL refuses NUL in it with an error that tells nobody which.
    reject_unstorable(dict(application.answers))
    year = london_date(at).year
    # Gap-free, so that nobody can say that an application was lost on the way.
    serial = take_serial(kind="firearms-application", force=actor.force, year=year)
    applicant = get_or_create_person(actor=actor, at=at, details=application.applicant)
    row = Application.objects.create(
        # A draft's own id: a second send of it then finds that it is an application already.
        id=application.application_id or new_id(),
        force=actor.force,
        reference=application_reference(force=actor.force, year=year, serial=serial),
        kind=application.kind,
        certificates=application.certificates,
        applicant=applicant,
        question_set=application.question_set,
        question_set_version=application.question_set_version,
        answers=dict(application.answers),
        channel=application.channel,
        stage=Stage.RECEIVED,
        stage_since=at,
        received_at=at,
        payment_id=application.payment_id,
        exemption=application.exemption,
    )
    write_stage_entry(row, actor=actor, at=at)
    record_act(row, ref=row.reference, detail={"kind": row.kind, "channel": row.channel})
    return row.reference


@command(permission="firearms.check", act="firearms.complete")
def mark_complete(*, actor: Actor, at: datetime, reference: str) -> None:
    """Record that everything an application needs is there, so that its clock starts.

    A renewal that is complete eight weeks before the certificate's end extends it by law (s.28B).

    Raises:
        NotFound: There is no such application.
        Conflict: It was complete before.
    """
    # Locked, because a reply and a payment can complete it in the same moment.
    application = lock_application(actor, reference)
    complete_application(application, actor=actor, at=at)
    record_act(application, ref=application.reference)


def complete_application(application: Application, *, actor: Actor, at: datetime) -> None:
    """Say that everything an application needs is there, as part of a command."""
    enter_stage(application, stage=Stage.COMPLETE, actor=actor, at=at)
