"""Holders with unusual notices: counted over a year, shown to the team, and nothing decided."""

from datetime import date, timedelta

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.models import Person
from bluelamp.services.firearms import lookups
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.notices import NoticeInput
from tests.cast import browser
from tests.services.firearms.licensing import give_authority, grant, ike

pytestmark = pytest.mark.django_db
PAGE = "/desk/firearms/patterns/"


@pytest.fixture
def grace(reference: None) -> Person:
    """Grace, who has a firearm and a shotgun certificate in force."""
    granted_at = now() - timedelta(days=90)
    give_authority(at=granted_at)
    grant(at=granted_at)
    return Certificate.objects.get(kind="firearm").holder


def lose_ammunition(holder: Person, happened_on: date) -> None:
    number = Certificate.objects.filter(holder=holder).earliest("number").number
    record_notice(
        actor=ike(),
        at=now(),
        holder_id=holder.id,
        notice=NoticeInput(
            kind="ammunition-lost",
            way="lost",
            certificate_number=number,
            happened_on=happened_on,
            details="Some cartridges",
        ),
    )


def test_it_works(grace: Person) -> None:
    today = now().date()
    lose_ammunition(grace, today)
    client = browser(cast.IKE)
    assert "Nothing is unusual" in client.get(PAGE).content.decode()
    lose_ammunition(grace, today - timedelta(days=2))
    page = client.get(PAGE).content.decode()
    assert "Grace Holloway" in page
    assert "2 losses or thefts" in page
    [row] = lookups.list_patterns(actor=ike(), at=now())
    assert row.latest_on == today
    # It is for people to weigh: the certificates are as they were.
    assert set(Certificate.objects.values_list("state", flat=True)) == {"in-force"}


def test_late_notices_and_old_ones(grace: Person) -> None:
    today = now().date()
    for days in (30, 40):
        lose_ammunition(grace, today - timedelta(days=days))
    [row] = lookups.list_patterns(actor=ike(), at=now())
    assert {pattern.value: number for pattern, number in row.patterns.items()} == {
        "repeated-loss": 2,
        "often-late": 2,
    }
    assert lookups.list_patterns(actor=ike(), at=now() + timedelta(days=400)) == ()


def test_dealers_trade(grace: Person) -> None:
    today = now().date()
    for days in (1, 2):
        lose_ammunition(grace, today - timedelta(days=days))
    assert lookups.list_patterns(actor=ike(), at=now())
    grant(at=now() - timedelta(days=80), kind="dealer", certificates="", exemption="earlier-system")
    assert lookups.list_patterns(actor=ike(), at=now()) == ()
