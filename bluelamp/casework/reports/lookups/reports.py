"""Look up one report, and who made it."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.reports.models import Report, ReporterChange
from bluelamp.casework.reports.policy import report_policy
from bluelamp.casework.reports.questions import (
    AnswerText,
    choice_label,
    current_questions,
    list_other_answers,
    report_questions,
)
from bluelamp.casework.reports.reads import find_report_row
from bluelamp.casework.reports.rules import (
    OFFENCE_SEARCH_BY_KIND,
    ReportAnswers,
    ReportDeadlines,
    deadlines_for,
    parse_reference,
    to_values,
    write_soh,
)
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.datetime_input import format_instant
from bluelamp.records.people.contact_facts import ContactFacts, to_contact_facts
from bluelamp.records.people.lookups import (
    LocationDetail,
    PersonDetail,
    to_location_detail,
    to_person_detail,
)
from bluelamp.records.people.models import Person


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPersonChange:
    """What somebody who reported again changed of what we had filled in from their record.

    `facts` is what they said that the record still has otherwise, as `with_facts` takes it.
    """

    person: PersonDetail
    facts: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDetail:
    """A whole report. `offence_search` is what a search for its offence may start with.

    `other_answers` are those to questions that have no field of their own here. `change` is what
    the person reporting says that an earlier record of them has otherwise, None for nothing.
    """

    id: UUID
    reference: str
    force: str
    channel: str
    state: str
    kind: str
    kind_title: str
    offence_search: str
    narrative: str
    occurred_from: datetime | None
    occurred_to: datetime | None
    is_time_unsure: bool
    location: LocationDetail | None
    place_detail: str
    person_reporting: PersonDetail
    role: str
    role_title: str
    contact_preference: str
    is_safe_to_contact: bool | None
    safe_contact: str
    safe_contact_detail: str
    language: str
    vrm: str
    other_answers: tuple[AnswerText, ...]
    is_high_harm: bool
    received_at: datetime
    device_at: datetime | None
    declared_true_at: datetime | None
    decided_at: datetime | None
    decision_reason: str
    item_ids: tuple[UUID, ...]
    change: KnownPersonChange | None
    deadlines: ReportDeadlines


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportContact:
    """Who made a report and how to contact them, with the state of the report.

    `is_safe_to_contact` is True only where they answered so, and nothing was said against it since.
    `facts` are what only they told us, to compare with what somebody types who asks for a code.
    """

    report_id: UUID
    reference: str
    force: str
    person_id: UUID
    name: str
    email: str
    phone: str
    contact_preference: str
    is_safe_to_contact: bool | None
    safe_contact: str
    safe_contact_detail: str
    language: str
    kind: str
    kind_title: str
    state: str
    received_at: datetime
    decided_at: datetime | None
    decision_reason: str
    facts: ContactFacts


@lookup(permission="report.view", act="report.viewed")
def get_report(*, actor: Actor, at: datetime, reference: str) -> ReportDetail:
    """Return a report by its reference, however it was typed.

    Raises:
        NotFound: There is no such report, or another force has it.
    """
    report = find_report_row(actor=actor, reference=reference)
    record_act(report, ref=report.reference)
    return to_report_detail(report, at)


@lookup(permission="report.view", act="report.downloaded")
def get_report_as_soh(*, actor: Actor, at: datetime, reference: str) -> dict[str, Any]:
    """Return a report in the JSON of Single Online Home, by its reference, however it was typed.

    Raises:
        NotFound: There is no such report, or another force has it.
    """
    report = find_report_row(actor=actor, reference=reference)
    record_act(report, ref=report.reference)
    # Reports from before there were question sets answer what the first set asks.
    question_set = report_questions(report) or current_questions(report.received_at)
    envelope = {
        "submissionId": str(report.id),
        "submitTime": format_instant(report.received_at),
        "forceIdentifier": int(report.force) if report.force.isdecimal() else report.force,
        "customerReferenceNumber": report.reference,
        "highHarmFlag": "Yes" if report.is_high_harm else "No",
    }
    values = report.answers if report.question_set else to_values(_answers_of_row(report))
    return write_soh(question_set, values, envelope)


@read_within_act
def contact_for_report(*, actor: Actor, reference: str) -> ReportContact | None:
    """Return who made a report and how to contact them, None where there is no such report.

    The caller decides who may know: the person reporting themselves has no permission to see a
    report, only a code.
    """
    rows = Report.objects.select_related("person_reporting__address", "location")
    # No report has the empty reference, so what cannot be a reference finds nothing.
    report = rows.filter(reference=parse_reference(reference) or "").first()
    if report is None:
        return None
    person = report.person_reporting
    is_safe, safe_contact, safe_contact_detail = _safe_contact_of(report)
    return ReportContact(
        report_id=report.id,
        reference=report.reference,
        force=report.force,
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        contact_preference=report.contact_preference,
        is_safe_to_contact=is_safe,
        safe_contact=safe_contact,
        safe_contact_detail=safe_contact_detail,
        language=report.language,
        kind=report.kind,
        kind_title=choice_label("kind", report.kind, at=report.received_at),
        state=report.state,
        received_at=report.received_at,
        decided_at=report.decided_at,
        decision_reason=report.decision_reason,
        facts=to_contact_facts(
            to_person_detail(person),
            postcodes=[report.location.postcode] if report.location else (),
        ),
    )


@read_within_act
def list_answers_by_report(
    *, actor: Actor, report_ids: Collection[UUID]
) -> dict[UUID, tuple[AnswerText, ...]]:
    """Return, for each report of the actor's force, its answers that it has no column for."""
    reports = report_policy.queryset(actor).filter(id__in=report_ids)
    columns = ("question_set", "question_set_version", "answers", "received_at")
    return {report.id: list_other_answers(report) for report in reports.only(*columns)}


