"""What is done with reports: draft, submit, decide."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models
from procrastinate.contrib.django import app

from bluelamp.casework.reports.events import ReportFoundNotCrime, ReportSubmitted
from bluelamp.casework.reports.models import Report, ReportDraft, ReportItem
from bluelamp.casework.reports.queries import (
    DraftView,
    draft_item_ids,
    draft_view,
    find_report,
    held_draft,
)
from bluelamp.casework.reports.rules import (
    DRAFT_LASTS,
    FIELDS,
    MOST_ITEMS,
    REFERENCE_BITS,
    Channel,
    ReportAnswers,
    ReportState,
    canonical_sha256,
    check_answers,
    is_high_harm,
    item_purpose,
    read_answers,
    reference_for,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.foundation.kernel.receipts import claim
from bluelamp.foundation.kernel.rows import insert_if_new
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.commands import keep_place, keep_places, person_meant
from bluelamp.records.people.rules import PersonDetails, PlaceDetails, fits, storable
from bluelamp.records.reference.rules import compact


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """The answer to a report: its reference. `is_new` is False where the same report had arrived
    before.
    """

    report_id: UUID
    reference: str
    is_new: bool


@command(may="report.submit", act="report.draft_started", category=Category.COLLECTION)
def start_draft(*, actor: Actor, at: datetime) -> tuple[DraftView, str]:
    """Start a draft of a report; returns it with the secret its holder needs, which is not kept."""
    secret = secrets.token_urlsafe(32)
    draft = ReportDraft.objects.create(
        force=actor.force,
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        started_at=at,
        expires_at=at + DRAFT_LASTS,
    )
    record_act(draft)
    return draft_view(draft), secret


@command(may="report.submit", act="report.draft_saved", category=Category.COLLECTION)
def save_answers(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, answers: Mapping[str, str]
) -> DraftView:
    """Keep answers as typed, right or wrong, over those of the same name. Unknown names are left
    out.

    Raises NotFound, and Refused only for what no database column could hold: NUL, or over 20,000
    characters.
    """
    draft = held_draft(draft_id=draft_id, secret=secret, at=at, lock=True)
    told = {name: value for name, value in answers.items() if name in FIELDS}
    storable(told)
    for name, value in told.items():
        if len(value) > 20_000:
            raise Refused("This is too long to keep.", field=name)
    draft.answers = {**draft.answers, **told}
    draft.save(update_fields=["answers"])
    record_act(draft, detail={"fields": sorted(told)})
    return draft_view(draft)


@command(may="report.submit", act="report.draft_item_dropped")
def drop_draft_item(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, item_id: UUID
) -> DraftView:
    """Take an item out of a draft. The evidence itself is kept: what was handed in is never thrown
    away.
    """
    draft = held_draft(draft_id=draft_id, secret=secret, at=at, lock=True)
    if item_id not in draft.dropped_item_ids:
        draft.dropped_item_ids = [*draft.dropped_item_ids, item_id]
    draft.save(update_fields=["dropped_item_ids"])
    record_act(draft, detail={"item": str(item_id)})
    return draft_view(draft)


@command(may="report.submit", act="report.draft_forgotten", category=Category.ERASURE)
def forget_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> None:
    """Remove a draft at once, as its holder asks; what was handed in with it is kept, and so is a
    report made of it.

    Raises NotFound.
    """
    draft = held_draft(draft_id=draft_id, secret=secret, at=at, lock=True)
    record_act(draft)
    draft.delete()


@command(may="report.submit", act="report.submitted", category=Category.COLLECTION)
def submit_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> Submitted:
    """Make a draft a report, whose id is the draft's. Twice is once: the same reference is
    answered.

    Raises NotFound; Refused with a sentence for every field to be put right; Conflict where it was
    sent already and its answers were changed since.
    """
    draft = held_draft(draft_id=draft_id, secret=secret, at=at, lock=True)
    answers = read_answers(draft.answers, at=at)
    return put_on_record(actor, at, draft.id, answers, draft_item_ids(draft), Channel.WEB, None)


@command(may="report.submit", act="report.submitted", category=Category.COLLECTION)
def submit_report(
    *,
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    item_ids: Sequence[UUID] = (),
    channel: str = Channel.WEB,
    device_at: datetime | None = None,
) -> Submitted:
    """Take in a report under an id its sender made. Sent twice it is one report and the same
    reference.

    Its items must have been taken in for `item_purpose(report_id)`. Raises Refused, and Conflict
    where the id was received with other answers or an item belongs to another report.
    """
    return put_on_record(actor, at, report_id, answers, item_ids, channel, device_at)


@command(may="crime.record", act="report.found_not_crime")
def mark_not_crime(*, actor: Actor, at: datetime, reference: str, reason: str) -> None:
    """Decide that a report is not a crime, with the reason the person reporting is told (NCRS:
    auditable rationale).

    Raises NotFound, Refused without a reason, Conflict once it was decided.
    """
    report = find_report(force=actor.force, reference=reference, lock=True)
    said = fits(reason, limit=4000, field="reason", what="The reason")
    if not said:
        raise Refused(
            "Say why this is not a crime. The person who reported it will be told.", field="reason"
        )
    _decide(report, ReportState.NOT_CRIME, actor, at, said)
    record_act(report, ref=report.reference)
    announce(
        ReportFoundNotCrime(
            report_id=report.id, reference=report.reference, force=report.force, at=at
        )
    )


@command(may="crime.record", act="report.recorded")
def mark_recorded(*, actor: Actor, at: datetime, reference: str) -> Report:
    """Close a report because a crime was recorded from it: for the crimes stage. Raises NotFound,
    Conflict.
    """
    report = find_report(force=actor.force, reference=reference, lock=True)
    _decide(report, ReportState.RECORDED, actor, at, "")
    record_act(report, ref=report.reference)
    return report


@command(may="report.submit", act="report.drafts_swept", category=Category.ERASURE)
def sweep_drafts(*, actor: Actor, at: datetime) -> int:
    """Remove the force's drafts that were kept their fourteen days; returns how many."""
    count, _ = ReportDraft.objects.filter(force=actor.force, expires_at__lte=at).delete()
    record_act(None, detail={"count": count})
    return count


