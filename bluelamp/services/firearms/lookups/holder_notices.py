"""What holders told us: the list for the licensing team, and one notice with its other side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncDate

from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.records.people.lookups import PersonDetail, to_person_detail
from bluelamp.services.firearms.models import Certificate, Gun, HealthNotice, HolderNotice
from bluelamp.services.firearms.policy import notice_policy
from bluelamp.services.firearms.reads import find_dealer_certificate
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import GunStatus
from bluelamp.services.firearms.rules.notice_actions import (
    MOST_DAYS_BETWEEN_SIDES,
    NoticeOutcome,
    days_of_other_side,
    list_outcomes,
    opposite_kind,
    standing_of_other_side,
)
from bluelamp.services.firearms.rules.notices import TRANSFERS, NoticeKind, OtherKind

PAGE_SIZE = 25
OPEN, UNMATCHED, DONE = "open", "unmatched", "done"
STATES = (OPEN, UNMATCHED, DONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderNoticeRow:
    """A notice in the list. `other_side` is an OtherSide."""

    reference: str
    kind: str
    way: str
    holder: str
    gun: str
    other_name: str
    happened_on: date | None
    told_at: datetime
    due_on: date | None
    is_late: bool
    other_side: str
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderNoticePage(ListPage):
    """A page of the list."""

    rows: tuple[HolderNoticeRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GunPlace:
    """Where a gun that was acquired can go: a free place of a firearm certificate, or a shotgun
    certificate, which needs none.
    """

    id: UUID
    certificate_number: str
    type: str
    calibre: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderNoticeDetail:
    """A notice as the holder gave it, the other side's, and what was done about it."""

    row: HolderNoticeRow
    holder: PersonDetail
    certificate_number: str
    is_abroad: bool
    gun_type: str
    gun_make: str
    gun_model: str
    gun_calibre: str
    serial_number: str
    other_kind: str
    other_address: str
    other_number: str
    address: str
    details: str
    means: str
    recorded_by_name: str
    other_reference: str
    outcomes: tuple[NoticeOutcome, ...]
    places: tuple[GunPlace, ...]
    is_of_dealer: bool
    reason: str
    acted_at: datetime | None
    acted_by_name: str


@lookup(permission="firearms.view", act="firearms.notices_listed")
def list_holder_notices(
    *, actor: Actor, at: datetime, state: str = OPEN, page: int = 1
) -> HolderNoticePage:
    """Return a page of notices: those to act on (late ones first), unmatched, or done."""
    notices = _filter_notices(actor, state, today=london_date(at))
    total = notices.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    order = ("-told_at", "-id") if state == DONE else ("-was_late", "told_at", "id")
    notices = notices.select_related("holder", "action")
    rows = read_page(notices, *order, page=page, size=PAGE_SIZE)
    record_act(None, detail={"count": total})
    return HolderNoticePage(
        rows=tuple(_to_row(row, at) for row in rows), total=total, page=page, pages=pages
    )


@lookup(permission="firearms.view", act="firearms.notice_viewed")
def get_holder_notice(*, actor: Actor, at: datetime, reference: str) -> HolderNoticeDetail:
    """Return one notice. Raises NotFound where the actor's force has none of this reference."""
    # First whether the actor may see it: the policy knows nothing of annotations.
    own = notice_policy.get(actor, reference=reference)
    notice = _annotate_notices(HolderNotice.objects.filter(id=own.id)).get()
    record_act(notice, ref=notice.reference)
    # Without the default, a one-to-one that is not there raises.
    action = getattr(notice, "action", None)
    other = _find_other_side(notice)
    places = _list_places(notice) if notice.kind == NoticeKind.ACQUIRED else ()
    return HolderNoticeDetail(
        row=_to_row(notice, at),
        holder=to_person_detail(notice.holder),
        certificate_number=notice.certificate.number if notice.certificate else "",
        is_abroad=notice.is_abroad,
        gun_type=notice.gun_type,
        gun_make=notice.gun_make,
        gun_model=notice.gun_model,
        gun_calibre=notice.gun_calibre,
        serial_number=notice.serial_number,
        other_kind=notice.other_kind,
        other_address=notice.other_address,
        other_number=notice.other_number,
        address=", ".join(filter(None, (notice.address, notice.postcode))),
        details=notice.details,
        means=notice.means,
        recorded_by_name=notice.recorded_by_name,
        other_reference=other.reference if other else "",
        # What has no place on a certificate cannot be put on one.
        outcomes=list_outcomes(notice.kind, has_gun=bool(places) or notice.gun_id is not None),
        places=places,
        is_of_dealer=find_dealer_certificate(notice.holder_id) is not None,
        reason=action.reason if action else "",
        acted_at=action.acted_at if action else None,
        acted_by_name=action.acted_by_name if action else "",
    )