def get_report_reference(*, actor: Actor, report_id: UUID) -> str:
    """Return the reference of a report that the actor may see, or "".

    A reference says nothing about anybody, so this is no act of its own.
    """
    rows = report_policy.queryset(actor).filter(id=report_id)
    return rows.values_list("reference", flat=True).first() or ""


def _safe_contact_of(report: Report) -> tuple[bool | None, str, str]:
    """Return whether it is safe to contact the person reporting, and how else to reach them.

    The answer is the report's own, unless they, or staff, said since that it is not safe. An
    earlier "no" doesn't count against a later report, whose form would otherwise show a stranger
    who types somebody's name and phone that she once said so.
    """
    person = report.person_reporting
    since = person.not_safe_since
    if person.is_safe_to_contact is False and since and since >= report.received_at:
        return False, person.safe_contact, person.safe_contact_detail
    return report.is_safe_to_contact, report.safe_contact, report.safe_contact_detail


def _find_change(report: Report) -> KnownPersonChange | None:
    change = ReporterChange.objects.filter(report=report).select_related("person__address").first()
    if change is None:
        return None
    person = to_person_detail(change.person)
    on_record = person.facts
    # What the record was corrected to since then is no change any more.
    facts = {name: text for name, text in change.facts.items() if text != on_record.get(name, "")}
    return KnownPersonChange(person=person, facts=facts) if facts else None


def _answers_of_row(report: Report) -> ReportAnswers:
    """Return the answers of a report that has only its columns, as far as they tell."""
    person, location = report.person_reporting, report.location
    names = {field.name for field in fields(ReportAnswers)} - {"others"}
    of_report = {field.name for field in Report._meta.concrete_fields} & names
    of_person = {field.name for field in Person._meta.concrete_fields} & names
    # A report and a person both have some of these names: at the time, the report said it.
    of_person -= {*of_report, "address"}
    home = person.address
    return ReportAnswers(
        **{name: getattr(person, name) for name in of_person},
        **{name: getattr(report, name) for name in of_report},
        **{
            name: getattr(location, name)
            for name in ("address", "postcode", "easting", "northing", "latitude", "longitude")
            if location
        },
        home_address=home.address if home else "",
        home_postcode=home.postcode if home else "",
        is_declared_true=report.declared_true_at is not None,
    )


def to_report_detail(report: Report, at: datetime) -> ReportDetail:
    """Return what lookups show of a report at an instant."""
    is_safe, safe_contact, safe_contact_detail = _safe_contact_of(report)
    return ReportDetail(
        id=report.id,
        reference=report.reference,
        force=report.force,
        channel=report.channel,
        state=report.state,
        kind=report.kind,
        kind_title=choice_label("kind", report.kind, at=report.received_at),
        offence_search=OFFENCE_SEARCH_BY_KIND.get(report.kind, ""),
        narrative=report.narrative,
        occurred_from=report.occurred_from,
        occurred_to=report.occurred_to,
        is_time_unsure=report.is_time_unsure,
        location=to_location_detail(report.location),
        place_detail=report.place_detail,
        person_reporting=to_person_detail(report.person_reporting),
        role=report.role,
        role_title=choice_label("role", report.role, at=report.received_at),
        contact_preference=report.contact_preference,
        is_safe_to_contact=is_safe,
        safe_contact=safe_contact,
        safe_contact_detail=safe_contact_detail,
        language=report.language,
        vrm=report.vrm,
        other_answers=list_other_answers(report),
        is_high_harm=report.is_high_harm,
        received_at=report.received_at,
        device_at=report.device_at,
        declared_true_at=report.declared_true_at,
        decided_at=report.decided_at,
        decision_reason=report.decision_reason,
        change=_find_change(report),
        item_ids=tuple(report.items.order_by("position").values_list("item_id", flat=True)),
        deadlines=deadlines_for(received_at=report.received_at, at=at),
    )
