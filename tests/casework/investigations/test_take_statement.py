import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from bluelamp.casework.crimes.commands import add_person, record_crime
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import take_statement
from bluelamp.casework.investigations.lookups import (
    get_investigation,
    get_statement,
    get_statement_back,
)
from bluelamp.casework.investigations.models import Statement, StatementBack
from bluelamp.casework.investigations.rules import SceneStatement, count_pages
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_statement, refusal_of
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
SHA = "a" * 64


@pytest.fixture
def number(ada: Actor) -> str:
    kofi = PersonInput(given_name="Kofi", family_name="Asante")
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.", victims=(kofi,))
    return record_crime(actor=ada, at=AT, crime=crime).number


@pytest.fixture
def capture(ada: Actor, number: str) -> SceneStatement:
    crime = get_crime(actor=ada, at=AT, number=number)
    return make_scene_statement(crime_id=crime.id, person_id=crime.people_with_role("victim")[0].id)


def test_it_works(ada: Actor, bilal: Actor, number: str, capture: SceneStatement) -> None:
    done = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    front = get_statement(actor=bilal, at=AT, statement_id=done.statement_id)
    back = get_statement_back(actor=bilal, at=AT, statement_id=done.statement_id)
    log = get_investigation(actor=bilal, at=AT, number=number)
    assert front.text == capture.text
    assert (
        front.text_sha256 == done.text_sha256 == hashlib.sha256(capture.text.encode()).hexdigest()
    )
    assert (front.taken_by_name, front.signature) == (ada.name, capture.signature)
    # The phone that sent it asks no officer to sign.
    assert front.officer_signature is None
    assert (back.dates_not_available, back.vps) == ("none", "offered")
    assert back.address is not None
    assert not hasattr(front, "address"), "the back is never shown with the front"
    assert [(entry.kind, entry.text) for entry in log.timeline] == [
        ("statement", "Statement of Kofi Asante.")
    ]
    assert [linked.role for linked in log.crime.people] == ["victim"], (
        "the maker was linked already"
    )


@pytest.mark.parametrize(
    ("is_confirmed", "said"), [(True, "The officer confirmed"), (False, "Nobody confirmed")]
)
def test_the_log_tells_of_a_maker_whose_name_on_record_is_another(
    ada: Actor, bilal: Actor, number: str, capture: SceneStatement, is_confirmed: bool, said: str
) -> None:
    other = replace(capture, maker_name="Kwame Asante", is_maker_confirmed=is_confirmed)
    take_statement(actor=ada, at=AT, capture=other, sha256=SHA)
    (entry,) = get_investigation(actor=bilal, at=AT, number=number).timeline
    assert entry.text == (
        f"Statement of Kwame Asante. {said} that this is Kofi Asante, as the record has it."
    )


def test_the_whole_back_and_both_languages_are_kept(ada: Actor, capture: SceneStatement) -> None:
    said = {
        "ensure_attendance": "A screen",
        "particular_needs": "Uses a wheelchair",
        "guardian_name": "Ama Asante",
        "guardian_contact": "07700 900457",
        "is_vps_leaflet_given": True,
        "consents_to_medical_records": False,
        "consents_to_defence": None,
        "consents_to_civil_proceedings": True,
        "consents_to_support": False,
    }
    text = {
        "original_language": "Twi",
        "original_text": "Mehuu \u0254barima bi.\n",
        "interpreter_name": "Efua Boateng",
    }
    whole = replace(
        capture, kind="victim-personal-statement", back=replace(capture.back, **said), **text
    )
    done = take_statement(actor=ada, at=AT, capture=whole, sha256=SHA)
    front = get_statement(actor=ada, at=AT, statement_id=done.statement_id)
    back = get_statement_back(actor=ada, at=AT, statement_id=done.statement_id)
    assert {name: getattr(back, name) for name in said} == said
    assert {name: getattr(front, name) for name in text} == text
    assert front.kind == "victim-personal-statement"


def test_no_other_language_without_an_interpreter(ada: Actor, capture: SceneStatement) -> None:
    with pytest.raises(Refused) as refused:
        take_statement(
            actor=ada, at=AT, capture=replace(capture, original_language="Twi"), sha256=SHA
        )
    assert refused.value.errors.keys() == {"interpreter_name"}


def test_the_officer_signs_too(ada: Actor, capture: SceneStatement) -> None:
    signed = replace(capture, officer_signature=capture.signature)
    done = take_statement(actor=ada, at=AT, capture=signed, sha256=SHA)
    front = get_statement(actor=ada, at=AT, statement_id=done.statement_id)
    assert front.officer_signature == capture.signature


