"""The desk's pages of continuous vetting."""

from collections.abc import Callable

import pytest

from bluelamp.casework.investigations.commands import name_suspect
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import VettingTask
from tests.cast import browser
from tests.services.firearms.licensing import AT, GRACE
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
    assert "Someone has the holder’s email address" in page
    task = VettingTask.objects.get(is_near=False)
    url = f"{LIST}{task.id}/"
    assert "It names the holder" in ike.get(url).content.decode()
    answer = ike.post(f"{url}decide", {"decision": "", "reason": ""})
    assert answer.status_code == 422
    assert "Select what you decided" in answer.content.decode()
    ike.post(f"{url}decide", {"decision": "no-concern", "reason": "She is the victim"})
    assert "She is the victim" in ike.get(url).content.decode()
    assert number in ike.get(f"{LIST}?state=decided").content.decode()


def test_what_was_found_meanwhile_is_read_first(
    joy: Actor, bilal: Actor, holder: Person, run_jobs: Callable[[], int]
) -> None:
    ike = browser(cast.IKE)
    number = crime(joy, somebody(email=GRACE.email))
    run_jobs()
    url = f"{LIST}{VettingTask.objects.get().id}/"
    assert 'name="match_reasons" value="same-email"' in ike.get(url).content.decode()
    name_suspect(actor=bilal, at=AT, number=number, details=GRACE, reason="Seen there")
    run_jobs()
    form = {"decision": "not-the-holder", "reason": "A shared address"}
    answer = ike.post(f"{url}decide", {**form, "match_reasons": ["same-email"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "More was found since you opened this page" in page
    assert "It names the holder" in page
    assert 'name="match_reasons" value="person"' in page
    ike.post(f"{url}decide", {**form, "match_reasons": ["person", "same-email"]})
    assert VettingTask.objects.get().closed_at is not None


def test_others_see_nothing() -> None:
    assert browser(cast.ADA).get(LIST).status_code == 403
