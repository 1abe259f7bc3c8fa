"""A holder whom somebody of the team has on the phone, or whose letter they have before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms.lookups.holders import name_gun
from bluelamp.services.firearms.models import Certificate, Gun
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import normalise_number
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderGun:
    """A gun that a notice or a permit can be about. `is_on_loan` covers lent out and borrowed."""

    id: UUID
    name: str
    serial_number: str
    certificate_number: str
    is_on_loan: bool
    is_lent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateHolder:
    """A holder with everything that a notice of theirs can be about.

    `certificates` are pairs of number and kind, those in force.
    """

    id: UUID
    name: str
    address: str
    number: str
    certificates: tuple[tuple[str, str], ...]
    guns: tuple[HolderGun, ...]


@lookup(permission="firearms.view", act="firearms.holder_opened")
def get_certificate_holder(*, actor: Actor, at: datetime, number: str) -> CertificateHolder:
    """Return who holds a certificate, whatever its state.

    Raises:
        NotFound: There is no such certificate of the actor's force.
    """
    certificate = certificate_policy.get(actor, number=normalise_number(number))
    holder = certificate.holder
    # The number in a letter may be of one that has ended: the choices are those that count now.
    in_force = Certificate.objects.filter(
        force=certificate.force, holder=holder, state=CertificateState.IN_FORCE
    )
    guns = (
        Gun.objects.filter(certificate__force=certificate.force, certificate__holder=holder)
        # What a partial revocation took off (1968 Act s.30B) is on no certificate any more.
        .filter(status__in=OWNED, revoked_by=None)
        # The guns of a permit that a renewal replaced are on the certificate too.
        .exclude(certificate__state=CertificateState.REPLACED)
        .select_related("certificate")
    )
    record_act(certificate, ref=certificate.number)
    return CertificateHolder(
        id=holder.id,
        name=holder.name,
        address=holder.address.in_one_line if holder.address else "",
        number=certificate.number,
        certificates=tuple(in_force.order_by("number").values_list("number", "kind")),
        guns=tuple(
            _to_gun(gun) for gun in _drop_permit_twins(guns.order_by("certificate__number", "id"))
        ),
    )


def _drop_permit_twins(guns: Iterable[Gun]) -> list[Gun]:
    """Return each gun once: one that is on a late renewal's permit is on the certificate too."""
    rows = list(guns)
    on_certificates = {
        gun.serial_key
        for gun in rows
        if gun.serial_key and gun.certificate.kind != CertificateKind.TEMPORARY_PERMIT
    }
    return [
        gun
        for gun in rows
        if gun.certificate.kind != CertificateKind.TEMPORARY_PERMIT
        or gun.serial_key not in on_certificates
    ]


def _to_gun(gun: Gun) -> HolderGun:
    return HolderGun(
        id=gun.id,
        name=name_gun(make=gun.make, model=gun.model, kind=gun.type, calibre=gun.calibre),
        serial_number=gun.serial_number,
        certificate_number=gun.certificate.number,
        is_lent=gun.status == GunStatus.LENT,
        is_on_loan=gun.is_borrowed or gun.status == GunStatus.LENT,
    )
