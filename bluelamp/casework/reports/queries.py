"""Looking up reports: the crime desk's queue, one report, a draft for whoever holds its secret."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bluelamp.casework.reports.models import Report, ReportDraft, ReportItem
from bluelamp.casework.reports.rules import (
    KINDS,
    ROLES,
    Clock,
    clock_of,
    item_purpose,
    parse_reference,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.queries import item, items_for, read_bytes_of
from bluelamp.records.people.queries import PersonView, PlaceView, person_view, place_view
from bluelamp.records.people.rules import fold, searchable
from bluelamp.records.reference.rules import parse_postcode

PAGE = 25
ORDERS = {
    "urgent": ("-is_high_harm", "received_at", "id"),
    "oldest": ("received_at", "id"),
    "newest": ("-received_at", "-id"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftView:
    """Answers not yet sent, as typed, and the items that came with them."""

    id: UUID
    answers: dict[str, str]
    item_ids: tuple[UUID, ...]
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftItem:
    """A file that goes with a draft, as whoever handed it in may see it. `size` in bytes; `kind` as
    evidence has it.
    """

    id: UUID
    filename: str
    size: int
    kind: str
    has_picture: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """A report in the queue. `clock`: what is left of the 45 minutes and of the 24 hours."""

    id: UUID
    reference: str
    kind: str
    kind_title: str
    narrative: str
    received_at: datetime
    is_high_harm: bool
    state: str
    person_reporting: str
    place: str
    item_count: int
    clock: Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePage:
    """A page of the queue; `total` counts all pages' rows, `page` starts at 1."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """A report, whole. `suggested_offence_words` is what the search for an offence may start
    with.
    """

    id: UUID
    reference: str
    force: str
    channel: str
    state: str
    kind: str
    kind_title: str
    suggested_offence_words: str
    narrative: str
    occurred_from: datetime | None
    occurred_to: datetime | None
    is_time_unsure: bool
    location: PlaceView | None
    place_detail: str
    person_reporting: PersonView
    role: str
    role_title: str
    contact_preference: str
    is_safe_to_contact: bool
    language: str
    vrm: str
    is_high_harm: bool
    received_at: datetime
    device_at: datetime | None
    declared_true_at: datetime | None
    decided_at: datetime | None
    decision_reason: str
    item_ids: tuple[UUID, ...]
    clock: Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Reporter:
    """Who made a report and how to reach them: for confirming it and for following it."""

    report_id: UUID
    reference: str
    force: str
    person_id: UUID
    name: str
    email: str
    phone: str
    contact_preference: str
    is_safe_to_contact: bool
    language: str
    kind_title: str
    state: str
    received_at: datetime
    decided_at: datetime | None
    decision_reason: str


@lookup(may="report.submit", act="report.draft_read")
def read_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> DraftView:
    """Return a draft to whoever holds its secret. Raises NotFound, also once it has expired."""
    draft = held_draft(draft_id=draft_id, secret=secret, at=at)
    record_act(draft)
    return draft_view(draft)


@lookup(may="report.submit", act="report.draft_items_read")
def draft_items(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str
) -> tuple[DraftView, tuple[DraftItem, ...]]:
    """Return a draft with the files that go with it, in the order received. Raises NotFound."""
    draft = held_draft(draft_id=draft_id, secret=secret, at=at)
    view = draft_view(draft)
    held = {each.id: each for each in items_for(actor=actor, purpose=item_purpose(draft.id))}
    record_act(draft)
    return view, tuple(_draft_item(held[each]) for each in view.item_ids if each in held)


@lookup(may="report.submit", act="report.draft_picture_viewed")
def draft_picture(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, item_id: UUID
) -> tuple[bytes, str]:
    """Return the thumbnail of a draft's item and its media type, for whoever handed it in. Raises
    NotFound.

    Nothing and no type while there is none yet.
    """
    draft = held_draft(draft_id=draft_id, secret=secret, at=at)
    found = item(actor=actor, item_id=item_id)
    preview = found.previews.filter(kind="thumbnail").first()
    if found.purpose != item_purpose(draft.id) or found.is_held_back:
        raise NotFound("There is no such picture.")
    record_act(found, ref=found.filename)
    if preview is None:
        return b"", ""
    with read_bytes_of(sha256=preview.blob_id) as source:
        return source.read(), preview.media_type


@lookup(may="report.view", act="report.queue_viewed")
def queue(
    *,
    actor: Actor,
    at: datetime,
    state: str = "new",
    page: int = 1,
    q: str = "",
    order: str = "urgent",
    limit: int = PAGE,
) -> QueuePage:
    """Return a page of the force's reports in a state ("" for all), those that match every word
    typed.

    `limit` is how many a page holds.
    """
    found = Report.objects.filter(force=actor.force)
    if state:
        found = found.filter(state=state)
    found = _matching(found, searchable(q))
    total = found.count()
    pages = max(1, -(-total // limit))
    page = min(max(1, page), pages)
    items = ReportItem.objects.filter(report=OuterRef("pk")).order_by().values("report")
    rows = (
        found.select_related("location", "person_reporting")
        .annotate(
            item_count=Coalesce(Subquery(items.annotate(count=Count("*")).values("count")), 0)
        )
        .only(*_SHOWN)
        .order_by(*ORDERS.get(order, ORDERS["urgent"]))[(page - 1) * limit : page * limit]
    )
    answer = QueuePage(
        rows=tuple(_row(each, at) for each in rows), total=total, page=page, pages=pages
    )
    record_act(
        None,
        detail={
            "state": state,
            "q": searchable(q),
            "references": [row.reference for row in answer.rows],
        },
    )
    return answer


@lookup(may="report.view", act="report.viewed")
def view_report(*, actor: Actor, at: datetime, reference: str, why: str = "") -> ReportView:
    """Return a report of the actor's force by its reference, however typed. Raises NotFound."""
    report = find_report(force=actor.force, reference=reference)
    record_act(report, ref=report.reference, detail={"why": searchable(why)} if why else {})
    return ReportView(
        id=report.id,
        reference=report.reference,
        force=report.force,
        channel=report.channel,
        state=report.state,
        kind=report.kind,
        kind_title=KINDS[report.kind][0],
        suggested_offence_words=KINDS[report.kind][1],
        narrative=report.narrative,
        occurred_from=report.occurred_from,
        occurred_to=report.occurred_to,
        is_time_unsure=report.is_time_unsure,
        location=place_view(report.location),
        place_detail=report.place_detail,
        person_reporting=person_view(report.person_reporting),
        role=report.role,
        role_title=ROLES[report.role],
        contact_preference=report.contact_preference,
        is_safe_to_contact=report.is_safe_to_contact,
        language=report.language,
        vrm=report.vrm,
        is_high_harm=report.is_high_harm,
        received_at=report.received_at,
        device_at=report.device_at,
        declared_true_at=report.declared_true_at,
        decided_at=report.decided_at,
        decision_reason=report.decision_reason,
        item_ids=tuple(report.items.order_by("position").values_list("item_id", flat=True)),
        clock=clock_of(received_at=report.received_at, at=at),
    )


