"""Issue the certificates of a granted application."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.payments.rules import PaymentState
from bluelamp.services.firearms.commands.appealing import kinds_to_issue
from bluelamp.services.firearms.commands.ending_permits import end_late_renewal_permits
from bluelamp.services.firearms.commands.stages import (
    enter_stage,
    find_current_certificate,
    lock_application,
)
from bluelamp.services.firearms.events import CertificateIssued
from bluelamp.services.firearms.lookups.wordings import word_conditions
from bluelamp.services.firearms.models import (
    Ammunition,
    Application,
    Certificate,
    CertificateCondition,
    Gun,
)
from bluelamp.services.firearms.reads import is_fee_outstanding, list_fee_payments
from bluelamp.services.firearms.rules.applications import certificate_number
from bluelamp.services.firearms.rules.conditions import takes_extra_conditions
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import (
    CertificateState,
    first_day_of_renewal,
    last_day_of,
    shared_last_day,
)
from bluelamp.services.firearms.rules.guns import OWNED
from bluelamp.services.firearms.rules.listed_guns import (
    list_ammunition,
    list_guns_held,
    list_guns_wanted,
    list_shotguns_held,
)
from bluelamp.services.firearms.rules.stages import Stage

# 160 bits, more than anybody can try. It says nothing about the certificate.
PUBLIC_CODE_BYTES = 20


def make_public_code() -> str:
    """Return a code for the QR of a certificate."""
    return secrets.token_urlsafe(PUBLIC_CODE_BYTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Term:
    kind: str
    valid_from: date
    expires_on: date
    previous: Certificate | None


@command(permission="firearms.issue", act="firearms.certificate_issued")
def issue_certificates(*, actor: Actor, at: datetime, reference: str) -> tuple[str, ...]:
    """Issue what was granted, and return the numbers of the certificates.

    A renewed, varied or replaced certificate is followed by the new one, which takes its guns over.
    Coterminous certificates end on one day. The signed PDF is made by a job.

    Raises:
        NotFound: There is no such application.
        Conflict: It is not granted, its certificates were issued, we do not keep its fee, or the
            actor waived the fee.
    """
    application = lock_application(actor, reference)
    enter_stage(application, stage=Stage.ISSUED, actor=actor, at=at)
    decision = application.decisions.order_by("-decided_at").first()
    assert decision is not None  # a granted application has one
    kinds = kinds_to_issue(decision)
    _require_fee(application, kinds, actor=actor)
    terms = _list_terms(application, kinds, london_date(at))
    numbers: list[str] = []
    first: Certificate | None = None
    for term in terms:
        certificate = _insert_certificate(application, term, actor, at, coterminous_with=first)
        first = first or certificate
        conditions = decision.recommendation.conditions if decision.recommendation else []
        _insert_conditions(certificate, conditions)
        _list_guns(certificate, application.answers)
        if term.previous:
            _replace(term.previous, certificate, at)
            end_late_renewal_permits(certificate, at=at)
        announce_certificate(certificate, at=at)
        record_act(certificate, ref=certificate.number, detail={"application": reference})
        numbers.append(certificate.number)
    return tuple(numbers)


def _require_fee(application: Application, kinds: tuple[str, ...], *, actor: Actor) -> None:
    """Refuse to issue what is not paid: after the grant, money can still have been given back.

    Raises:
        Conflict: The fee is due, or the actor is who said that none is.
    """
    if is_fee_outstanding(application, actor=actor, granted_kinds=kinds):
        raise Conflict("firearms.fee_unpaid_issue")
    waived_by = {
        payment.closed_by_id
        for payment in list_fee_payments(application, actor=actor)
        if payment.state == PaymentState.WAIVED
    }
    # Two people for each certificate without a fee, as for each refund.
    if actor.id is not None and actor.id in waived_by:
        raise Conflict("firearms.fee_waived_by_issuer")


def announce_certificate(certificate: Certificate, *, at: datetime) -> None:
    """Tell the rest of the program of a new certificate, and have its PDF made."""
    publish(
        CertificateIssued(
            certificate_id=certificate.id,
            number=certificate.number,
            force=certificate.force,
            at=at,
        )
    )
    enqueue("firearms.make_certificate_pdf", certificate_id=str(certificate.id))


def _list_terms(application: Application, kinds: tuple[str, ...], today: date) -> list[_Term]:
    terms = [_term_of(application, kind, today) for kind in kinds]
    if application.kind in ("grant", "renewal") and len(terms) > 1:
        end = shared_last_day(tuple(term.expires_on for term in terms))
        terms = [
            _Term(
                kind=term.kind, valid_from=term.valid_from, expires_on=end, previous=term.previous
            )
            for term in terms
        ]
    return terms


def _term_of(application: Application, kind: str, today: date) -> _Term:
    previous = find_current_certificate(application, kind)
    start = today
    if previous and application.kind in ("variation", "replacement"):
        # Neither makes a certificate last longer.
        return _Term(kind=kind, valid_from=today, expires_on=previous.expires_on, previous=previous)
    if previous:
        start = first_day_of_renewal(previous.expires_on, issued_on=today)
    return _Term(
        kind=kind, valid_from=start, expires_on=last_day_of(start, kind), previous=previous
    )


def _insert_certificate(
    application: Application,
    term: _Term,
    actor: Actor,
    at: datetime,
    *,
    coterminous_with: Certificate | None,
) -> Certificate:
    today = london_date(at)
    # The column has 20 characters, and eight of the kind tell the kinds apart.
    serial = take_serial(
        kind=f"{term.kind[:8]}-certificate"[:20], force=application.force, year=today.year
    )
    return Certificate.objects.create(
        force=application.force,
        number=certificate_number(
            force=application.force, kind=term.kind, year=today.year, serial=serial
        ),
        kind=term.kind,
        holder_id=application.applicant_id,
        language=application.language,
        application=application,
        valid_from=term.valid_from,
        expires_on=term.expires_on,
        issued_on=today,
        issued_at=at,
        issued_by_id=actor.id,
        issued_by_name=actor.name[:200],
        coterminous_with=coterminous_with,
        replaces=term.previous,
        public_code=make_public_code(),
    )


def _insert_conditions(certificate: Certificate, extra: list[str]) -> None:
    # The text too: a certificate states the wording of its day, whatever the Rules say later.
    codes = word_conditions(certificate.kind, on=certificate.issued_on)
    # The law has it so, whatever was recommended for the firearm certificate beside it.
    texts = [("", text) for text in extra] if takes_extra_conditions(certificate.kind) else []
    CertificateCondition.objects.bulk_create(
        CertificateCondition(certificate=certificate, position=position, code=code, text=text)
        for position, (code, text) in enumerate([*codes, *texts], start=1)
    )


def _list_guns(certificate: Certificate, answers: Mapping[str, Any]) -> None:
    """Put the guns and the ammunition of the application on its certificate."""
    if certificate.kind == CertificateKind.SHOTGUN:
        listed = list_shotguns_held(answers)
        ammunition = []
    elif certificate.kind == CertificateKind.FIREARM:
        listed = [*list_guns_held(answers), *list_guns_wanted(answers)]
        ammunition = list_ammunition(answers)
    else:
        return
    carried_over = set(
        Gun.objects.filter(certificate=certificate.replaces, status__in=OWNED).values_list(
            "serial_key", flat=True
        )
        if certificate.replaces_id
        else ()
    )
    Gun.objects.bulk_create(
        Gun(certificate=certificate, **listed_gun.fields())
        for listed_gun in listed
        # Those of the certificate before come over with their history.
        if not listed_gun.serial_key or listed_gun.serial_key not in carried_over
    )
    Ammunition.objects.bulk_create(
        Ammunition(certificate=certificate, calibre=calibre, most_held=most)
        for calibre, most in ammunition
    )


def _replace(previous: Certificate, certificate: Certificate, at: datetime) -> None:
    previous.state = CertificateState.REPLACED
    previous.ended_on = london_date(at)
    previous.save(update_fields=["state", "ended_on"])
    previous.guns.filter(status__in=OWNED, revoked_by=None).update(certificate=certificate)
