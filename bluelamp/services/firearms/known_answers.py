"""What we hold of a holder and their certificates, for applications that begin with it."""

from datetime import datetime
from typing import Any

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.forms.rules import QuestionSet, write_answers
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.people.models import Person
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.messages import certificate_source, renewal_source
from bluelamp.services.firearms.models import Application, Certificate, HolderNotice
from bluelamp.services.firearms.reads import guns_on
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.expiry import RENEWABLE, CertificateState
from bluelamp.services.firearms.rules.listed_guns import ListedGun
from bluelamp.services.firearms.rules.notices import NoticeKind
from bluelamp.services.firearms.rules.renewing import (
    CARRIED_MEDICAL,
    KnownCertificate,
    KnownHolder,
    LastApplication,
    list_carried_answers,
    list_renewal_answers,
    list_replacement_answers,
    list_variation_answers,
)
from bluelamp.services.firearms.rules.stages import Stage

Sources = dict[str, tuple[str, str]]


def list_renewable(holder: Person) -> list[Certificate]:
    """Return the firearm and shotgun certificates that somebody can renew, vary or replace."""
    rows = Certificate.objects.filter(
        holder=holder,
        state=CertificateState.IN_FORCE,
        kind__in=RENEWABLE,
    )
    # Firearm before shotgun, which is the order of the form and of the table of fees.
    return list(rows.order_by("kind", "-expires_on"))


def fill_in_renewal(
    question_set: QuestionSet, holder: Person, certificates: list[Certificate], *, at: datetime
) -> Sources:
    """Return the fields that a renewal begins with, as part of a command.

    Args:
        question_set: The questions.
        holder: Whose certificates they are.
        certificates: Those to renew; none where the last application alone is known.
        at: The present instant.
    """
    require_command()
    today = london_date(at)
    application = _find_last_application(holder)
    carried = list_carried_answers(_read_last_application(application), today=today)
    if certificates:
        force = get_force(holder.force)
        values = list_renewal_answers(
            [_read_certificate(certificate) for certificate in certificates],
            _read_holder(holder),
            carried,
            force_name=force.name if force else "",
            was_refused=_was_refused(holder),
        )
    else:
        values = carried | _list_same_certificate_answers(application)
    return _name_sources(question_set, values, carried, application, certificates)


def fill_in_variation(
    question_set: QuestionSet, certificate: Certificate, *, at: datetime
) -> Sources:
    """Return the fields that a variation begins with, as part of a command."""
    require_command()
    application = _find_last_application(certificate.holder)
    carried = list_carried_answers(_read_last_application(application), today=london_date(at))
    values = list_variation_answers(
        _read_certificate(certificate), _read_holder(certificate.holder), carried
    )
    return _name_sources(question_set, values, {}, None, [certificate])


def fill_in_replacement(question_set: QuestionSet, certificate: Certificate) -> Sources:
    """Return the fields that a replacement begins with, as part of a command."""
    require_command()
    notice = (
        HolderNotice.objects.filter(certificate=certificate, kind=NoticeKind.CERTIFICATE_LOST)
        .order_by("-told_at")
        .first()
    )
    loss_answers: dict[str, Any] = {}
    if notice and notice.happened_on:
        loss_answers = {
            "loss_kind": notice.way,
            "lost_on": notice.happened_on.isoformat(),
            "loss_details": notice.details,
        }
    values = list_replacement_answers(
        _read_certificate(certificate), _read_holder(certificate.holder), loss_answers
    )
    return _name_sources(question_set, values, {}, None, [certificate])


def _find_last_application(holder: Person) -> Application | None:
    # Form 201 alone asks everything; a variation's answers would be a small part of it.
    rows = Application.objects.select_related("medical").filter(
        applicant=holder, kind__in=(ApplicationKind.GRANT, ApplicationKind.RENEWAL)
    )
    return rows.exclude(stage=Stage.WITHDRAWN).order_by("-received_at").first()


def _read_last_application(application: Application | None) -> LastApplication | None:
    if application is None:
        return None
    # Without the default, a one-to-one that is not there raises.
    medical = getattr(application, "medical", None)
    doctor = {
        name: value
        for name, value in (medical.answers if medical else {}).items()
        if name in CARRIED_MEDICAL
    }
    referees = application.referees.filter(replaced_at=None)
    replaced = set(
        application.referees.exclude(replaced_at=None).values_list("position", flat=True)
    )
    return LastApplication(
        answers={**application.answers, **doctor},
        referee_emails={
            row.position: row.email for row in referees if row.position not in replaced
        },
        received_on=london_date(application.received_at),
    )


def _read_holder(person: Person) -> KnownHolder:
    notice = (
        HolderNotice.objects.filter(holder=person, kind=NoticeKind.ADDRESS)
        .order_by("-told_at")
        .first()
    )
    return KnownHolder(
        given_name=person.given_name,
        family_name=person.family_name,
        born_on=person.born_on,
        gender=person.gender,
        phone=person.phone,
        email=person.email,
        occupation=person.occupation,
        address=person.address.address if person.address else "",
        postcode=person.address.postcode if person.address else "",
        moved_on=notice.happened_on if notice else None,
    )


def _read_certificate(certificate: Certificate) -> KnownCertificate:
    guns = guns_on(certificate).order_by("status", "id")
    ammunition = certificate.ammunition.order_by("calibre")
    return KnownCertificate(
        kind=certificate.kind,
        number=certificate.number,
        expires_on=certificate.expires_on,
        guns=[
            ListedGun(
                status=gun.status,
                type=gun.type,
                calibre=gun.calibre,
                action=gun.action,
                make=gun.make,
                model=gun.model,
                serial_number=gun.serial_number,
                good_reason=gun.good_reason,
            )
            for gun in guns
        ],
        ammunition=[(row.calibre, row.most_held) for row in ammunition],
    )


def _was_refused(holder: Person) -> bool:
    # The form asks in one question whether anything was refused or revoked.
    ended = Certificate.objects.filter(holder=holder, state=CertificateState.REVOKED)
    refused = Application.objects.filter(applicant=holder, stage=Stage.REFUSED)
    return ended.exists() or refused.exists()


def _list_same_certificate_answers(application: Application | None) -> dict[str, Any]:
    certificates = application.certificates if application else ""
    kinds = ["firearm", "shotgun"] if certificates == "both" else [certificates]
    if not certificates:
        return {}
    return {"certificates": kinds, **{f"app_{kind}": "renewal" for kind in kinds}}


def _name_sources(
    question_set: QuestionSet,
    values: dict[str, Any],
    carried: dict[str, Any],
    application: Application | None,
    certificates: list[Certificate],
) -> Sources:
    """Return each field's text with where it is from: the record, or the last application."""
    texts = write_answers(question_set, values)
    earlier = write_answers(question_set, carried)
    record = certificate_source([row.number for row in certificates])
    last = renewal_source(application.reference) if application else record
    return {
        name: (text, last if not certificates or earlier.get(name) == text else record)
        for name, text in texts.items()
    }
