"""Stop and account, vehicle stop, property found, missing person and sudden death."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bluelamp.casework.encounters.commands import (
    correct_encounter,
    record_at_scene,
    return_encounter,
)
from bluelamp.casework.encounters.lookups import (
    EncounterFilter,
    get_encounter,
    get_record_copy,
    list_own_encounters,
    list_published_searches,
    list_risk_assessments,
    list_scene_encounters,
)
from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.rules import (
    SCENE_KINDS,
    CorrectedEncounter,
    EncounterKind,
    RecordedEncounter,
    parse_encounter_reference,
)
from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Object
from tests.casework.encounters.kinds import KIND_VALUES, PREFIXES
from tests.casework.encounters.scenes import AT, SHA256, make_capture
from tests.cast import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
EVERYTHING = EncounterFilter()
KINDS = sorted(KIND_VALUES)


@pytest.fixture
def kemi(reference: None) -> Actor:
    """Kemi, a supervisor."""
    return signed_in(cast.KEMI)


def record(actor: Actor, kind: str, sha256: str = SHA256, **changes: Any) -> RecordedEncounter:
    values = {**KIND_VALUES[kind], **changes}
    capture = replace(
        make_capture(),
        question_set=kind,
        version=built_in_files()[kind].question_set.version,
        # A change to None leaves the answer out.
        values={name: value for name, value in values.items() if value is not None},
    )
    return record_at_scene(actor=actor, at=AT, capture=capture, sha256=sha256)


def test_each_kind_of_the_scene_is_tried_here() -> None:
    assert set(KIND_VALUES) == SCENE_KINDS - {EncounterKind.STOP_SEARCH}


@pytest.mark.parametrize("kind", KINDS)
def test_it_works(ada: Actor, bilal: Actor, kemi: Actor, kind: str) -> None:
    recorded = record(ada, kind)
    assert recorded.reference.startswith(f"{PREFIXES[kind]}-")
    assert parse_encounter_reference(recorded.reference.lower()) == recorded.reference
    detail = get_encounter(actor=kemi, at=AT, reference=recorded.reference)
    assert (detail.kind, detail.copy_until) == (kind, None)
    shown = [line for s in detail.sections for p in s.pages for r in p.rows for line in r.lines]
    assert "BWV-77" in shown
    (row,) = list_scene_encounters(actor=kemi, at=AT, kind=kind, filters=EVERYTHING).rows
    assert row.reference == recorded.reference
    assert row.object
    (own,) = list_own_encounters(actor=ada, at=AT, kind=kind, filters=EVERYTHING).rows
    assert own.reference == recorded.reference
    for other in SCENE_KINDS - {kind}:
        page = list_scene_encounters(actor=kemi, at=AT, kind=other, filters=EVERYTHING)
        assert page.total == 0, other
    assert list_own_encounters(actor=bilal, at=AT, kind=kind, filters=EVERYTHING).total == 0
    with pytest.raises(NotFound):
        get_encounter(actor=bilal, at=AT, reference=recorded.reference)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_no_search(ada: Actor, kemi: Actor, kind: str) -> None:
    reference = record(ada, kind).reference
    assert list_published_searches(actor=kemi, at=AT, month=AT.date()) == ()
    with pytest.raises(NotFound):
        get_record_copy(actor=kemi, at=AT, reference=reference)
    assert list_risk_assessments(actor=kemi, at=AT, filters=EVERYTHING).total == 0


@pytest.mark.parametrize("kind", KINDS)
def test_sent_twice_it_is_one(ada: Actor, kind: str) -> None:
    capture = replace(
        make_capture(),
        question_set=kind,
        version=built_in_files()[kind].question_set.version,
        values=KIND_VALUES[kind],
    )
    sent = [record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256).is_new for _ in "12"]
    assert sent == [True, False]
    assert Encounter.objects.count() == 1
    with pytest.raises(Conflict):
        record_at_scene(actor=ada, at=AT, capture=capture, sha256="b" * 64)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_returned_and_corrected(ada: Actor, kemi: Actor, kind: str) -> None:
    reference = record(ada, kind).reference
    return_encounter(actor=kemi, at=AT, reference=reference, reason="Which camera?")
    correction = CorrectedEncounter(
        encounter_id=new_id(),
        reference=reference,
        version=built_in_files()[kind].question_set.version,
        values={**KIND_VALUES[kind], "video_reference": "BWV-78"},
        reason="I had the wrong camera.",
    )
    corrected = correct_encounter(actor=ada, at=AT, correction=correction)
    assert corrected.reference.startswith(f"{PREFIXES[kind]}-")
    detail = get_encounter(actor=kemi, at=AT, reference=corrected.reference)
    assert [tuple(change) for change in detail.changes] == [
        ("Video reference", ("BWV-77",), ("BWV-78",))
    ]
    assert Encounter.objects.get(version=2).kind == kind


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("stop-account", {"reason": "their face"}, "reason"),
        ("stop-account", {"account": " "}, "account"),
        ("vehicle-stop", {"registration": None}, "registration"),
        ("vehicle-stop", {"produced": ["passport"]}, "produced"),
        ("vehicle-stop", {"station": None}, "station"),
        ("property-found", {"description": "x" * 401}, "description"),
        ("property-found", {"finder_name": None}, "finder_name"),
        ("missing-person", {"risk": None}, "risk"),
        ("missing-person", {"risk_reason": ""}, "risk_reason"),
        ("missing-person", {"born_on": "2126-01-01"}, "born_on"),
        ("sudden-death", {"pronounced_on": "2126-01-01"}, "pronounced_on"),
        ("sudden-death", {"pronounced_time": "25:00"}, "pronounced_time"),
        ("sudden-death", {"kin": None}, "kin"),
        ("sudden-death", {"nobody_asked": "x"}, "nobody_asked"),
    ],
)
def test_what_is_wrong_is_refused(
    ada: Actor, kind: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        record(ada, kind, **changes)
    assert field in refused.value.errors
    assert not Encounter.objects.exists()


@pytest.mark.parametrize("name", ["scene", "domestic-abuse-topics", "report", "", "stop search"])
def test_another_form_is_no_encounter(ada: Actor, name: str) -> None:
    capture = replace(make_capture(), question_set=name, version=1)
    with pytest.raises(Refused, match="version of the form is not known"):
        record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)


def test_what_was_found_is_a_record_of_property(ada: Actor, kemi: Actor) -> None:
    first = record(ada, "property-found")
    record(ada, "property-found", sha256="c" * 64, description="The same phone, handed in again")
    (phone,) = Object.objects.all()
    assert (phone.kind, phone.identifier) == ("phone", "SN4411XY")
    assert set(Encounter.objects.values_list("item_id", flat=True)) == {phone.id}
    detail = get_encounter(actor=kemi, at=AT, reference=first.reference)
    assert detail.thing == "Black phone, cracked screen"
    record(ada, "property-found", sha256="d" * 64, category="keys", serial=None)
    assert Object.objects.exclude(id=phone.id).get().kind == "other"


def test_a_vehicle_is_a_record_with_its_description(ada: Actor) -> None:
    record(ada, "vehicle-stop")
    encounter = Encounter.objects.get()
    assert encounter.vehicle is not None
    assert (encounter.vehicle.vrm, encounter.vehicle.description) == ("AB12CDE", "Blue Ford Fiesta")
    assert encounter.person is not None
    assert encounter.person.name == "Sunil Vexley"


def test_ethnicity_is_not_required_at_a_stop_and_account(ada: Actor) -> None:
    """No national return wants it (PACE Code A, section 4); a force's own version may."""
    record(ada, "stop-account")
    record(ada, "stop-account", sha256="e" * 64, self_defined_ethnicity="NS")
    assert Encounter.objects.count() == 2


