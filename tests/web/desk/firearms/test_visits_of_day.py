"""The visits of a day: all of them, however many officers make them."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import LONDON, london_date, now
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Check
from tests.cast import browser
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import ike
from tests.web.desk.firearms.test_paper_pages import text_of

pytestmark = pytest.mark.django_db


def test_it_works(reference: None) -> None:
    """Three officers make more visits than there are letters."""
    client = browser(cast.IKE)
    day = london_date(now()) + timedelta(days=1)
    for number in range(28):
        applicant = PersonInput(given_name=f"Tom{number}", family_name="Reid")
        reference = licensing.receive(applicant=applicant)
        commands.take_on(actor=ike(), at=now(), reference=reference)
    with direct_writes():
        Check.objects.filter(kind="visit").update(
            planned_at=datetime.combine(day, time(9), tzinfo=LONDON), planned_for=ike().id
        )
    page = text_of(client, reverse("desk-firearms-visits-of-day", args=[day.isoformat()]))
    assert "28 visits" in page
    assert page.count(" Reid</h2>") == 28


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "20260303"])
def test_a_day_far_away_is_no_page(day: str) -> None:
    client = browser(cast.IKE)
    assert client.get(reverse("desk-firearms-visits-of-day", args=[day])).status_code == 404
