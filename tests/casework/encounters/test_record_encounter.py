"""Record a stop and search that an officer's phone captured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.lookups import (
    EncounterFilter,
    get_encounter,
    get_record_copy,
    list_own_encounters,
    list_published_searches,
    list_scene_encounters,
)
from bluelamp.casework.encounters.models import Encounter
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.people.models import Person
from tests.casework.encounters.scenes import AT, NAMED, SHA256, make_capture
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
EVERYTHING = EncounterFilter()


@pytest.fixture
def kemi(db: None) -> Actor:
    """Kemi, a supervisor."""
    return signed_in(cast.KEMI)


def test_it_works(ada: Actor) -> None:
    capture = make_capture(NAMED)
    recorded = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    assert recorded.is_new
    assert recorded.reference.startswith("SS-")
    detail = get_encounter(actor=ada, at=AT, reference=recorded.reference)
    assert detail.person
    assert (detail.person.name, detail.person.born_on.isoformat()) == ("Sunil Vexley", "2005-05-05")  # type: ignore[union-attr]
    assert detail.location
    assert detail.location.postcode == "SE15 4QL"
    assert detail.place_detail == "By the bus stop"
    assert detail.happened_at == capture.device_at
    assert (detail.recorded_at, detail.device_at) == (AT, capture.device_at)
    assert detail.recorded_by_name == ada.name
    assert detail.copy_until is not None
    assert detail.copy_until.isoformat() == "2026-06-02"
    rows = {
        row.label: row.lines
        for section in detail.sections
        for page in section.pages
        for row in page.rows
    }
    assert rows["Object of the search"] == ["Controlled drugs"]
    assert rows["Self-defined ethnicity"] == ["White: British"]
    assert rows["Grounds"] == [capture.values["grounds"]]


def test_the_same_capture_twice_is_one_encounter(ada: Actor) -> None:
    capture = make_capture(NAMED)
    first = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    again = record_at_scene(actor=ada, at=AT + timedelta(hours=1), capture=capture, sha256=SHA256)
    assert again == replace(first, is_new=False)
    assert Encounter.objects.count() == 1


def test_other_bytes_under_the_same_id_are_refused(ada: Actor) -> None:
    capture = make_capture()
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    with pytest.raises(Conflict):
        record_at_scene(actor=ada, at=AT, capture=capture, sha256="b" * 64)


def test_somebody_who_keeps_their_name_to_themselves_is_not_on_record(ada: Actor) -> None:
    """PACE Code A: nobody has to give their name. A name that was typed before is not sent on."""
    capture = make_capture({**NAMED, "gave_name": "no"})
    recorded = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    assert get_encounter(actor=ada, at=AT, reference=recorded.reference).person is None
    assert not Person.objects.exists()
    row = Encounter.objects.get()
    assert "Vexley" not in str(row.answers)


def test_a_vehicle_goes_on_record(ada: Actor) -> None:
    capture = make_capture({"search_type": "person-and-vehicle", "registration": "lb16 xkw"})
    recorded = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    assert get_encounter(actor=ada, at=AT, reference=recorded.reference).vrm == "LB16XKW"


def test_nobody_is_asked_about_at_an_unattended_vehicle(ada: Actor) -> None:
    """PACE 1984 s.3(6)(a)(v): no ethnic origins where nobody was in charge of the vehicle."""
    person = ("self_defined_ethnicity", "observed_ethnicity", "age_range", "gender", "gave_name")
    capture = make_capture({"search_type": "vehicle", "in_charge": "no"})
    values = {
        name: value
        for name, value in capture.values.items()
        if name not in (*person, "gowisely", "clothing")
    }
    recorded = record_at_scene(
        actor=ada, at=AT, capture=replace(capture, values=values), sha256=SHA256
    )
    assert recorded.is_new


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grounds": ""}, "grounds"),
        ({"object": "anything"}, "object"),
        ({"self_defined_ethnicity": None}, "self_defined_ethnicity"),
        ({"legislation": "cjpoa-60"}, "authority"),
        ({"outcome": "arrest"}, "is_linked"),
        ({"clothing": "intimate"}, "clothing_reason"),
        ({"video": "no"}, "video_reason"),
    ],
)
def test_an_answer_that_the_law_asks_for_must_be_there(
    changes: dict[str, Any], field: str, ada: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        record_at_scene(actor=ada, at=AT, capture=make_capture(changes), sha256=SHA256)
    assert field in refused.value.errors
    assert not Encounter.objects.exists()


def test_section_60_needs_no_grounds(ada: Actor) -> None:
    """CJPOA 1994 s.60(5): whether or not the officer has grounds for suspecting them."""
    capture = make_capture(
        {"legislation": "cjpoa-60", "authority": "Insp Okoro, until 10pm", "grounds": ""}
    )
    assert record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256).is_new


@pytest.mark.parametrize(
    "changes", [{"question_set": "report"}, {"version": 99}], ids=["other form", "other version"]
)
def test_a_form_that_is_not_known_here_is_refused(changes: dict[str, Any], ada: Actor) -> None:
    with pytest.raises(Refused, match="not known"):
        record_at_scene(actor=ada, at=AT, capture=make_capture(**changes), sha256=SHA256)


def test_a_fast_clock_puts_no_search_in_the_future(ada: Actor) -> None:
    capture = make_capture(device_at=AT + timedelta(days=2))
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    row = Encounter.objects.get()
    assert (row.happened_at, row.device_at) == (AT, AT + timedelta(days=2))


def test_an_earlier_search_is_on_record_at_its_time(ada: Actor) -> None:
    earlier = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    when = {"know": "exact", "from": "2026-03-03T09:30:00Z", "to": None}
    capture = make_capture({"started": "earlier", "searched_at": when})
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    assert Encounter.objects.get().happened_at == earlier


def test_officers_see_their_own_and_supervisors_all(
    ada: Actor, bilal: Actor, kemi: Actor, femi: Actor
) -> None:
    recorded = record_at_scene(actor=ada, at=AT, capture=make_capture(), sha256=SHA256)
    own = list_own_encounters(actor=ada, at=AT, kind="stop-search", filters=EVERYTHING)
    assert [row.reference for row in own.rows] == [recorded.reference]
    assert (own.rows[0].object, own.rows[0].outcome) == ("Controlled drugs", "No further action")
    every = list_scene_encounters(actor=kemi, at=AT, filters=EVERYTHING)
    assert [row.reference for row in every.rows] == [recorded.reference]
    assert get_encounter(actor=kemi, at=AT, reference=recorded.reference).reference
    others = list_own_encounters(actor=bilal, at=AT, kind="stop-search", filters=EVERYTHING)
    assert others.total == 0
    with pytest.raises(NotPermitted):
        list_scene_encounters(actor=bilal, at=AT, filters=EVERYTHING)
    for stranger in (bilal, femi):
        with pytest.raises(NotFound):
            get_encounter(actor=stranger, at=AT, reference=recorded.reference)
        with pytest.raises(NotFound):
            get_record_copy(actor=stranger, at=AT, reference=recorded.reference)


def test_a_list_is_narrowed_by_day_officer_and_reference(ada: Actor, kemi: Actor) -> None:
    first = record_at_scene(actor=ada, at=AT, capture=make_capture(), sha256=SHA256)

    def total(**filters: Any) -> int:
        return list_scene_encounters(actor=kemi, at=AT, filters=EncounterFilter(**filters)).total

    day = AT.date()
    assert total(from_=day, to=day) == 1
    assert total(from_=day + timedelta(days=1)) == total(to=day - timedelta(days=1)) == 0
    assert total(officer="bello") == total(officer="ADA 1234SE") == 1
    assert total(officer="kemi") == total(officer="?") == 0
    assert total(officer=first.reference.replace("-", " ").lower()) == 1


def test_a_month_is_published_without_names(ada: Actor, kemi: Actor, bilal: Actor) -> None:
    record_at_scene(actor=ada, at=AT, capture=make_capture(NAMED), sha256=SHA256)
    (search,) = list_published_searches(actor=kemi, at=AT, month=AT.date())
    assert (search.legislation, search.object, search.outcome) == ("mda-23", "drugs", "none")
    assert (search.gender, search.age_range) == ("1", "18-24")
    assert "Vexley" not in str(search)
    assert not list_published_searches(actor=kemi, at=AT, month=AT.date() - timedelta(days=31))
    with pytest.raises(NotPermitted):
        list_published_searches(actor=bilal, at=AT, month=AT.date())


def test_a_published_place_is_a_streets_and_not_the_very_one(
    ada: Actor, kemi: Actor, reference: None
) -> None:
    here = {"latitude": 51.47312, "longitude": -0.06934, "address": "", "postcode": ""}
    record_at_scene(actor=ada, at=AT, capture=make_capture({"place": here}), sha256=SHA256)
    (search,) = list_published_searches(actor=kemi, at=AT, month=AT.date())
    assert search.latitude is not None
    assert search.longitude is not None
    assert (search.latitude, search.longitude) != (51.47312, -0.06934)
    assert abs(search.latitude - 51.47312) < 0.005, "within 300 metres"


def test_each_look_is_on_the_audit_record(ada: Actor) -> None:
    recorded = record_at_scene(actor=ada, at=AT, capture=make_capture(), sha256=SHA256)
    get_encounter(actor=ada, at=AT, reference=recorded.reference)
    get_record_copy(actor=ada, at=AT, reference=recorded.reference)
    acts = AuditEntry.objects.filter(ref=recorded.reference).order_by("at", "id")
    assert [entry.act for entry in acts] == [
        "encounter.recorded",
        "encounter.viewed",
        "encounter.copy_printed",
    ]


@pytest.mark.parametrize("text", ["seen\x00", "seen\ud800"], ids=["NUL", "half a pair"])
def test_text_that_cannot_be_stored_is_refused(text: str, ada: Actor) -> None:
    with pytest.raises(Refused):
        record_at_scene(actor=ada, at=AT, capture=make_capture({"grounds": text}), sha256=SHA256)


def test_others_hear_of_it_once_with_who_it_was(ada: Actor) -> None:
    """Whoever watches over somebody, such as firearms licensing, hears that they were searched."""
    capture = make_capture(NAMED)
    for _ in range(2):
        recorded = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    event = OutboxEvent.objects.get(name="encounters.recorded.v1")
    person = Person.objects.get(family_name="Vexley")
    assert event.payload["reference"] == recorded.reference
    assert (event.payload["kind"], event.payload["person_id"]) == ("stop-search", str(person.id))
