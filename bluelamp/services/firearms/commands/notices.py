"""Take what holders tell us: a transfer, a loss, a new address, or a change of their health."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands import correct_person_row
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import LocationInput
from bluelamp.records.reference.rules import check_postcode, normalise_postcode
from bluelamp.services.firearms.models import Certificate, Gun, HealthNotice, HolderNotice
from bluelamp.services.firearms.reads import find_dealer_certificate, require_holder
from bluelamp.services.firearms.rules.applications import notice_reference
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus, serial_key
from bluelamp.services.firearms.rules.notices import (
    OF_A_HELD_GUN,
    Means,
    NoticeInput,
    NoticeKind,
    last_day_to_tell,
    list_notice_problems,
)

_LONGEST = {
    "gun_type": 40,
    "gun_make": 80,
    "gun_model": 80,
    "gun_calibre": 40,
    "serial_number": 60,
    "other_name": 200,
    "other_address": 400,
    "other_number": 40,
    "address": 400,
    "details": 4000,
}


@command(permission="firearms.track", act="firearms.notice_given", category=Category.COLLECTION)
def give_notice(*, actor: Actor, at: datetime, session_id: UUID, notice: NoticeInput) -> str:
    """Take what a holder tells us, and return its reference.

    A new address changes the holder's record at once. Nothing else changes: the licensing team
    looks at the notice first, and matches both sides of a transfer.

    Raises:
        NotFound: The session has ended, or the certificate or the gun is not the holder's.
        Refused: Something is missing or wrong.
    """
    holder = require_holder(actor=actor, session_id=session_id, at=at)
    return store_notice(actor=actor, at=at, holder=holder, notice=notice).reference


def store_notice(
    *,
    actor: Actor,
    at: datetime,
    holder: Person,
    notice: NoticeInput,
    told_at: datetime | None = None,
    means: str = Means.ONLINE,
) -> HolderNotice:
    """Store a notice of a holder, as part of a command. See `give_notice`.

    Args:
        told_at: When they told us, None for now.
        means: How they told us, a Means.
    """
    require_command()
    # Locked, so that the second of two clicks finds what the first one stored.
    person = Person.objects.select_for_update(of=("self",)).get(id=holder.id)
    # Without an id it is a new one: then none of theirs can have it.
    notice_id = notice.notice_id or new_id()
    earlier = HolderNotice.objects.filter(id=notice_id, holder=person).first()
    if earlier:
        record_act(earlier, ref=earlier.reference)
        return earlier
    notice = _clean_notice(notice)
    today, told_at = london_date(at), told_at or at
    dealer = find_dealer_certificate(holder.id)
    problems = [
        Problem(f"firearms.{code}", name)
        for name, code in list_notice_problems(
            # Nobody tells us of what has not happened yet.
            notice,
            today=london_date(told_at),
            is_of_dealer=dealer is not None,
        ).items()
    ]
    if problem := check_postcode(notice.postcode):
        problems.append(problem)
    if problems:
        raise Refused(errors=problems)
    certificate, gun = _find_certificate(holder, notice)
    if gun is None and notice.kind in OF_A_HELD_GUN:
        # The gun was in the dealer's own register, so the notice is about the registration.
        certificate = dealer
    is_health = notice.kind == NoticeKind.HEALTH
    year = today.year
    # Gap-free: a holder can be charged for not having told us, so each one counts.
    serial = take_serial(kind="firearms-notice", force=holder.force, year=year)
    row = HolderNotice.objects.create(
        id=notice_id,
        force=holder.force,
        reference=notice_reference(force=holder.force, year=year, serial=serial),
        kind=notice.kind,
        way=notice.way,
        holder=holder,
        certificate=certificate,
        gun=gun,
        happened_on=notice.happened_on,
        is_abroad=notice.is_abroad,
        told_at=told_at,
        due_on=last_day_to_tell(notice.kind, notice.happened_on, is_abroad=notice.is_abroad),
        gun_type=gun.type if gun else notice.gun_type,
        gun_make=gun.make if gun else notice.gun_make,
        gun_model=gun.model if gun else notice.gun_model,
        gun_calibre=gun.calibre if gun else notice.gun_calibre,
        serial_number=gun.serial_number if gun else notice.serial_number,
        # The other side writes the same number with other hyphens, or O for 0.
        serial_key=serial_key(gun.serial_number if gun else notice.serial_number),
        other_kind=notice.other_kind,
        other_name=notice.other_name,
        other_address=notice.other_address,
        other_number=notice.other_number,
        address=notice.address,
        postcode=notice.postcode,
        # Health stands apart, where few can read it.
        details="" if is_health else notice.details,
        means=means,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    if is_health:
        HealthNotice.objects.create(notice=row, details=notice.details)
    if notice.kind == NoticeKind.ADDRESS:
        _move_holder(actor, at, person, row)
    record_act(row, ref=row.reference, detail={"kind": row.kind})
    return row


def _clean_notice(notice: NoticeInput) -> NoticeInput:
    texts: dict[str, Any] = {
        name: clean_text(
            getattr(notice, name),
            max_length=longest,
            field=name,
            label=f"firearms.notice_{name}_label",
        )
        for name, longest in _LONGEST.items()
    }
    return replace(notice, **texts, postcode=normalise_postcode(notice.postcode))


def _find_certificate(holder: Person, notice: NoticeInput) -> tuple[Certificate | None, Gun | None]:
    """Return the certificate and the gun that a notice names, which must be the holder's."""
    if notice.gun_id:
        gun = (
            Gun.objects.select_related("certificate")
            # A gun that has gone cannot go again: it would be told of twice.
            .filter(id=notice.gun_id, certificate__holder=holder, status__in=OWNED)
            # Nor one of a permit that a renewal replaced: it is on the certificate.
            .exclude(certificate__state=CertificateState.REPLACED)
            .first()
        )
        is_on_loan = gun is not None and (gun.is_borrowed or gun.status == GunStatus.LENT)
        # Only what was lent can come back.
        if notice.kind == NoticeKind.RETURNED and not is_on_loan:
            gun = None
        if gun is None:
            raise NotFound("There is no such gun.")
        return gun.certificate, gun
    if not notice.certificate_number:
        return None, None
    certificate = Certificate.objects.filter(
        number=notice.certificate_number, holder=holder
    ).first()
    if certificate is None:
        raise NotFound("There is no such certificate.")
    return certificate, None


def _move_holder(actor: Actor, at: datetime, person: Person, notice: HolderNotice) -> None:
    # A letter can lie while they tell us of the next move by other means.
    newer = HolderNotice.objects.filter(
        holder=person, kind=NoticeKind.ADDRESS, told_at__gt=notice.told_at
    )
    if newer.exists():
        return
    # Everything else stays as it is on record.
    details = replace(
        to_person_detail(person).as_input,
        address=LocationInput(address=notice.address, postcode=notice.postcode),
    )
    correct_person_row(
        actor=actor, at=at, person=person, details=details, reason=f"Notice {notice.reference}"
    )
