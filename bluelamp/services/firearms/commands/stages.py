"""Bring an application to its next stage: the only place that changes one."""

from datetime import date, datetime

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.services.firearms.models import Application, Certificate, StageEntry
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.applications import ApplicationKind, normalise_reference
from bluelamp.services.firearms.rules.decisions import list_certificate_kinds
from bluelamp.services.firearms.rules.expiry import CertificateState, extended_last_day
from bluelamp.services.firearms.rules.stages import Stage, can_follow, date_field_of


def lock_application(actor: Actor, reference: str) -> Application:
    """Return an application that the actor may see, locked until the transaction ends.

    Raises:
        NotFound: There is none, or the actor may not see it.
    """
    return application_policy.get(actor, lock=True, reference=normalise_reference(reference))


def enter_stage(
    application: Application, *, stage: str, actor: Actor, at: datetime, note: str = ""
) -> None:
    """Bring an application to a stage, with the date that belongs to it, set once.

    Raises:
        Conflict: That stage cannot follow the present one.
    """
    require_command()
    if not can_follow(application.stage, stage):
        raise Conflict("firearms.stage_wrong")
    application.stage = stage
    application.stage_since = at
    fields = ["stage", "stage_since"]
    date_field = date_field_of(stage)
    # Set once: a refusal that an appeal turned round keeps the day of the first decision.
    if date_field and getattr(application, date_field) is None:
        setattr(application, date_field, at)
        fields.append(date_field)
    application.save(update_fields=fields)
    if stage == Stage.COMPLETE and application.kind == ApplicationKind.RENEWAL:
        _extend_certificates(application, london_date(at))
    # Home Office circular 014/2018, paragraph 3: eight weeks, or until the police decide. Whoever
    # withdraws leaves nothing to decide.
    if stage in {Stage.REFUSED, Stage.WITHDRAWN} and application.kind == ApplicationKind.RENEWAL:
        _end_extension(application)
    write_stage_entry(application, actor=actor, at=at, note=note)


def write_stage_entry(
    application: Application, *, actor: Actor, at: datetime, note: str = ""
) -> None:
    """Record when the present stage of an application began."""
    require_command()
    StageEntry.objects.create(
        application=application,
        stage=application.stage,
        began_at=at,
        by_id=actor.id,
        by_name=actor.history_name,
        note=note,
    )


def find_current_certificate(application: Application, kind: str) -> Certificate | None:
    """Return the applicant's certificate of a kind that has not been ended, the latest."""
    return (
        Certificate.objects.filter(
            force=application.force,
            holder_id=application.applicant_id,
            kind=kind,
            state=CertificateState.IN_FORCE,
        )
        .order_by("-expires_on")
        .first()
    )


def _end_extension(application: Application) -> None:
    for kind in list_certificate_kinds(application.kind, application.certificates):
        certificate = find_current_certificate(application, kind)
        if certificate is not None and certificate.extended_until:
            certificate.extended_until = None
            certificate.save(update_fields=["extended_until"])


def _extend_certificates(application: Application, complete_on: date) -> None:
    for kind in list_certificate_kinds(application.kind, application.certificates):
        certificate = find_current_certificate(application, kind)
        # It may have been ended, or be another force's: then there is nothing to extend.
        if certificate is None:
            continue
        until = extended_last_day(certificate.expires_on, complete_on=complete_on)
        if until:
            certificate.extended_until = until
            certificate.save(update_fields=["extended_until"])
