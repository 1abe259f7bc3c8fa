from datetime import date, time, timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_crime
from bluelamp.casework.crimes.lookups import get_crime, search_crimes
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import (
    add_log_entry,
    allocate_officer,
    name_suspect,
    record_charge,
)
from bluelamp.casework.investigations.lookups import ChargeDetail, get_investigation
from bluelamp.casework.investigations.rules import NewCharge
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.records.people.rules import PersonInput
from bluelamp.records.reference.models import Court
from bluelamp.records.reference.rules import parse_asn
from tests.casework.scenes import AT, DAMAGE, refusal_of
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences", "court")]
TODAY = AT.date()
SUSPECT = PersonInput(given_name="Neil", family_name="Prior", born_on=date(1990, 5, 1), gender="1")


@pytest.fixture
def court(db: None) -> None:
    columns = {"kind": "magistrates", "name": "Westminster Magistrates' Court"}
    with direct_writes():
        Court.objects.get_or_create(code="B01IX00", defaults=columns)


@pytest.fixture
def number(ada: Actor) -> str:
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.")
    return record_crime(actor=ada, at=AT, crime=crime).number


def _charge(by: Actor, number: str, person_id: UUID, **changes: object) -> ChargeDetail:
    fields = {
        "suspect_person_id": person_id,
        "offence_code": "CD71039",
        "wording": "On 3 March 2026 without lawful excuse damaged a wing mirror of Kofi Asante.",
        "charged_on": TODAY,
        "arrested_on": TODAY,
        "court_ou_code": "B01IX00",
        "hearing_on": TODAY + timedelta(days=28),
    } | changes
    charge = NewCharge(**fields)  # type: ignore[arg-type]
    return record_charge(actor=by, at=AT, number=number, charge=charge)


def test_it_works(ada: Actor, bilal: Actor, number: str) -> None:
    assert bilal.id is not None
    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    assert get_crime(actor=ada, at=AT, number=number).officer_in_case == bilal.name
    add_log_entry(
        actor=bilal, at=AT, number=number, kind="action", text="Ask the shop for its cameras."
    )
    person_id = name_suspect(
        actor=bilal, at=AT, number=number, details=SUSPECT, reason="Seen on the camera."
    )
    done = _charge(bilal, number, person_id)
    investigation = get_investigation(actor=bilal, at=AT, number=number)
    assert (done.sequence, done.offence_code, done.hearing_starts) == (1, "CD71039", time(10))
    assert parse_asn(done.asn) == done.asn == "26/01ZD/01/1" + done.asn[-1]
    assert [person.name for person in investigation.suspects] == ["Neil Prior"]
    assert {linked.category for linked in investigation.crime.people} == {"suspected"}
    assert investigation.crime.state == "charged"
    assert [entry.kind for entry in investigation.timeline] == [
        "allocated",
        "action",
        "suspect named",
        "charge",
    ]
    second = _charge(bilal, number, person_id, wording="And a second charge.")
    assert (second.sequence, second.asn) == (2, done.asn), "one arrest, one number"
    assert [row.number for row in search_crimes(actor=ada, at=AT, q="prior").rows] == [number]
    event = OutboxEvent.objects.filter(name="investigations.suspect_charged.v1").first()
    assert event is not None
    assert "Prior" not in str(event.payload), "the event does not say who"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offence_code": "NONSENSE"}, "offence_code"),
        ({"offence_code": "\x00"}, "offence_code"),
        ({"wording": " "}, "wording"),
        ({"wording": "x" * 2501}, "wording"),
        ({"charged_on": TODAY + timedelta(days=1)}, "charged_on"),
        ({"arrested_on": TODAY + timedelta(days=1)}, "arrested_on"),
        ({"hearing_on": TODAY - timedelta(days=1)}, "hearing_on"),
        ({"court_ou_code": "NOWHERE"}, "court_ou_code"),
        ({"asn": "26/01ZD/01/1A"}, "asn"),
        ({"unit": "LONG"}, "unit"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    bilal: Actor, number: str, changes: dict[str, object], field: str
) -> None:
    person_id = name_suspect(actor=bilal, at=AT, number=number, details=SUSPECT)
    assert field in refusal_of(lambda: _charge(bilal, number, person_id, **changes))


def test_only_a_named_suspect_is_charged_and_a_given_arrest_number_is_kept(
    bilal: Actor, number: str
) -> None:
    assert "suspect" in refusal_of(lambda: _charge(bilal, number, new_id()))
    person_id = name_suspect(actor=bilal, at=AT, number=number, details=SUSPECT)
    assert _charge(bilal, number, person_id, asn="1101ZD0100000448754K").asn == "11/01ZD/01/448754K"


def test_who_may(ada: Actor, femi: Actor, bilal: Actor, number: str) -> None:
    assert femi.id is not None
    for actor, refusal in ((ada, NotPermitted), (femi, NotFound)):
        with pytest.raises(refusal):
            name_suspect(actor=actor, at=AT, number=number, details=SUSPECT)
        with pytest.raises(refusal):
            _charge(actor, number, new_id())
    with pytest.raises(NotFound):
        get_investigation(actor=femi, at=AT, number=number)
    wrong = femi.id
    assert "officer" in refusal_of(
        lambda: allocate_officer(actor=bilal, at=AT, number=number, officer_id=wrong)
    )
    assert "text" in refusal_of(lambda: add_log_entry(actor=ada, at=AT, number=number, text=""))
    assert "kind" in refusal_of(
        lambda: add_log_entry(actor=ada, at=AT, number=number, text="x", kind="charge")
    )