def reporter_of(*, reference: str) -> Reporter | None:
    """Return who made a report: for use inside a later stage's command or lookup, which records the
    act.
    """
    written = parse_reference(reference)
    report = (
        Report.objects.select_related("person_reporting").filter(reference=written or "").first()
    )
    if report is None:
        return None
    person = report.person_reporting
    return Reporter(
        report_id=report.id,
        reference=report.reference,
        force=report.force,
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        contact_preference=report.contact_preference,
        is_safe_to_contact=report.is_safe_to_contact,
        language=report.language,
        kind_title=KINDS[report.kind][0],
        state=report.state,
        received_at=report.received_at,
        decided_at=report.decided_at,
        decision_reason=report.decision_reason,
    )


def reference_of(*, report_id: UUID) -> str:
    """Return a report's reference by its id, or "": for use inside a later stage's command or
    lookup.
    """
    return Report.objects.filter(id=report_id).values_list("reference", flat=True).first() or ""


def find_report(*, force: str, reference: str, lock: bool = False) -> Report:
    """Return a report for use inside a command or lookup; `lock` holds it until the transaction
    ends.
    """
    reports = Report.objects.select_related("person_reporting__address", "location")
    if lock:
        reports = reports.select_for_update(of=("self",))
    report = reports.filter(force=force, reference=parse_reference(reference) or "").first()
    if report is None:
        raise NotFound("There is no such report.")
    return report


def held_draft(*, draft_id: UUID, secret: str, at: datetime, lock: bool = False) -> ReportDraft:
    """Return a draft for use inside a command or lookup. Raises NotFound."""
    drafts = ReportDraft.objects.select_for_update() if lock else ReportDraft.objects
    draft = drafts.filter(id=draft_id, expires_at__gt=at).first()
    given = hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
    if draft is None or not hmac.compare_digest(draft.secret_sha256, given):
        raise NotFound("There is no such draft, or it was kept too long ago.")
    return draft


def draft_view(draft: ReportDraft) -> DraftView:
    """Return what its holder may see of a draft."""
    return DraftView(
        id=draft.id,
        answers=dict(draft.answers),
        item_ids=tuple(draft_item_ids(draft)),
        started_at=draft.started_at,
        expires_at=draft.expires_at,
    )


def draft_item_ids(draft: ReportDraft) -> list[UUID]:
    """Return what goes with a draft: each item that arrived for it, in that order, unless it was
    taken out.
    """
    arrived = Item.objects.filter(force=draft.force, purpose=item_purpose(draft.id))
    every = arrived.order_by("received_at", "id").values_list("id", flat=True)
    return [each for each in every if each not in draft.dropped_item_ids]


def _draft_item(found: Item) -> DraftItem:
    return DraftItem(
        id=found.id,
        filename=found.filename,
        size=found.blob.size,
        kind=found.facts.get("kind", ""),
        has_picture=any(each.kind == "thumbnail" for each in found.previews.all()),
    )


def _matching(found: QuerySet[Report], q: str) -> QuerySet[Report]:
    if written := parse_reference(q):
        return found.filter(reference=written)
    if postcode := parse_postcode(q):
        return found.filter(location__postcode=postcode)
    for word in q.split()[:12]:
        named = Q(person_reporting__name_keys__contains=fold(word)) if fold(word) else Q()
        found = found.filter(
            named
            | Q(narrative__icontains=word)
            | Q(location__address__icontains=word)
            | Q(reference__icontains=word)
        )
    return found


_SHOWN = (
    *("reference", "kind", "narrative", "received_at", "is_high_harm", "state", "place_detail"),
    *(
        "person_reporting__given_name",
        "person_reporting__family_name",
        "person_reporting__business_name",
    ),
    *("location__address", "location__postcode"),
)


def _row(report: Report, at: datetime) -> QueueRow:
    return QueueRow(
        id=report.id,
        reference=report.reference,
        kind=report.kind,
        kind_title=KINDS[report.kind][0],
        narrative=report.narrative,
        received_at=report.received_at,
        is_high_harm=report.is_high_harm,
        state=report.state,
        person_reporting=report.person_reporting.name,
        place=report.location.in_one_line if report.location else report.place_detail,
        item_count=report.item_count,  # type: ignore[attr-defined]
        clock=clock_of(received_at=report.received_at, at=at),
    )
