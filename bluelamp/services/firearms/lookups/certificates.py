"""One certificate for the licensing team, and the public check of its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.lookups import PersonDetail, to_person_detail
from bluelamp.services.firearms.lookups.applications import DecisionDetail, to_decision_detail
from bluelamp.services.firearms.lookups.texts import list_places_of
from bluelamp.services.firearms.models import Certificate, Gun
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import normalise_number
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import (
    CertificateState,
    first_day_in_force,
    is_in_force,
)
from bluelamp.services.firearms.rules.guns import OWNED


@dataclass(frozen=True, kw_only=True, slots=True)
class GunDetail:
    """A gun, with the fields of the central register.

    The permit is a temporary one in force that covers it now, "" where there is none: then the gun
    is with its holder, and not with the certificate's, who may have died.
    """

    id: UUID
    status: str
    type: str
    action: str
    make: str
    model: str
    calibre: str
    serial_number: str
    acquired_on: date | None
    acquired_from_name: str
    passed_on: date | None
    passed_to_name: str
    disposal: str
    is_revoked: bool
    permit_number: str
    permit_holder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionDetail:
    """A condition: the code of a standard one, or the text of another."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EndDetail:
    """That a certificate was surrendered or seized."""

    kind: str
    reason: str
    ended_on: date
    guns_went_to: str
    recorded_by_name: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateDetail:
    """A certificate. `standing` is its state, or "expired" or "extended" by today's date."""

    id: UUID
    number: str
    kind: str
    holder: PersonDetail
    language: str
    application_reference: str
    valid_from: date
    expires_on: date
    extended_until: date | None
    issued_at: datetime
    issued_by_name: str
    state: str
    standing: str
    ended_on: date | None
    replaces: str
    replaced_by: str
    coterminous_with: str
    public_code: str
    has_pdf: bool
    conditions: tuple[ConditionDetail, ...]
    places: tuple[str, ...]
    guns: tuple[GunDetail, ...]
    ammunition: tuple[tuple[str, int], ...]
    decisions: tuple[DecisionDetail, ...]
    ends: tuple[EndDetail, ...]


@lookup(permission="firearms.view", act="firearms.certificate_viewed")
def get_certificate(*, actor: Actor, at: datetime, number: str) -> CertificateDetail:
    """Return a certificate of the actor's force.

    Raises:
        NotFound: There is none, or the actor may not see it.
    """
    certificate = (
        certificate_policy.queryset(actor)
        .select_related("holder__address", "application", "replaces", "coterminous_with")
        .filter(number=normalise_number(number))
        .first()
    )
    if certificate is None:
        raise NotFound(certificate_policy.not_found)
    record_act(certificate, ref=certificate.number)
    decisions = certificate.decisions.select_related(
        "authority", "receipt", "appeal__outcome__confirmation"
    )
    following = certificate.replaced_by.first()
    guns = list(certificate.guns.order_by("status", "id"))
    permits = _list_permits(certificate, guns)
    return CertificateDetail(
        id=certificate.id,
        number=certificate.number,
        kind=certificate.kind,
        holder=to_person_detail(certificate.holder),
        language=certificate.language,
        application_reference=certificate.application.reference if certificate.application else "",
        valid_from=certificate.valid_from,
        expires_on=certificate.expires_on,
        extended_until=certificate.extended_until,
        issued_at=certificate.issued_at,
        issued_by_name=certificate.issued_by_name,
        state=certificate.state,
        standing=_standing(certificate, london_date(at)),
        ended_on=certificate.ended_on,
        replaces=certificate.replaces.number if certificate.replaces else "",
        replaced_by=following.number if following else "",
        coterminous_with=(
            certificate.coterminous_with.number if certificate.coterminous_with else ""
        ),
        public_code=certificate.public_code,
        has_pdf=bool(certificate.pdf_sha256),
        conditions=tuple(
            ConditionDetail(code=row.code, text=row.text)
            for row in certificate.conditions.order_by("position")
        ),
        places=list_places_of(certificate),
        guns=tuple(_to_gun(gun, permits.get(gun.serial_key)) for gun in guns),
        ammunition=tuple(
            (row.calibre, row.most_held) for row in certificate.ammunition.order_by("calibre")
        ),
        decisions=tuple(to_decision_detail(row) for row in decisions.order_by("-decided_at")),
        ends=tuple(
            EndDetail(
                kind=row.kind,
                reason=row.reason,
                ended_on=row.ended_on,
                guns_went_to=row.guns_went_to,
                recorded_by_name=row.recorded_by_name,
                recorded_at=row.recorded_at,
            )
            for row in certificate.ends.order_by("-recorded_at")
        ),
    )


@lookup(permission="firearms.check_certificate", act="firearms.certificate_checked")
def is_certificate_valid(*, actor: Actor, at: datetime, code: str) -> bool:
    """Say whether the certificate with this code is in force today, and nothing else about it.

    A code that nobody was given is answered as one of a certificate that has ended.
    """
    certificate = Certificate.objects.filter(public_code=code).first()
    valid = certificate is not None and is_in_force(
        state=certificate.state,
        valid_from=first_day_in_force(certificate.valid_from, issued_on=certificate.issued_on),
        expires_on=certificate.expires_on,
        extended_until=certificate.extended_until,
        on=london_date(at),
    )
    # Of a code that nobody was given too, so that guessing shows.
    record_act(certificate, detail={"valid": valid})
    return valid


def _standing(certificate: Certificate, today: date) -> str:
    # Expiry is never stored: it is a matter of dates.
    if certificate.state != CertificateState.IN_FORCE or today <= certificate.expires_on:
        return certificate.state
    if certificate.extended_until and today <= certificate.extended_until:
        return "extended"
    return "expired"


def _list_permits(certificate: Certificate, guns: Sequence[Gun]) -> dict[str, Certificate]:
    """Return the temporary permits that cover guns of a certificate now, by the guns' numbers."""
    # Without a number nothing says that two guns are one. A permit's own guns are its own.
    keys = {gun.serial_key for gun in guns if gun.serial_key and gun.status in OWNED}
    if not keys or certificate.kind == CertificateKind.TEMPORARY_PERMIT:
        return {}
    rows = Gun.objects.filter(
        certificate__force=certificate.force,
        certificate__kind=CertificateKind.TEMPORARY_PERMIT,
        certificate__state=CertificateState.IN_FORCE,
        serial_key__in=keys,
        status__in=OWNED,
    ).select_related("certificate__holder")
    return {row.serial_key: row.certificate for row in rows.order_by("certificate__issued_at")}


def _to_gun(gun: Gun, permit: Certificate | None) -> GunDetail:
    is_covered = permit is not None and gun.status in OWNED and not gun.revoked_by_id
    return GunDetail(
        id=gun.id,
        status=gun.status,
        type=gun.type,
        action=gun.action,
        make=gun.make,
        model=gun.model,
        calibre=gun.calibre,
        serial_number=gun.serial_number,
        acquired_on=gun.acquired_on,
        acquired_from_name=gun.acquired_from_name,
        passed_on=gun.passed_on,
        passed_to_name=gun.passed_to_name,
        disposal=gun.disposal,
        is_revoked=gun.revoked_by_id is not None,
        permit_number=permit.number if permit and is_covered else "",
        permit_holder=permit.holder.name if permit and is_covered else "",
    )
