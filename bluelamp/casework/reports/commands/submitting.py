"""Submit a report: from a draft, or with all its answers at once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models

from bluelamp.casework.reports.events import ReportSubmitted
from bluelamp.casework.reports.models import Report, ReportDraft, ReporterChange, ReportItem
from bluelamp.casework.reports.questions import QUESTION_SET, current_questions, draft_questions
from bluelamp.casework.reports.reads import draft_item_ids, lock_draft_row
from bluelamp.casework.reports.rules import (
    CORRECTABLE_FACTS,
    MAX_ITEMS,
    REFERENCE_BITS,
    REPORTER_THINGS,
    Channel,
    ReportAnswers,
    answers_sha256,
    check_answers,
    from_values,
    is_high_harm,
    list_other_facts,
    parse_values,
    reference_for,
    report_subject,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.fast_sql import insert_or_ignore
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.commands import (
    get_or_create_location,
    get_or_create_locations,
    mark_not_safe_to_contact,
    match_person,
)
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import LocationInput, PersonInput, find_changed_facts
from bluelamp.records.reference.rules import parse_vrm

_ANSWER_NAMES = {field.name for field in fields(ReportAnswers)}
_PERSON_FIELDS = {field.name for field in fields(PersonInput)}
# `address` is where it happened in the answers, and where somebody lives in a person.
_PERSON_NAMES = (_ANSWER_NAMES & _PERSON_FIELDS) - {"address"}
_REPORT_NAMES = (_ANSWER_NAMES & {field.name for field in Report._meta.fields}) - {"vrm"}


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReport:
    """A report as it was sent, under an id that its sender made. `device_at` is their clock's."""

    report_id: UUID
    answers: ReportAnswers
    item_ids: Sequence[UUID] = ()
    channel: str = Channel.WEB
    device_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedAnswers:
    """The values of answers that are in order, and the questions that they answer."""

    question_set: QuestionSet
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmittedReport:
    """What the sender of a report is told. `is_new` is False where it had arrived before."""

    report_id: UUID
    reference: str
    is_new: bool


@command(permission="report.submit", act="report.submitted", category=Category.COLLECTION)
def submit_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> SubmittedReport:
    """Make a report of a draft, with the draft's id. Done twice, it is one report.

    Raises:
        NotFound: There is no such draft, or it has expired.
        Refused: With a problem for every answer that is to be put right.
        Conflict: It was submitted already and its answers were changed since.
    """
    draft = lock_draft_row(draft_id=draft_id, secret=secret, at=at)
    question_set = draft_questions(draft)
    values = parse_values(question_set, draft.answers, at=at)
    new = NewReport(report_id=draft.id, answers=from_values(values), item_ids=draft_item_ids(draft))
    checked = CheckedAnswers(question_set=question_set, values=values)
    submitted = _submit(actor=actor, at=at, new=new, checked=checked)
    # The second time, the change is on record already.
    if draft.known_person and submitted.is_new:
        _record_reporter_change(actor, at, draft, draft.known_person, new.answers)
    return submitted


@command(permission="report.submit", act="report.submitted", category=Category.COLLECTION)
def submit_report(
    *,
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    item_ids: Sequence[UUID] = (),
    channel: str = Channel.WEB,
    device_at: datetime | None = None,
) -> SubmittedReport:
    """Receive a report under an id that its sender made. Sent twice, it is one report.

    Its items must have been received for `report_subject(report_id)`.

    Raises:
        Refused: An answer is to be put right, or an item did not arrive.
        Conflict: The id was received with other answers, or an item belongs to another report.
    """
    new = NewReport(
        report_id=report_id,
        answers=answers,
        item_ids=item_ids,
        channel=channel,
        device_at=device_at,
    )
    return _submit(actor=actor, at=at, new=new)


def _submit(
    *, actor: Actor, at: datetime, new: NewReport, checked: CheckedAnswers | None = None
) -> SubmittedReport:
    # Before the answers are checked: a report that arrived is answered as it was then, even where
    # the questions have changed since.
    if not record_report_receipt(new):
        return return_existing_report(new.report_id)
    checked = checked or require_valid_answers(new.answers, at=at)
    if new.channel not in set(Channel):
        raise Refused("reports.channel_unknown", field="channel")
    _require_items(actor, new)
    return create_report(actor=actor, at=at, new=new, checked=checked)


def record_report_receipt(new: NewReport) -> bool:
    """Return whether a report is new; a second sender of the same waits for the first.

    Raises:
        Refused: An answer cannot be stored.
        Conflict: The id was received with other answers or items.
    """
    reject_unstorable(new.answers.as_dict())
    sha256 = answers_sha256(new.answers, new.item_ids)
    return record_receipt(capture_id=new.report_id, sha256=sha256, kind="report")


def return_existing_report(report_id: UUID) -> SubmittedReport:
    """Return what the sender of a report was told the first time, and record that it came again."""
    report = Report.objects.only("reference").get(id=report_id)
    record_act(report, ref=report.reference, detail={"received": "before"})
    return SubmittedReport(report_id=report.id, reference=report.reference, is_new=False)


def require_valid_answers(answers: ReportAnswers, *, at: datetime) -> CheckedAnswers:
    """Return the values of a report's answers, by the questions that are in force.

    Raises:
        Refused: With every problem of the answers.
    """
    question_set = current_questions(at)
    values, problems = check_answers(question_set, answers, at=at)
    if problems:
        raise Refused(errors=problems)
    return CheckedAnswers(question_set=question_set, values=values)