@app.periodic(cron="23 3 * * *")
@app.task(name="reports.sweep_drafts", queueing_lock="reports.sweep_drafts", pass_context=False)
def sweep_drafts_every_night(timestamp: int) -> None:
    """Remove what drafts ran out since last night, force by force."""
    at = clock.now()
    over = ReportDraft.objects.filter(expires_at__lte=at)
    for force in sorted(set(over.values_list("force", flat=True))):
        keeper = Actor.system("keeper of drafts", force=force, permissions={"report.submit"})
        sweep_drafts(actor=keeper, at=at)


def put_on_record(
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    item_ids: Sequence[UUID],
    channel: str,
    device_at: datetime | None,
    *,
    is_new: bool | None = None,
) -> Submitted:
    """Do what `submit_report` does, inside a command. With `is_new` the caller claimed it and holds
    its items.
    """
    if not (claim_report(report_id, answers, item_ids) if is_new is None else is_new):
        known = Report.objects.only("reference").get(id=report_id)
        record_act(known, ref=known.reference, detail={"received": "before"})
        return Submitted(report_id=known.id, reference=known.reference, is_new=False)
    if errors := check_answers(answers, at=at):
        raise Refused(errors=errors)
    if channel not in set(Channel):
        raise Refused("There is no such way of reporting.", field="channel")
    if is_new is None:
        _check_items(actor, report_id, item_ids)
    scene, told_by = _scene(answers), _person_reporting(answers)
    if told_by.address:
        keep_places(actor=actor, places=[scene, told_by.address])
    location = keep_place(actor=actor, details=scene)
    person = person_meant(actor=actor, at=at, details=told_by)
    report = Report(
        id=report_id,
        force=actor.force,
        reference=_drawn_reference(),
        channel=channel,
        kind=answers.kind,
        narrative=answers.narrative.strip(),
        occurred_from=answers.occurred_from,
        occurred_to=answers.occurred_to,
        is_time_unsure=answers.is_time_unsure,
        location=location,
        place_detail=answers.place_detail.strip(),
        person_reporting=person,
        role=answers.role,
        contact_preference=answers.contact_preference,
        is_safe_to_contact=answers.is_safe_to_contact,
        language=answers.language.strip(),
        vrm=compact(answers.vrm),
        is_high_harm=is_high_harm(kind=answers.kind, narrative=answers.narrative),
        received_at=at,
        device_at=device_at,
        declared_true_at=at,
    )
    belonging: list[models.Model] = [
        ReportItem(report=report, item_id=item_id, position=position)
        for position, item_id in enumerate(item_ids, start=1)
    ]
    if person.is_new:
        belonging.append(person)
    try:
        while not insert_if_new(report, *belonging, by="reference"):
            report.reference, belonging = _drawn_reference(), []
    except IntegrityError:
        raise Conflict("One of the files belongs to another report.") from None
    announce(
        ReportSubmitted(
            report_id=report.id,
            reference=report.reference,
            force=report.force,
            at=at,
            is_high_harm=report.is_high_harm,
        )
    )
    record_act(report, ref=report.reference, detail={"channel": channel, "items": len(item_ids)})
    return Submitted(report_id=report.id, reference=report.reference, is_new=True)