def test_sent_twice_it_is_one_statement(ada: Actor, capture: SceneStatement) -> None:
    first = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    second = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    assert (first.is_new, second.is_new, second.text_sha256) == (True, False, first.text_sha256)
    with pytest.raises(Conflict):
        take_statement(
            actor=ada, at=AT, capture=replace(capture, text="Other words."), sha256="b" * 64
        )
    assert Statement.objects.count() == 1


def test_a_correction_is_a_new_statement_and_the_database_refuses_to_change_one(
    ada: Actor, capture: SceneStatement
) -> None:
    first = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    again = replace(
        capture, statement_id=new_id(), text="It was 7am, not 6am.", corrects=first.statement_id
    )
    second = take_statement(actor=ada, at=AT, capture=again, sha256="b" * 64)
    assert (
        get_statement(actor=ada, at=AT, statement_id=second.statement_id).corrects
        == first.statement_id
    )
    for change in (
        lambda: Statement.objects.update(text="Changed."),
        lambda: StatementBack.objects.update(phone=""),
    ):
        with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
            change()
    with (
        pytest.raises(IntegrityError),
        direct_writes(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM investigations_investigationentry")
    unknown = replace(capture, statement_id=new_id(), corrects=new_id())
    with pytest.raises(NotFound):
        take_statement(actor=ada, at=AT, capture=unknown, sha256="c" * 64)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"maker_name": ""}, "maker_name"),
        ({"declaration": "This is true."}, "declaration"),
        ({"signature": {}}, "signature"),
        ({"officer_signature": {"width": 1, "height": 1, "strokes": [[]]}}, "officer_signature"),
        ({"signature": {"width": 1, "height": 1, "strokes": []}}, "signature"),
        ({"signature": {"width": 1, "height": 1, "strokes": [[{"x": 1, "y": 1}]]}}, "signature"),
        ({"age": 18}, "age"),
        ({"pages": 0}, "pages"),
        ({"kind": "poem"}, "kind"),
        ({"occupation": "x" * 121}, "occupation"),
    ],
)
def test_what_the_law_requires_must_be_there(
    ada: Actor, capture: SceneStatement, changes: dict[str, object], field: str
) -> None:
    wrong = replace(capture, **changes)  # type: ignore[arg-type]
    assert field in refusal_of(lambda: take_statement(actor=ada, at=AT, capture=wrong, sha256=SHA))
    assert not Statement.objects.exists()


def test_the_back_must_have_dates_not_available(ada: Actor, capture: SceneStatement) -> None:
    wrong = replace(capture, back=replace(capture.back, dates_not_available=" ", vps="maybe"))
    errors = refusal_of(lambda: take_statement(actor=ada, at=AT, capture=wrong, sha256=SHA))
    assert errors.keys() == {"dates_not_available", "vps"}


def test_another_force_gets_nothing(ada: Actor, femi: Actor, capture: SceneStatement) -> None:
    with pytest.raises(NotFound):
        take_statement(actor=femi, at=AT, capture=capture, sha256=SHA)
    done = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    for look in (get_statement, get_statement_back):
        with pytest.raises(NotFound):
            look(actor=femi, at=AT, statement_id=done.statement_id)


def test_a_witness_is_linked_by_their_statement(
    ada: Actor, number: str, capture: SceneStatement
) -> None:
    crime = NewCrime(offence_code=DAMAGE, summary="Another.")
    other = record_crime(actor=ada, at=AT, crime=crime).crime_id
    take_statement(actor=ada, at=AT, capture=replace(capture, crime_id=other), sha256=SHA)
    person_id = add_person(
        actor=ada,
        at=AT,
        number=number,
        role="witness",
        details=PersonInput(given_name="Ama", family_name="Osei"),
    )
    people = get_crime(actor=ada, at=AT, number=number).people
    assert [(linked.person.id == person_id, linked.category) for linked in people] == [
        (False, "victim"),
        (True, "witness or other"),
    ]


def test_the_text_is_kept_to_the_letter(
    ada: Actor, capture: SceneStatement, shared_data: Path
) -> None:
    strings = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    text = "\n".join(string for string in strings if "\x00" not in string)
    pages = count_pages(text)
    declaration = capture.declaration.replace("of 1 page", f"of {pages} pages")
    capture = replace(capture, text=text, pages=pages, declaration=declaration)
    done = take_statement(actor=ada, at=AT, capture=capture, sha256=SHA)
    assert get_statement(actor=ada, at=AT, statement_id=done.statement_id).text == text
