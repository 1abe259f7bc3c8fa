"""Applications that wait for a visit, with where they are, and the visits of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.expressions import Func
from django.db.models.functions import Cast, Coalesce

from bluelamp.foundation.accounts.lookups import UserDetail, list_officers_who_may
from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.records.evidence.models import Item
from bluelamp.records.reference.lookups import find_postcode_positions
from bluelamp.services.firearms.models import Check
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.checks import OPEN, CheckKind
from bluelamp.services.firearms.rules.stages import Stage, age_in_days
from bluelamp.services.firearms.rules.visits import get_outward_code

PAGE_SIZE = 26
"""One for each letter on the map."""
# The first half of a postcode has 2 to 4 characters: E1, SE15, EC1A.
MAX_AREA_LENGTH = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRow:
    """An application that waits for a visit. `easting` and `northing` are metres, None if unknown.

    `days` is how long we have had it. `planned_at` and `planned_for` are of a visit that is
    planned.
    """

    reference: str
    kind: str
    certificates: str
    applicant: str
    address: str
    phone: str
    area: str
    days: int
    owner: str
    planned_at: datetime | None
    planned_for: str
    easting: float | None
    northing: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitPage(ListPage):
    """A page of them. `areas` are the parts of the force area, each with how many wait there."""

    rows: tuple[VisitRow, ...]
    areas: tuple[tuple[str, int], ...]


@lookup(permission="firearms.check", act="firearms.visits_listed")
def list_visits(*, actor: Actor, at: datetime, area: str = "", page: int = 1) -> VisitPage:
    """Return a page of those that wait for a visit, by area, the oldest of each first."""
    waiting = _waiting(actor)
    # As expressions: mypy does not know the name of an annotation.
    counts = waiting.values_list(F("area")).annotate(count=Count("id")).order_by(F("area"))
    areas = tuple((str(name), int(count)) for name, count in counts)
    area = area[:MAX_AREA_LENGTH].upper()
    if area:
        waiting = waiting.filter(Q(("area", area)))
    # Counted already: one query fewer.
    total = sum(count for name, count in areas if not area or name == area)
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    order = ("area", "application__received_at", "id")
    rows = _to_rows(read_page(waiting, *order, page=page, size=PAGE_SIZE), at)
    record_act(None, detail={"references": [row.reference for row in rows]})
    return VisitPage(rows=rows, areas=areas, total=total, page=page, pages=pages)


@lookup(
    permission="firearms.check", act="firearms.visits_of_day_listed", category=Category.CONSULTATION
)
def list_visits_of_day(
    *, actor: Actor, at: datetime, day: date, officer_id: UUID | None = None
) -> tuple[VisitRow, ...]:
    """Return the visits that are planned for a day, in their order; of one officer or all."""
    start = datetime.combine(day, datetime.min.time(), tzinfo=LONDON)
    # By the clock on the wall: on two days of the year the next midnight is not 24 hours later.
    planned = _waiting(actor).filter(
        planned_at__gte=start, planned_at__lt=start + timedelta(days=1)
    )
    if officer_id:
        planned = planned.filter(planned_for_id=officer_id)
    rows = _to_rows(planned.order_by("planned_at", "id"), at)
    record_act(None, detail={"references": [row.reference for row in rows]})
    return rows


@lookup(permission="firearms.check", act="firearms.own_visits_listed")
def list_own_visits(*, actor: Actor, at: datetime) -> tuple[VisitRow, ...]:
    """Return the visits that are planned for the actor, from today on, the next one first."""
    start = at.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    planned = _waiting(actor).filter(planned_for_id=actor.id, planned_at__gte=start)
    rows = _to_rows(planned.order_by("planned_at", "id"), at)
    record_act(None, detail={"count": len(rows)})
    return rows


@dataclass(frozen=True, slots=True)
class ReceivedPhoto:
    """A photo as we have it: its hash in lower-case hexadecimal, and its size in bytes."""

    id: UUID
    sha256: str
    size: int
    received_at: datetime


@lookup(permission="firearms.check", act="firearms.visit_photo_receipt_read")
def get_visit_photo(*, actor: Actor, at: datetime, photo_id: UUID) -> ReceivedPhoto:
    """Return what we have of a photo that was taken at a visit with the officer app.

    Raises:
        NotFound: Not every byte has arrived, or it is no photo of a visit of the actor's force.
    """
    item = (
        Item.objects.select_related("blob")
        .filter(id=photo_id, force=actor.force, subject_kind="application", origin="visit")
        .first()
    )
    if item is None:
        raise NotFound("There is no such photo.")
    record_act(None, detail={"item": str(item.id)})
    return ReceivedPhoto(item.id, item.sha256, item.blob.size, item.received_at)


def list_visitors(*, force: str) -> list[UserDetail]:
    """Return who can make a visit: active staff of the force who may check applicants."""
    return list_officers_who_may("firearms.check", force=force)


def _waiting(actor: Actor) -> QuerySet[Check]:
    # A visit is one of the checks, which are made in this stage alone.
    applications = application_policy.queryset(actor).filter(stage=Stage.CHECKS)
    postcode = Coalesce(F("application__applicant__address__postcode"), Value(""))
    return (
        Check.objects.filter(
            application__in=applications.values("id"), kind=CheckKind.VISIT, state=OPEN
        )
        .select_related("application__applicant__address", "application__owner", "planned_for")
        # Answers are large and no list needs them.
        .defer("application__answers")
        # As `get_outward_code` has it, so that the database can group and filter by it.
        .annotate(
            area=Func(
                Cast(postcode, CharField()),
                Value(" "),
                Value(1),
                function="split_part",
                output_field=CharField(),
            )
        )
    )


def _to_rows(checks: Iterable[Check], at: datetime) -> tuple[VisitRow, ...]:
    rows = list(checks)
    addresses = [check.application.applicant.address for check in rows]
    # Typed addresses have no position of their own: the postcode's is near enough for a round.
    positions = find_postcode_positions(
        address.postcode for address in addresses if address and address.easting is None
    )
    return tuple(_to_row(check, positions, at) for check in rows)


def _to_row(check: Check, positions: Mapping[str, tuple[int, int]], at: datetime) -> VisitRow:
    application = check.application
    applicant, address = application.applicant, application.applicant.address
    position = None
    if address and address.easting is not None and address.northing is not None:
        position = (address.easting, address.northing)
    elif address:
        position = positions.get(address.postcode)
    return VisitRow(
        reference=application.reference,
        kind=application.kind,
        certificates=application.certificates,
        applicant=applicant.name,
        address=address.in_one_line if address else "",
        phone=applicant.phone,
        area=get_outward_code(address.postcode) if address else "",
        days=age_in_days(application.received_at, at=at),
        owner=application.owner.display_name if application.owner else "",
        planned_at=check.planned_at,
        planned_for=check.planned_for.display_name if check.planned_for else "",
        easting=position[0] if position else None,
        northing=position[1] if position else None,
    )