def claim_report(report_id: UUID, answers: ReportAnswers, item_ids: Sequence[UUID]) -> bool:
    """Say whether a report is new, inside a command; a second sender waits for the first. Raises
    Refused, Conflict.
    """
    storable(answers.as_told())
    return claim(capture_id=report_id, sha256=canonical_sha256(answers, item_ids), kind="report")


def _check_items(actor: Actor, report_id: UUID, item_ids: Sequence[UUID]) -> None:
    if not item_ids:
        return
    if len(item_ids) > MOST_ITEMS:
        raise Refused(f"You can add {MOST_ITEMS} files at most.", field="items")
    held = Item.objects.filter(
        id__in=item_ids, force=actor.force, purpose=item_purpose(report_id)
    ).count()
    if held != len(set(item_ids)) or held != len(item_ids):
        raise Refused("One of the files has not arrived. Add it again.", field="items")


def _scene(answers: ReportAnswers) -> PlaceDetails:
    return PlaceDetails(
        address=answers.address,
        postcode=answers.postcode,
        easting=answers.easting,
        northing=answers.northing,
        latitude=answers.latitude,
        longitude=answers.longitude,
    )


def _person_reporting(answers: ReportAnswers) -> PersonDetails:
    home = PlaceDetails(address=answers.home_address, postcode=answers.home_postcode)
    return PersonDetails(
        given_name=answers.given_name,
        family_name=answers.family_name,
        business_name=answers.business_name,
        born_on=answers.born_on,
        phone=answers.phone,
        email=answers.email,
        preferred_contact=answers.contact_preference,
        is_safe_to_contact=answers.is_safe_to_contact,
        language=answers.language,
        address=home if answers.home_address.strip() or answers.home_postcode.strip() else None,
    )


def _drawn_reference() -> str:
    """Return a reference drawn by lot: nobody else's but for one chance in millions."""
    while not (reference := reference_for(secrets.randbits(REFERENCE_BITS))):
        pass
    return reference


def _decide(report: Report, state: ReportState, actor: Actor, at: datetime, reason: str) -> None:
    if report.state != ReportState.NEW:
        done = (
            "recorded as a crime"
            if report.state == ReportState.RECORDED
            else "found not to be a crime"
        )
        raise Conflict(f"{report.reference} has already been {done}.")
    report.state, report.decided_at, report.decided_by, report.decision_reason = (
        state,
        at,
        actor.id,
        reason,
    )
    report.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
