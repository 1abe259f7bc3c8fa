"""What holders see of their certificates, and of what they told us."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.rules import ENGLISH
from bluelamp.services.firearms.lookups.own_decisions import OwnDecision, find_own_decision
from bluelamp.services.firearms.models import Application, Certificate, Gun, HolderNotice
from bluelamp.services.firearms.reads import require_holder, require_session
from bluelamp.services.firearms.rules.clocks import FIRST_REMINDER
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import (
    EXTENSION,
    RENEWABLE,
    CertificateState,
    first_day_in_force,
)
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus
from bluelamp.services.firearms.rules.listed_guns import NOT_STATED


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnGun:
    """A gun that a holder has, or may get. `name` says make, kind and calibre on one line.

    `is_held` says that it is theirs or with them; `lent_to` names who has it now, "" for nobody.
    """

    id: UUID
    name: str
    serial_number: str
    is_held: bool
    is_borrowed: bool
    lent_to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCertificate:
    """A certificate, as its holder sees it.

    Attributes:
        is_in_force: Whether it counts today, with the extension that a renewal brought.
        is_extended: Whether the statutory extension runs (Firearms Act 1968 s.28B).
        apply_by: By when a complete renewal keeps it in force while we decide.
        can_renew: Whether it ends soon enough for a renewal.
        must_apply_again: Whether it ends soon, and is of a kind that no renewal form is for.
        decision: Its revocation, in whole or in part; None where there is none to show.
    """

    number: str
    kind: str
    state: str
    expires_on: date
    valid_until: date
    is_in_force: bool
    is_extended: bool
    apply_by: date
    can_renew: bool
    must_apply_again: bool
    public_code: str
    guns: tuple[OwnGun, ...]
    ammunition: tuple[tuple[str, int], ...]
    decision: OwnDecision | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnNotice:
    """What a holder told us. Of their health only that they did."""

    reference: str
    kind: str
    way: str
    gun: str
    other_name: str
    happened_on: date | None
    told_at: datetime
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnApplication:
    """One of a holder's applications, and where it stands."""

    reference: str
    kind: str
    stage: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A holder, their certificates, what they applied for and what they told us.

    `followed` is the reference of the application that the session shows, "" where a certificate's
    number opened it. `language` is that of our messages, "en" or "cy".
    """

    name: str
    followed: str
    language: str
    address: str
    certificates: tuple[OwnCertificate, ...]
    applications: tuple[OwnApplication, ...]
    notices: tuple[OwnNotice, ...]


@lookup(permission="firearms.track", act="firearms.holder_seen")
def get_holder(*, actor: Actor, at: datetime, session_id: UUID) -> Holder:
    """Return whose certificates a session shows. Raises NotFound where the session ended."""
    person = require_holder(actor=actor, session_id=session_id, at=at)
    record_act(None, detail={"person": str(person.id)})
    certificates = (
        Certificate.objects.filter(force=actor.force, holder=person)
        .prefetch_related("guns", "ammunition")
        .order_by("-expires_on", "number")
    )
    # Answers are large and no page of a holder needs them.
    applications = Application.objects.filter(force=actor.force, applicant=person).defer("answers")
    notices = HolderNotice.objects.filter(force=actor.force, holder=person).order_by("-told_at")
    today = london_date(at)
    return Holder(
        name=person.name,
        followed=_find_followed(actor, session_id, at),
        language=_find_language(applications, certificates),
        address=person.address.in_one_line if person.address else "",
        certificates=tuple(_to_certificate(row, today) for row in certificates),
        applications=tuple(
            OwnApplication(
                reference=row.reference,
                kind=row.kind,
                stage=row.stage,
                received_at=row.received_at,
            )
            for row in applications.order_by("-received_at")
        ),
        notices=tuple(_to_notice(row) for row in notices),
    )


def _find_followed(actor: Actor, session_id: UUID, at: datetime) -> str:
    try:
        # Opened with the number of a certificate, the session shows no application.
        application_id = require_session(actor=actor, session_id=session_id, at=at)
    except NotFound:
        return ""
    return Application.objects.get(id=application_id).reference


def _find_language(applications: QuerySet[Application], certificates: QuerySet[Certificate]) -> str:
    # The latest that they sent us says most about what they want to read.
    latest = applications.order_by("-received_at").first() or certificates.first()
    return latest.language if latest else ENGLISH


def _to_certificate(row: Certificate, today: date) -> OwnCertificate:
    valid_until = row.extended_until or row.expires_on
    starts_on = first_day_in_force(row.valid_from, issued_on=row.issued_on)
    is_current = row.state == CertificateState.IN_FORCE
    # No sooner than we remind them: what they answer would be old by the time it counts.
    ends_soon = is_current and today >= row.expires_on - FIRST_REMINDER
    # Sorted here: `order_by` would not use what was prefetched.
    guns = sorted(row.guns.all(), key=lambda gun: (gun.status not in OWNED, gun.id))
    return OwnCertificate(
        number=row.number,
        kind=row.kind,
        state=row.state,
        expires_on=row.expires_on,
        valid_until=valid_until,
        is_in_force=is_current and starts_on <= today <= valid_until,
        is_extended=is_current and row.expires_on < today <= valid_until,
        apply_by=row.expires_on - EXTENSION,
        can_renew=ends_soon and row.kind in RENEWABLE,
        # Nobody applies for a temporary permit: somebody of the team issues another.
        must_apply_again=ends_soon
        and row.kind not in {*RENEWABLE, CertificateKind.TEMPORARY_PERMIT},
        public_code=row.public_code,
        guns=tuple(
            _to_gun(gun)
            for gun in guns
            if gun.status != GunStatus.DISPOSED and not gun.revoked_by_id
        ),
        ammunition=tuple((item.calibre, item.most_held) for item in row.ammunition.all()),
        decision=find_own_decision(row),
    )


def _to_gun(gun: Gun) -> OwnGun:
    return OwnGun(
        id=gun.id,
        name=name_gun(make=gun.make, model=gun.model, kind=gun.type, calibre=gun.calibre),
        serial_number=gun.serial_number,
        is_held=gun.status in OWNED,
        is_borrowed=gun.is_borrowed,
        lent_to=gun.passed_to_name if gun.status == GunStatus.LENT else "",
    )


def _to_notice(row: HolderNotice) -> OwnNotice:
    return OwnNotice(
        reference=row.reference,
        kind=row.kind,
        way=row.way,
        gun=name_gun(
            make=row.gun_make, model=row.gun_model, kind=row.gun_type, calibre=row.gun_calibre
        ),
        other_name=row.other_name,
        happened_on=row.happened_on,
        told_at=row.told_at,
        due_on=row.due_on,
        is_late=row.is_late,
    )


def name_gun(*, make: str, model: str, kind: str, calibre: str) -> str:
    """Return a gun on one line: "Tikka T3x, rifle, .308"."""
    maker = " ".join(part for part in (make, model) if part and part != NOT_STATED)
    return ", ".join(part for part in (maker, kind, calibre) if part and part != NOT_STATED)
