"""The desk sees whether the link to the record of a search was sent, and never to which number."""

import pytest

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications.models import Message
from tests.casework.encounters.scenes import NAMED, SHA256, make_capture
from tests.cast import browser
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SECRET = "0123456789abcdef" * 2


@pytest.fixture
def page_address(ada: Actor) -> str:
    at = now()
    capture = make_capture(NAMED, copy_secret=SECRET, device_at=at, receipt_to="07700 900412")
    reference = record_at_scene(actor=ada, at=at, capture=capture, sha256=SHA256).reference
    return f"/desk/encounters/{reference}/"


@pytest.mark.parametrize(
    ("state", "reason", "shown"),
    [
        ("waiting", "", "Waiting to be sent"),
        ("refused", "Notify said no", "The message service refused it"),
        ("cancelled", "", "Cancelled"),
    ],
)
def test_it_works(page_address: str, state: str, reason: str, shown: str) -> None:
    with direct_writes():
        Message.objects.update(state=state, failure_reason=reason)
    content = browser(cast.ADA).get(page_address).content.decode()
    assert "Link they asked for" in content
    assert shown in content
    assert reason in content
    assert "900412" not in content


def test_without_a_message_it_says_nothing(ada: Actor) -> None:
    at = now()
    capture = make_capture(NAMED, copy_secret=SECRET, device_at=at)
    reference = record_at_scene(actor=ada, at=at, capture=capture, sha256=SHA256).reference
    content = browser(cast.ADA).get(f"/desk/encounters/{reference}/").content.decode()
    assert "Link they asked for" not in content


def test_the_list_of_undelivered_messages_leads_to_the_search(ada: Actor) -> None:
    at = now()
    capture = make_capture(NAMED, copy_secret=SECRET, device_at=at, receipt_to="nobody")
    reference = record_at_scene(actor=ada, at=at, capture=capture, sha256=SHA256).reference
    content = browser(cast.JOY).get("/desk/undelivered/").content.decode()
    assert f"/desk/encounters/{reference}" in content
    assert "Link to the record of a search or stop" in content
