"""The desk's pages of continuous vetting."""

from collections.abc import Callable

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import VettingTask
from tests.cast import browser
from tests.services.firearms.licensing import GRACE
from tests.services.firearms.test_vetting import crime, holder, somebody

__all__ = ["holder"]

pytestmark = pytest.mark.django_db
LIST = "/desk/firearms/vetting/"


def test_it_works(joy: Actor, holder: Person, run_jobs: Callable[[], int]) -> None:
    ike = browser(cast.IKE)
    assert "No new record names" in ike.get(LIST).content.decode()
    number = crime(joy, GRACE)
    crime(joy, somebody(email=GRACE.email))
    run_jobs()
    page = ike.get(LIST).content.decode()
    assert number in page
    # A near match is shown as one, and why.
    assert "Near match" in page
    assert "Someone has the holder&#39;s email address" in page
    task = VettingTask.objects.get(is_near=False)
    url = f"{LIST}{task.id}/"
    assert "It names the holder" in ike.get(url).content.decode()
    answer = ike.post(f"{url}decide", {"decision": "", "reason": ""})
    assert answer.status_code == 422
    assert "Select what you decided" in answer.content.decode()
    ike.post(f"{url}decide", {"decision": "no-concern", "reason": "She is the victim"})
    assert "She is the victim" in ike.get(url).content.decode()
    assert number in ike.get(f"{LIST}?state=decided").content.decode()


def test_others_see_nothing() -> None:
    assert browser(cast.ADA).get(LIST).status_code == 403
