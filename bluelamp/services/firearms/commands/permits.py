"""Issue a temporary permit, on the spot, under a line of the authority table."""

from datetime import datetime

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands import get_or_create_person
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.commands.authorities import require_authority
from bluelamp.services.firearms.commands.issuing import announce_certificate, make_public_code
from bluelamp.services.firearms.models import (
    Certificate,
    CertificateCondition,
    Gun,
    TemporaryPermit,
)
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import certificate_number, normalise_number
from bluelamp.services.firearms.rules.decisions import CertificateKind, DecisionKind
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus, serial_key
from bluelamp.services.firearms.rules.listed_guns import NOT_STATED
from bluelamp.services.firearms.rules.permits import (
    PermitInput,
    list_permit_conditions,
    list_permit_problems,
)

_KIND = CertificateKind.TEMPORARY_PERMIT
_LONGEST = {"storage_address": 400, "ammunition": 200, "reasons": 4_000}


@command(permission="firearms.decide", act="firearms.permit_issued", category=Category.COLLECTION)
def issue_temporary_permit(*, actor: Actor, at: datetime, permit: PermitInput) -> str:
    """Issue a temporary permit, and return its number. Nothing is charged for it.

    Its PDF is made by a job, as a certificate's. The guns stay where they are on record: whoever
    died still had them, and a late renewal takes them over.

    Raises:
        Refused: Something is missing or wrong.
        NotFound: There is no such certificate of the actor's force, or a gun is not on it.
        NotPermitted: No line of the authority table lets the actor grant a permit at this risk.
    """
    today = london_date(at)
    if problems := list_permit_problems(permit, today=today):
        raise Refused(errors=problems)
    texts = {
        name: clean_text(
            getattr(permit, name),
            max_length=longest,
            field=name,
            label=f"firearms.permit_{name}_label",
        )
        for name, longest in _LONGEST.items()
    }
    authority = require_authority(
        actor=actor,
        at=at,
        decision=DecisionKind.GRANT,
        certificate_kinds=(_KIND,),
        risk=permit.risk,
    )
    source = (
        certificate_policy.get(actor, number=normalise_number(permit.from_number))
        if permit.from_number
        else None
    )
    holder = _find_holder(actor, at, permit, source)
    serial = take_serial(kind=_KIND, force=actor.force, year=today.year)
    assert permit.expires_on is not None  # a missing day is a problem
    certificate = Certificate.objects.create(
        force=actor.force,
        number=certificate_number(force=actor.force, kind=_KIND, year=today.year, serial=serial),
        kind=_KIND,
        holder=holder,
        valid_from=today,
        expires_on=permit.expires_on,
        issued_on=today,
        issued_at=at,
        issued_by_id=actor.id,
        issued_by_name=actor.name[:200],
        public_code=make_public_code(),
    )
    TemporaryPermit.objects.create(
        certificate=certificate,
        purpose=permit.purpose,
        reasons=texts["reasons"],
        may_use=permit.may_use,
        storage_address=texts["storage_address"],
        risk=permit.risk,
        authority=authority,
    )
    conditions = list_permit_conditions(
        storage_address=texts["storage_address"],
        may_use=permit.may_use,
        ammunition=texts["ammunition"],
    )
    CertificateCondition.objects.bulk_create(
        CertificateCondition(certificate=certificate, position=position, text=text)
        for position, text in enumerate(conditions, start=1)
    )
    _list_guns(certificate, permit, source)
    announce_certificate(certificate, at=at)
    record_act(certificate, ref=certificate.number, detail={"purpose": permit.purpose})
    return certificate.number


def _find_holder(
    actor: Actor, at: datetime, permit: PermitInput, source: Certificate | None
) -> Person:
    if permit.holder is not None:
        return get_or_create_person(actor=actor, at=at, details=permit.holder)
    assert source is not None  # the rules want a certificate or a person
    return source.holder


def _list_guns(certificate: Certificate, permit: PermitInput, source: Certificate | None) -> None:
    existing = (
        source.guns.filter(id__in=permit.gun_ids, status__in=OWNED, revoked_by=None)
        if source
        else Gun.objects.none()
    )
    rows = list(existing.order_by("id"))
    if len(rows) != len(set(permit.gun_ids)):
        raise NotFound("There is no such gun.")
    if any(gun.status == GunStatus.LENT for gun in rows):
        raise Refused("firearms.permit_gun_lent", field="gun_ids")
    is_theirs = source is not None and source.holder_id == certificate.holder_id
    guns = [
        Gun(
            certificate=certificate,
            status=GunStatus.HELD,
            type=gun.type,
            action=gun.action,
            make=gun.make,
            model=gun.model,
            calibre=gun.calibre,
            serial_number=gun.serial_number,
            serial_key=gun.serial_key,
            is_borrowed=is_theirs and gun.is_borrowed,
            acquired_on=gun.acquired_on if is_theirs else certificate.valid_from,
            acquired_from_name=gun.acquired_from_name if is_theirs else _name_of(source),
            acquired_from_address=gun.acquired_from_address if is_theirs else _address_of(source),
        )
        for gun in rows
    ]
    guns += [
        Gun(
            certificate=certificate,
            status=GunStatus.HELD,
            type=gun.type[:40],
            make=gun.make[:80],
            model=gun.model[:80] or NOT_STATED,
            calibre=gun.calibre[:40],
            serial_number=gun.serial_number[:60],
            serial_key=serial_key(gun.serial_number)[:60],
            acquired_on=certificate.valid_from,
        )
        for gun in permit.guns
        if not gun.is_empty
    ]
    Gun.objects.bulk_create(guns)


def _name_of(source: Certificate | None) -> str:
    return source.holder.name[:200] if source else ""


def _address_of(source: Certificate | None) -> str:
    address = source.holder.address if source else None
    return address.in_one_line[:400] if address else ""
