"""A note in the log of an investigation: who may write one, and what it keeps."""

from dataclasses import replace

import pytest

from bluelamp.casework.crimes.commands import record_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import add_log_entry
from bluelamp.casework.investigations.lookups import get_investigation
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from tests.casework.scenes import AT, DAMAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]


@pytest.fixture
def number(ada: Actor) -> str:
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.")
    return record_crime(actor=ada, at=AT, crime=crime).number


def test_it_works(number: str, bilal: Actor) -> None:
    add_log_entry(actor=bilal, at=AT, number=number, text=" Called Esi. ", kind="action")
    entry = get_investigation(actor=bilal, at=AT, number=number).timeline[0]
    assert (entry.kind, entry.text, entry.by_name) == ("action", "Called Esi.", bilal.name)
    assert AuditEntry.objects.filter(act="investigation.entry_added", ref=number).count() == 1


def test_seeing_an_investigation_is_not_writing_in_it(number: str, bilal: Actor) -> None:
    reader = replace(bilal, permissions=bilal.permissions - {"investigation.write"})
    assert get_investigation(actor=reader, at=AT, number=number).crime.number == number
    before = InvestigationEntry.objects.count()
    with pytest.raises(NotPermitted):
        add_log_entry(actor=reader, at=AT, number=number, text="I was here.")
    assert InvestigationEntry.objects.count() == before


def test_another_force_finds_no_log(number: str, femi: Actor) -> None:
    with pytest.raises(NotFound):
        add_log_entry(actor=femi, at=AT, number=number, text="I was here.")


@pytest.mark.parametrize(
    ("text", "kind"), [("", "note"), (" ", "note"), ("x" * 20_001, "note"), ("Charged.", "charge")]
)
def test_what_is_refused(number: str, bilal: Actor, text: str, kind: str) -> None:
    with pytest.raises(Refused):
        add_log_entry(actor=bilal, at=AT, number=number, text=text, kind=kind)
