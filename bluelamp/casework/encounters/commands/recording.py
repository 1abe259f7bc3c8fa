"""Record an encounter that an officer's device captured."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from bluelamp.casework.encounters.commands.receipts import create_receipt
from bluelamp.casework.encounters.events import EncounterRecorded
from bluelamp.casework.encounters.models import Encounter, StopSearch
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.casework.encounters.rules import (
    SCENE_KINDS,
    EncounterKind,
    RecordedEncounter,
    SceneEncounter,
    encounter_reference,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import QuestionSet, check_values, list_facts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.device_clock import (
    DeviceTimes,
    audit_clock,
    describe_clock,
    estimate_made_at,
)
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.people.commands import (
    get_or_create_location,
    get_or_create_object,
    get_or_create_person,
    get_or_create_vehicle,
)
from bluelamp.records.people.models import Location, Object, Person
from bluelamp.records.people.rules import LocationInput, ObjectKind, PersonInput, with_facts
from bluelamp.records.reference.lookups import list_streets_near
from bluelamp.records.reference.rules import to_position

_POSITION_FIELDS = ("easting", "northing", "latitude", "longitude", "accuracy_m")
# Further off, a street's point would put the search in another neighbourhood.
_STREET_METRES = 300


@command(permission="encounter.record", act="encounter.recorded", category=Category.COLLECTION)
def record_at_scene(
    *, actor: Actor, at: datetime, capture: SceneEncounter, sha256: str
) -> RecordedEncounter:
    """Record a stop and search, or another encounter, that a device captured, perhaps offline.

    A capture that is sent twice is one encounter. Somebody who gave their name, and a vehicle, go
    on record with it.

    Args:
        capture: The encounter as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Raises:
        Refused: The form's version is unknown, or an answer is wrong: the problem's field is the
            form field.
        Conflict: The id was received before with other bytes.
        NotFound: The id was received before, from another officer.
    """
    reject_unstorable(asdict(capture))
    if not record_receipt(capture_id=capture.encounter_id, sha256=sha256, kind="encounter"):
        return _return_existing_encounter(actor, capture)
    kind = _find_kind(capture.question_set)
    question_set = find_question_set(capture.question_set, capture.version, name=kind)
    values = check_answers(question_set, capture.values, at=at)
    times = DeviceTimes(
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=capture.sent_at,
        received_at=at,
    )
    clock = describe_clock(times)
    encounter = Encounter(
        id=capture.encounter_id,
        kind=kind,
        device_id=capture.device_id,
        device_at=capture.device_at,
        device_clock=clock,
        # A clock that is fast must not put a search in the future.
        happened_at=estimate_made_at(times),
    )
    insert_encounter(encounter, actor=actor, at=at, question_set=question_set, values=values)
    create_receipt(encounter, capture, at=at)
    record_act(
        encounter,
        ref=encounter.reference,
        detail={
            "kind": encounter.kind,
            "device": str(capture.device_id),
            **audit_clock(clock),
        },
    )
    return RecordedEncounter(encounter_id=encounter.id, reference=encounter.reference)


def insert_version(encounter: Encounter, *, corrected_code: str) -> None:
    """Insert an encounter.

    The role that serves cannot lock a row of a table that only grows, so two corrections of one
    record can meet here: the unique column `corrects` lets one of them in.

    Raises:
        Conflict: What it corrects has been corrected meanwhile, with this code.
    """
    try:
        with transaction.atomic():
            encounter.save(force_insert=True)
    except IntegrityError:
        if encounter.corrects_id is None:
            raise
        raise Conflict(corrected_code) from None


def publish_recorded(encounter: Encounter, *, at: datetime) -> None:
    """Publish that an encounter is on record, for those whom it may concern."""
    publish(
        EncounterRecorded(
            encounter_id=encounter.id,
            reference=encounter.reference,
            kind=encounter.kind,
            force=encounter.force,
            person_id=encounter.person_id,
            at=at,
        )
    )


def find_question_set(question_set: str, version: int, *, name: str) -> QuestionSet:
    """Return the version of a form that answers were given to.

    Args:
        question_set: The name of the form that was answered.
        version: Its version.
        name: The form that this kind of encounter has.

    Raises:
        Refused: It is another form, or a version that is not loaded here.
    """
    try:
        if question_set == name:
            return get_question_set(name, version)
    except NotFound:
        pass
    raise Refused("encounters.question_set_unknown", field="version")


def check_answers(
    question_set: QuestionSet, values: Mapping[str, Any], *, at: datetime
) -> dict[str, Any]:
    """Return the answers in their one form. Raises Refused with each problem."""
    answers = check_values(question_set, values, at=at)
    if answers.problems:
        raise Refused(errors=answers.problems)
    return answers.all_values


def _return_existing_encounter(actor: Actor, capture: SceneEncounter) -> RecordedEncounter:
    encounter = encounter_policy.get(actor, id=capture.encounter_id)
    record_act(encounter, ref=encounter.reference, detail={"received": "before"})
    return RecordedEncounter(encounter_id=encounter.id, reference=encounter.reference, is_new=False)


def _facts_by_thing(
    question_set: QuestionSet, values: Mapping[str, Any], *, on: date
) -> dict[str, dict[str, Any]]:
    """Return the facts that the answers become, by the thing that they are about.

    By facts and not by questions: a force may word, order and split its questions as it likes.
    """
    facts: dict[str, dict[str, Any]] = {}
    # One thing may have several facts: a set may keep some of them apart.
    for fact in list_facts(question_set, values, today=on):
        facts.setdefault(fact.thing, {}).update(fact.fields)
    return facts


def insert_encounter(
    encounter: Encounter,
    *,
    actor: Actor,
    at: datetime,
    question_set: QuestionSet,
    values: dict[str, Any],
) -> None:
    """Insert an encounter at the scene, with what its answers say: who, where, what, how it ended.

    Args:
        encounter: Its id and kind, and what its answers don't say. Its time stays as it is where
            the officer did not say when it was.
        actor: Who records it.
        at: When.
        question_set: The form that was answered.
        values: The answers, which have been checked.
    """
    facts = _facts_by_thing(question_set, values, on=london_date(at))
    place = facts.get("scene", {}).get("place") or {}
    events = {**facts.get("search", {}), **facts.get("event", {})}
    occurred = events.get("occurred") or {}
    if occurred.get("from"):
        encounter.happened_at = datetime.fromisoformat(occurred["from"])
    encounter.force = actor.force
    encounter.reference = encounter_reference(encounter.id, EncounterKind(encounter.kind))
    encounter.recorded_at = at
    encounter.recorded_by_id = actor.id
    encounter.recorded_by_name = actor.name[:200]
    encounter.location = get_or_create_location(actor=actor, details=_to_location_input(place))
    encounter.place_detail = str(place.get("detail", ""))[:400]
    encounter.person = _get_or_create_subject(actor, at, facts.get("subject", {}))
    encounter.vehicle = _get_or_create_vehicle(actor, facts.get("vehicle", {}))
    encounter.item = _create_item(actor, facts.get("property", {}))
    encounter.question_set = question_set.name
    encounter.question_set_version = question_set.version
    encounter.answers = values
    insert_version(encounter, corrected_code="encounters.record_corrected")
    publish_recorded(encounter, at=at)
    if encounter.kind == EncounterKind.STOP_SEARCH:
        _create_stop_search(encounter, {**facts.get("subject", {}), **facts.get("search", {})})


def _find_kind(question_set: str) -> EncounterKind:
    """Return the kind that a form records. Raises Refused where it records none at the scene."""
    if question_set not in SCENE_KINDS:
        raise Refused("encounters.question_set_unknown", field="version")
    return EncounterKind(question_set)


def _get_or_create_vehicle(actor: Actor, facts: Mapping[str, Any]) -> Object | None:
    vrm = facts.get("vrm")
    if not vrm:
        return None
    return get_or_create_vehicle(actor=actor, vrm=vrm, description=facts.get("description") or "")


def _create_item(actor: Actor, facts: Mapping[str, Any]) -> Object | None:
    """Return what was found as a record of property, so that its number finds it; None for none."""
    if not facts.get("description"):
        return None
    # Money and keys are kinds of the form's own.
    kind = facts.get("category")
    return get_or_create_object(
        actor=actor,
        kind=kind if kind in set(ObjectKind) else ObjectKind.OTHER,
        description=facts["description"],
        identifier=facts.get("identifier") or "",
    )


def _to_location_input(place: Mapping[str, Any]) -> LocationInput:
    return LocationInput(
        address=place.get("address") or "",
        postcode=place.get("postcode") or "",
        **{name: place.get(name) for name in _POSITION_FIELDS},
    )


def _get_or_create_subject(actor: Actor, at: datetime, subject: Mapping[str, Any]) -> Person | None:
    """Return whom it is about, if they gave their name or it is known; else None."""
    # Nobody has to give their name at a search or a stop (PACE Code A).
    if not (subject.get("given_name") or subject.get("family_name")):
        return None
    details = with_facts(PersonInput(), subject)
    return get_or_create_person(actor=actor, at=at, details=details)


def _create_stop_search(encounter: Encounter, facts: Mapping[str, Any]) -> None:
    latitude, longitude = _published_position(encounter.location)
    StopSearch.objects.create(
        encounter=encounter,
        search_type=facts.get("search_type") or "",
        legislation=facts.get("legislation") or "",
        object=facts.get("object") or "",
        outcome=facts.get("outcome") or "",
        is_linked=facts.get("is_linked") == "yes",
        has_removed_clothing=facts.get("clothing") not in (None, "", "none"),
        operation=facts.get("operation") or "",
        gender=facts.get("gender") or "",
        age_range=facts.get("age_range") or "",
        self_defined_ethnicity=facts.get("self_defined_ethnicity") or "",
        observed_ethnicity=facts.get("observed_ethnicity") or "",
        published_latitude=latitude,
        published_longitude=longitude,
    )


def _published_position(location: Location | None) -> tuple[float | None, float | None]:
    """Return the public point of the nearest street, as data.police.uk publishes places."""
    if location is None or location.easting is None or location.northing is None:
        return None, None
    streets = list_streets_near(location.easting, location.northing, metres=_STREET_METRES)
    if not streets:
        return None, None
    position = to_position(streets[0].easting, streets[0].northing)
    # Six places, a tenth of a metre: what data.police.uk's files have.
    return round(position.latitude, 6), round(position.longitude, 6)
