"""Another keyer takes a paper form over on its page."""

import pytest
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import Role, User
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.services.firearms import commands
from tests.cast import INSTALLER, START, browser
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import ike

pytestmark = pytest.mark.django_db


def test_it_works(reference: None) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    draft_id = commands.start_paper_application(
        actor=ike(), at=now(), kind="grant", received_on=london_date(now())
    )
    client = browser(cast.NELL)
    with direct_writes():
        colleague = User.objects.get(username=cast.NELL.username)
        colleague.roles.add(Role.objects.get(name="firearms-enquiry-officer"))
    start = reverse("desk-firearms-paper")
    page = client.get(start).content.decode()
    assert "Started by colleagues" in page
    assert "Ike Daniels P3307 saved it" in page
    taken = client.post(reverse("desk-firearms-key-take-over", args=[draft_id]))
    assert taken["Location"] == reverse("desk-firearms-key", args=[draft_id])
    assert client.get(taken["Location"]).status_code == 200
    assert "Started by colleagues" not in client.get(start).content.decode()
    assert browser(cast.IKE).get(taken["Location"]).status_code == 404