def test_nobody_has_to_give_their_name(ada: Actor) -> None:
    unnamed = {"given_name": None, "family_name": None, "born_on": None}
    record(ada, "stop-account", gave_name="no", **unnamed)
    assert Encounter.objects.get().person is None


def test_last_seen_is_when_it_happened(ada: Actor) -> None:
    record(ada, "missing-person")
    assert Encounter.objects.get().happened_at == datetime(2026, 3, 3, 12, 30, tzinfo=UTC)


def test_no_list_of_the_scene_has_assessments(kemi: Actor) -> None:
    with pytest.raises(NotFound):
        list_scene_encounters(
            actor=kemi, at=AT, kind=EncounterKind.RISK_ASSESSMENT, filters=EVERYTHING
        )


def test_a_correction_can_change_the_time(ada: Actor, kemi: Actor) -> None:
    """PACE 1984 s.3(6)(a)(iii) wants the time. A correction says both, and which was wrong."""
    from tests.casework.encounters.scenes import VALUES

    capture = make_capture()
    search = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    when = {"know": "exact", "from": "2026-03-03T09:30:00Z", "to": None}

    def correct(values: dict[str, Any], reference: str) -> RecordedEncounter:
        correction = CorrectedEncounter(
            encounter_id=new_id(),
            reference=reference,
            version=capture.version,
            values=values,
            reason="It was in the morning.",
        )
        return correct_encounter(actor=ada, at=AT + timedelta(days=1), correction=correction)

    later = {**VALUES, "started": "earlier", "searched_at": {**when, "from": "2026-03-05T09:00Z"}}
    with pytest.raises(Refused) as refused:
        correct(later, search.reference)
    assert refused.value.errors, "no search was in the future"
    corrected = correct({**VALUES, "started": "earlier", "searched_at": when}, search.reference)
    detail = get_encounter(actor=kemi, at=AT, reference=corrected.reference)
    assert detail.happened_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert "Time of the search" in [change.label for change in detail.changes]
    before = get_encounter(actor=kemi, at=AT, reference=search.reference)
    assert before.happened_at == AT - timedelta(minutes=3)
    (published,) = list_published_searches(actor=kemi, at=AT, month=AT.date())
    assert published.searched_at == detail.happened_at