@lookup(
    permission="firearms.read_medical",
    act="firearms.health_notice_read",
    category=Category.CONSULTATION,
)
def get_health_notice(*, actor: Actor, at: datetime, reference: str) -> str:
    """Return what a holder wrote of their health, "" where the notice is about something else."""
    notice = notice_policy.get(actor, reference=reference)
    health = HealthNotice.objects.filter(notice=notice).first()
    record_act(notice, ref=notice.reference)
    return health.details if health else ""


def _filter_notices(actor: Actor, state: str, *, today: date) -> QuerySet[HolderNotice]:
    notices = _annotate_notices(notice_policy.queryset(actor))
    if state == DONE:
        return notices.filter(action__isnull=False)
    if state == UNMATCHED:
        # Acted on or not: the other side's silence is a question of its own.
        return notices.filter(
            Q(("has_other_side", False)), kind__in=TRANSFERS, due_on__lt=today
        ).exclude(other_kind=OtherKind.OTHER)
    return notices.filter(action__isnull=True)


def _annotate_notices(notices: QuerySet[HolderNotice]) -> QuerySet[HolderNotice]:
    # The same days as in `days_of_other_side`: a gun may change hands again years later.
    span = timedelta(days=MOST_DAYS_BETWEEN_SIDES)
    other = HolderNotice.objects.filter(
        force=OuterRef("force"),
        serial_key=OuterRef("serial_key"),
        kind__in=TRANSFERS,
        happened_on__gte=ExpressionWrapper(OuterRef("happened_on") - span, DateField()),
        happened_on__lte=ExpressionWrapper(OuterRef("happened_on") + span, DateField()),
    ).exclude(Q(serial_key="") | Q(kind=OuterRef("kind")) | Q(holder=OuterRef("holder")))
    # Without a number nothing says that two guns are one; and nobody is their own other side.
    return notices.annotate(
        has_other_side=Exists(other),
        was_late=ExpressionWrapper(
            Q(due_on__isnull=False) & Q(due_on__lt=TruncDate(F("told_at"), tzinfo=LONDON)),
            output_field=BooleanField(),
        ),
    )


def _find_other_side(notice: HolderNotice) -> HolderNotice | None:
    """Return the other holder's notice of the same gun, the one whose day is the nearest."""
    if notice.kind not in TRANSFERS or not notice.serial_key or notice.happened_on is None:
        return None
    day = notice.happened_on
    others = HolderNotice.objects.filter(
        force=notice.force,
        serial_key=notice.serial_key,
        kind=opposite_kind(notice.kind),
        happened_on__range=days_of_other_side(day),
    ).exclude(holder_id=notice.holder_id)
    return min(others, key=lambda other: abs((other.happened_on or day) - day), default=None)


def _list_places(notice: HolderNotice) -> tuple[GunPlace, ...]:
    certificates = Certificate.objects.filter(
        holder_id=notice.holder_id, state=CertificateState.IN_FORCE
    )
    shotgun = certificates.filter(kind=CertificateKind.SHOTGUN).order_by("number")
    # Not what was revoked in part (1968 Act s.30B): it may not be acquired any more.
    free = Gun.objects.filter(
        certificate__in=certificates, status=GunStatus.AUTHORISED, revoked_by=None
    ).select_related("certificate")
    return (
        *(
            GunPlace(
                id=place.id,
                certificate_number=place.certificate.number,
                type=place.type,
                calibre=place.calibre,
            )
            for place in free.order_by("certificate__number", "id")
        ),
        *(
            GunPlace(id=row.id, certificate_number=row.number, type="shotgun", calibre="")
            for row in shotgun
        ),
    )


def _to_row(notice: HolderNotice, at: datetime) -> HolderNoticeRow:
    action = getattr(notice, "action", None)
    parts = (notice.gun_make, notice.gun_model, notice.gun_calibre, notice.serial_number)
    return HolderNoticeRow(
        reference=notice.reference,
        kind=notice.kind,
        way=notice.way,
        holder=notice.holder.name,
        gun=", ".join(filter(None, parts)),
        other_name=notice.other_name,
        happened_on=notice.happened_on,
        told_at=notice.told_at,
        due_on=notice.due_on,
        is_late=notice.is_late,
        other_side=standing_of_other_side(
            kind=notice.kind,
            other_kind=notice.other_kind,
            due_on=notice.due_on,
            is_matched=bool(getattr(notice, "has_other_side", False)),
            today=london_date(at),
        ),
        outcome=action.outcome if action else "",
    )