def create_report(
    *, actor: Actor, at: datetime, new: NewReport, checked: CheckedAnswers
) -> SubmittedReport:
    """Write a report that is new and whose answers and items are in order, and record the act.

    This is a part of a command, which has called `record_report_receipt` and
    `require_valid_answers` and has its items.

    Raises:
        Refused: A detail of the person or the location is wrong.
        Conflict: An item belongs to another report.
    """
    answers = new.answers
    scene, person_input = _scene_input(answers), _person_input(answers, checked.question_set)
    # Both places in one fixed order, so that two reports of the same two never wait for each other.
    if person_input.address:
        get_or_create_locations(actor=actor, locations=[scene, person_input.address])
    location = get_or_create_location(actor=actor, details=scene)
    person = match_person(actor=actor, at=at, details=person_input)
    report = Report(
        id=new.report_id,
        force=actor.force,
        reference=_random_reference(),
        channel=new.channel,
        **_report_columns(answers),
        location=location,
        person_reporting=person,
        vrm=parse_vrm(answers.vrm) or "",
        question_set=QUESTION_SET,
        question_set_version=checked.question_set.version,
        answers=checked.values,
        is_high_harm=is_high_harm(kind=answers.kind, narrative=answers.narrative),
        received_at=at,
        device_at=new.device_at,
        declared_true_at=at,
    )
    related: list[models.Model] = [
        ReportItem(report=report, item_id=item_id, position=position)
        for position, item_id in enumerate(new.item_ids, start=1)
    ]
    if person.is_new:
        related.append(person)
    try:
        # All in one round trip. The related rows are inserted in any case, and refer to the report
        # by its id, so a second try has only the report left to insert.
        while not insert_or_ignore(report, *related, conflict_column="reference"):
            report.reference, related = _random_reference(), []
    # The reference is dealt with above, so it is `ReportItem.item`, which is unique.
    except IntegrityError:
        raise Conflict("reports.item_of_another_report") from None
    publish(
        ReportSubmitted(
            report_id=report.id,
            reference=report.reference,
            force=report.force,
            at=at,
            is_high_harm=report.is_high_harm,
        )
    )
    detail = {"channel": new.channel, "items": len(new.item_ids)}
    record_act(report, ref=report.reference, detail=detail)
    return SubmittedReport(report_id=report.id, reference=report.reference, is_new=True)


def _record_reporter_change(
    actor: Actor, at: datetime, draft: ReportDraft, person: Person, answers: ReportAnswers
) -> None:
    """Record what somebody changed of what we had filled in from their record, for the desk.

    The record itself changes only where they say that it is not safe: a message too few does less
    harm than one too many. Anything else could be said by whoever made them tell their passphrase.
    """
    changed = find_changed_facts(
        draft_questions(draft), draft.answers, draft.sources, things=REPORTER_THINGS, at=at
    )
    if answers.is_safe_to_contact is False:
        details = PersonInput(
            is_safe_to_contact=False,
            safe_contact=answers.safe_contact,
            safe_contact_detail=answers.safe_contact_detail,
        )
        mark_not_safe_to_contact(actor=actor, at=at, person=person, details=details)
    if facts := {name: text for name, text in changed.items() if name in CORRECTABLE_FACTS}:
        ReporterChange.objects.create(report_id=draft.id, person=person, facts=facts)


def _require_items(actor: Actor, new: NewReport) -> None:
    """Raise Refused unless every item arrived for this report, each named once."""
    if not new.item_ids:
        return
    if len(new.item_ids) > MAX_ITEMS:
        raise Refused("reports.too_many_items", field="items", max_items=MAX_ITEMS)
    count = Item.objects.filter(
        id__in=new.item_ids, force=actor.force, **report_subject(new.report_id).as_columns()
    ).count()
    # An id that is named twice is counted once, and so refused too.
    if count != len(new.item_ids):
        raise Refused("reports.item_missing", field="items")


def _scene_input(answers: ReportAnswers) -> LocationInput:
    return LocationInput(
        address=answers.address,
        postcode=answers.postcode,
        easting=answers.easting,
        northing=answers.northing,
        latitude=answers.latitude,
        longitude=answers.longitude,
    )


def _person_input(answers: ReportAnswers, question_set: QuestionSet) -> PersonInput:
    """Return the person reporting: what has a name of its own, and what other answers become."""
    home = LocationInput(address=answers.home_address, postcode=answers.home_postcode)
    facts: dict[str, Any] = {name: getattr(answers, name) for name in _PERSON_NAMES}
    facts |= {
        name: value
        for name, value in list_other_facts(question_set, answers, thing="reporter").items()
        if name in _PERSON_FIELDS and isinstance(value, str)
    }
    return PersonInput(
        **facts,
        preferred_contact=answers.contact_preference,
        address=home if home.address.strip() or home.postcode.strip() else None,
    )


def _report_columns(answers: ReportAnswers) -> dict[str, Any]:
    """Return the columns of a report that are the answers of the same names."""
    values = {name: getattr(answers, name) for name in _REPORT_NAMES}
    return {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }


def _random_reference() -> str:
    """Return a random reference. Somebody else's has it once in millions of reports."""
    # Five numbers in 37 have no reference: their check symbol would be a sign.
    while not (reference := reference_for(secrets.randbits(REFERENCE_BITS))):
        pass
    return reference
