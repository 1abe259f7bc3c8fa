"""Whoever was searched reads the record of it by the link that the officer's phone showed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bluelamp.casework.encounters.commands import correct_encounter, record_at_scene
from bluelamp.casework.encounters.lookups import RecordCopy, get_own_copy
from bluelamp.casework.encounters.models import CopyLink, Encounter
from bluelamp.casework.encounters.rules import CorrectedEncounter
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.encounters.kinds import KIND_VALUES
from tests.casework.encounters.scenes import AT, NAMED, SHA256, VALUES, make_capture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SECRET = "0123456789abcdef" * 2


@pytest.fixture
def person() -> Actor:
    """Somebody who has the link, and is known to nobody."""
    return public_actor(address="192.0.2.7", force="01")


@pytest.fixture
def search(ada: Actor, reference: None) -> str:
    capture = make_capture(NAMED, copy_secret=SECRET)
    return record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256).reference


def read(person: Actor, at: datetime = AT, secret: str = SECRET) -> RecordCopy:
    return get_own_copy(actor=person, at=at, secret=secret, language="en")


def test_it_works(person: Actor, search: str) -> None:
    """The seven items of PACE 1984 s.3(6) and (6A), and no name."""
    copy = read(person)
    assert (copy.reference, copy.officer) == (search, Encounter.objects.get().recorded_by_name)
    assert copy.happened_at == AT - timedelta(minutes=3)
    assert copy.place.startswith("Outside 12 Acorn Parade")
    shown = {row.label: row.lines for row in copy.rows}
    assert shown["Self-defined ethnicity"] == ["White: British"]
    assert shown["Object of the search"] == ["Controlled drugs"]
    assert shown["Grounds"] == [VALUES["grounds"]]
    text = str(copy)
    for hidden in ("Sunil", "Vexley", "2005", "BWV-2291"):
        assert hidden not in text, hidden
    entry = AuditEntry.objects.get(act="encounter.copy_read")
    assert (entry.ref, SECRET in str(entry.detail)) == (search, False)
    assert CopyLink.objects.get().secret_sha256 != SECRET


def test_the_link_ends_with_the_three_months(person: Actor, search: str) -> None:
    """PACE 1984 s.3(9): the 3 months that begin with 3 March end on 2 June."""
    assert read(person, datetime(2026, 6, 2, 22, 59, tzinfo=UTC)).reference == search
    with pytest.raises(NotFound):
        read(person, datetime(2026, 6, 2, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize("secret", ["", SECRET[:-1], SECRET.upper(), "é" * 32, "%00", "0" * 5000])
def test_another_link_shows_nothing(person: Actor, search: str, secret: str) -> None:
    with pytest.raises(NotFound):
        read(person, secret=secret)


def test_another_force_does_not_show_it(search: str) -> None:
    with pytest.raises(NotFound):
        read(public_actor(address="192.0.2.7", force="20"))


def test_it_leads_to_the_latest_version(ada: Actor, person: Actor, search: str) -> None:
    correction = CorrectedEncounter(
        encounter_id=new_id(),
        reference=search,
        version=Encounter.objects.get().question_set_version,
        values={**VALUES, **NAMED, "outcome": "arrest", "is_linked": "yes"},
        reason="I had selected the wrong outcome.",
    )
    corrected = correct_encounter(actor=ada, at=AT, correction=correction)
    copy = read(person)
    assert (copy.reference, copy.is_corrected) == (corrected.reference, True)
    assert ["Arrest"] in [row.lines for row in copy.rows]


def test_no_two_records_have_one_link(ada: Actor, search: str) -> None:
    other = make_capture(copy_secret=SECRET)
    with pytest.raises(Refused) as refused:
        record_at_scene(actor=ada, at=AT, capture=other, sha256="b" * 64)
    assert set(refused.value.errors) == {"copy_secret"}
    assert Encounter.objects.count() == 1


def test_only_a_search_has_a_link(ada: Actor, person: Actor) -> None:
    capture = replace(
        make_capture(copy_secret=SECRET),
        question_set="stop-account",
        version=built_in_files()["stop-account"].question_set.version,
        values=KIND_VALUES["stop-account"],
    )
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256)
    with pytest.raises(NotFound):
        read(person)


def test_without_a_secret_there_is_no_link(ada: Actor, person: Actor) -> None:
    record_at_scene(actor=ada, at=AT, capture=make_capture(), sha256=SHA256)
    assert not CopyLink.objects.exists()
    with pytest.raises(NotFound):
        read(person, secret="")
