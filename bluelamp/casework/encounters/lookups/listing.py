"""Look up lists of encounters, the latest first. Corrected ones are left out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.casework.encounters.rules import SCENE_KINDS, EncounterKind, parse_encounter_reference
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.text import clean_query, tokens

PAGE_SIZE = 25
MAX_OFFICER_WORDS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class EncounterFilter:
    """What narrows a list of encounters: dates in London, both included, "" or None for all.

    `officer` is some of the officer's name or collar number. A reference finds that one.
    """

    from_: date | None = None
    to: date | None = None
    officer: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncounterRow:
    """An encounter in a list.

    `object` is what was looked for, or why the encounter was, and `outcome` how it ended; both as
    the form that was answered words them. `thing` is what was found, `vrm` the vehicle. `grade` is
    a RiskGrade.
    Each is "" where there is none. `is_returned` says that a supervisor gave it back, and
    `came_back` that it is the officer's correction of one that a supervisor gave back.
    """

    id: UUID
    reference: str
    kind: str
    happened_at: datetime
    place: str
    person: str
    recorded_by_name: str
    object: str
    outcome: str
    thing: str
    vrm: str
    crime_number: str
    grade: str
    version: int
    is_returned: bool
    came_back: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EncounterPage(ListPage):
    """A page of encounters. `total` counts the rows of all pages; `page` starts at 1."""

    rows: tuple[EncounterRow, ...]


@lookup(permission="encounter.view", act="encounter.own_listed")
def list_own_encounters(
    *, actor: Actor, at: datetime, kind: str, filters: EncounterFilter, page: int = 1
) -> EncounterPage:
    """Return a page of the encounters of a kind that the actor recorded."""
    rows = encounter_policy.queryset(actor).filter(kind=kind, recorded_by_id=actor.id)
    return _list_page(rows, filters, page)


@lookup(permission="encounter.view_all", act="encounter.listed")
def list_scene_encounters(
    *,
    actor: Actor,
    at: datetime,
    filters: EncounterFilter,
    kind: str = EncounterKind.STOP_SEARCH,
    page: int = 1,
) -> EncounterPage:
    """Return a page of the force's encounters of a kind of the scene, such as stop and searches."""
    # An assessment of risk has a permission of its own.
    if kind not in SCENE_KINDS:
        raise NotFound(encounter_policy.not_found)
    rows = encounter_policy.queryset(actor).filter(kind=kind)
    return _list_page(rows, filters, page)


@lookup(permission="risk.view_all", act="risk.listed")
def list_risk_assessments(
    *, actor: Actor, at: datetime, filters: EncounterFilter, page: int = 1
) -> EncounterPage:
    """Return a page of the force's risk assessments."""
    rows = encounter_policy.queryset(actor).filter(kind=EncounterKind.RISK_ASSESSMENT)
    return _list_page(rows, filters, page)


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in London."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def _list_page(
    encounters: QuerySet[Encounter], filters: EncounterFilter, page: int
) -> EncounterPage:
    encounters = encounters.filter(_filter_condition(filters))
    # What was corrected is reached from its correction, and counted once; but the person has the
    # reference of the first version.
    if not parse_encounter_reference(filters.officer):
        encounters = encounters.filter(corrected_by=None)
    total = encounters.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    encounters = encounters.select_related(
        "location",
        "person",
        "vehicle",
        "item",
        "risk_assessment",
        "returned",
        "corrects__returned",
    ).order_by("-happened_at", "-id")
    first = (page - 1) * PAGE_SIZE
    rows = tuple(_to_encounter_row(row) for row in encounters[first : first + PAGE_SIZE])
    record_act(None, detail={"references": [row.reference for row in rows]})
    return EncounterPage(rows=rows, total=total, page=page, pages=pages)


def _filter_condition(filters: EncounterFilter) -> Q:
    condition = Q()
    if filters.from_:
        condition &= Q(happened_at__gte=start_of_day(filters.from_))
    if filters.to:
        condition &= Q(happened_at__lt=start_of_day(filters.to + timedelta(days=1)))
    query = clean_query(filters.officer)
    if reference := parse_encounter_reference(query):
        return condition & Q(reference=reference)
    if query and not tokens(query):
        # Signs alone, such as %, name nobody. Without this they would match everybody.
        return Q(pk__in=())
    for word in query.split()[:MAX_OFFICER_WORDS]:
        condition &= Q(recorded_by_name__icontains=word)
    return condition


def _to_encounter_row(encounter: Encounter) -> EncounterRow:
    # Without the default, a one-to-one that is not there raises.
    assessment = getattr(encounter, "risk_assessment", None)
    return EncounterRow(
        id=encounter.id,
        reference=encounter.reference,
        kind=encounter.kind,
        happened_at=encounter.happened_at,
        place=(encounter.location.in_one_line if encounter.location else "")
        or encounter.place_detail,
        person=encounter.person.name if encounter.person else "",
        recorded_by_name=encounter.recorded_by_name,
        object=_answer_of(encounter, "search.object", "event.reason"),
        outcome=_answer_of(encounter, "search.outcome", "event.outcome"),
        thing=encounter.item.description if encounter.item else "",
        vrm=encounter.vehicle.vrm if encounter.vehicle else "",
        crime_number=assessment.crime_number if assessment else "",
        grade=assessment.grade if assessment else "",
        version=encounter.version,
        is_returned=hasattr(encounter, "returned"),
        came_back=bool(encounter.corrects and hasattr(encounter.corrects, "returned")),
    )


def _answer_of(encounter: Encounter, *facts: str) -> str:
    """Return the answer that becomes one of the facts, as the form words it; "" for none."""
    question_set = get_question_set(encounter.question_set, encounter.question_set_version)
    for question in question_set.questions:
        if question.becomes in facts and (code := encounter.answers.get(question.id)):
            return question.labels.get(code, str(code))
    return ""
