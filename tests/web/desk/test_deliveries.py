"""Messages that did not arrive and failed deliveries of events, at the crime desk."""

import html
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.events.models import EventDelivery, OutboxEvent
from bluelamp.foundation.kernel.events.outbox import subscribers
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER
from bluelamp.foundation.notifications.models import FINAL_STATES, Message, UndeliveredMessage
from bluelamp.foundation.notifications.rules import PRECOMPILED_LETTER
from bluelamp.web.desk.deliveries import (
    REASON_LABELS,
    SUBSCRIBER_LABELS,
    TEMPLATE_LABELS,
    _reference_url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def undelivered(report: str) -> UndeliveredMessage:
    """A confirmation of Esi's report that did not arrive."""
    with writes_outside_commands(Exemption.TEST):
        return UndeliveredMessage.objects.create(
            force="01",
            to="esi.mensah@example.com",
            template="report-received",
            reference=report,
            reason="permanent-failure",
            failed_at=now(),
        )


@pytest.fixture
def failed(db: None) -> EventDelivery:
    """A delivery that failed as often as its subscriber allows."""
    subscriber = next(s for s in subscribers() if s.name == "victims.confirm_report")
    with writes_outside_commands(Exemption.TEST):
        event = OutboxEvent.objects.create(name="reports.submitted.v1", payload={})
        return EventDelivery.objects.create(
            event=event,
            subscriber=subscriber.name,
            state=EventDelivery.State.FAILED,
            attempts=16,
            last_error="ValueError in informing.py, line 90",
            last_attempt_at=now(),
        )


def _text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return html.unescape(response.content.decode())


def test_it_works(desk: Client, undelivered: UndeliveredMessage, report: str) -> None:
    assert "1 message not delivered" in _text(desk, "/desk/")
    page = _text(desk, "/desk/undelivered/")
    assert "1 message to deal with" in page
    assert "Confirmation of a report" in page
    assert "esi.mensah@example.com" in page
    assert f'href="/desk/reports/{report}/"' in page
    assert "The address or phone number does not exist" in page
    response = desk.post(
        f"/desk/undelivered/{undelivered.id}/dealt-with", {"note": "Phoned her."}, follow=True
    )
    page = html.unescape(response.content.decode())
    assert "Marked as dealt with" in page
    assert "There are no messages to deal with." in page
    page = _text(desk, "/desk/undelivered/?state=dealt-with")
    assert "Phoned her." in page
    assert "by Joy Whitfield" in page
    assert "not delivered" not in _text(desk, "/desk/")


def test_a_note_that_is_too_long_is_kept(desk: Client, undelivered: UndeliveredMessage) -> None:
    note = "x" * 5_001
    response = desk.post(f"/desk/undelivered/{undelivered.id}/dealt-with", {"note": note})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#note-{undelivered.id}"' in page
    assert f'id="note-{undelivered.id}"' in page
    assert note in page


def test_hostile_notes(desk: Client, undelivered: UndeliveredMessage, hostile: list[str]) -> None:
    for text in hostile[::17]:
        response = desk.post(f"/desk/undelivered/{undelivered.id}/dealt-with", {"note": text})
        assert response.status_code in {302, 422}, text
    assert desk.get("/desk/undelivered/?page=999&state=dealt-with").status_code == 200


def test_retry(desk: Client, failed: EventDelivery) -> None:
    assert "1 failed update" in _text(desk, "/desk/")
    page = _text(desk, "/desk/failed-deliveries/")
    assert "Confirm a report to the person who made it" in page
    assert "ValueError in informing.py, line 90" in page
    response = desk.post(f"/desk/failed-deliveries/{failed.id}/retry", follow=True)
    page = html.unescape(response.content.decode())
    assert "We're trying again" in page
    assert "There are no failed updates." in page
    failed.refresh_from_db()
    assert failed.state == EventDelivery.State.WAITING
    again = desk.post(f"/desk/failed-deliveries/{failed.id}/retry", follow=True)
    assert "We&#39;re trying again" not in again.content.decode()
    assert desk.post(f"/desk/failed-deliveries/{new_id()}/retry").status_code == 404
    acts = AuditEntry.objects.filter(act="event.delivery_retried", result="done")
    assert [entry.ref for entry in acts] == [str(failed.id)]


def test_who_may_not(
    bilal_desk: Client, femi_desk: Client, undelivered: UndeliveredMessage, failed: EventDelivery
) -> None:
    for client, statuses in ((bilal_desk, {403}), (femi_desk, {403, 404})):
        assert client.get("/desk/undelivered/").status_code in statuses
        assert client.get("/desk/failed-deliveries/").status_code in statuses
        url = f"/desk/undelivered/{undelivered.id}/dealt-with"
        assert client.post(url, {"note": "x"}).status_code in statuses
        assert client.post(f"/desk/failed-deliveries/{failed.id}/retry").status_code in statuses
    undelivered.refresh_from_db()
    assert undelivered.dealt_with_at is None
    failed.refresh_from_db()
    assert failed.state == EventDelivery.State.FAILED


def test_the_crime_desk_of_another_force_sees_nothing(
    desk: Client, undelivered: UndeliveredMessage, failed: EventDelivery, settings: object
) -> None:
    # Joy's force is 01: to her this instance is another force's, and so is the message.
    settings.BLUELAMP_FORCE = "43"  # type: ignore[attr-defined]
    with writes_outside_commands(Exemption.TEST):
        UndeliveredMessage.objects.filter(id=undelivered.id).update(force="43")
    assert "esi.mensah" not in _text(desk, "/desk/undelivered/")
    assert "There are no failed updates." in _text(desk, "/desk/failed-deliveries/")
    url = f"/desk/undelivered/{undelivered.id}/dealt-with"
    assert desk.post(url, {"note": "x"}).status_code == 404
    assert desk.post(f"/desk/failed-deliveries/{failed.id}/retry").status_code == 404


def test_every_message_has_a_label() -> None:
    names = {path.name.split(".")[0] for path in TEMPLATES_FOLDER.glob("*.txt")}
    assert names | {PRECOMPILED_LETTER} <= set(TEMPLATE_LABELS)


def test_every_bad_end_of_a_message_has_a_label() -> None:
    bad = {status for status, state in FINAL_STATES.items() if state != Message.State.DELIVERED}
    assert bad == set(REASON_LABELS)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("FL/01/0000123/26", "/desk/firearms/applications/FL-01-0000123-26/"),
        ("01-S-0000123-26", "/desk/firearms/certificates/01-S-0000123-26/"),
        ("RQ-26-000042", "/desk/requests/RQ-26-000042/"),
        ("FA-000-000-011", ""),
        ("anything", ""),
    ],
)
def test_a_message_leads_to_what_it_is_about(reference: str, path: str) -> None:
    assert _reference_url(reference) == path


def test_every_subscriber_has_a_label() -> None:
    # Other tests of the same run register subscribers of their own.
    names = {subscriber.name for subscriber in subscribers()}
    assert {name for name in names if not name.startswith("tests.")} == set(SUBSCRIBER_LABELS)


@pytest.mark.parametrize("odd", ["x", str(UUID(int=0))])
def test_odd_ids(desk: Client, odd: str) -> None:
    assert desk.post(f"/desk/undelivered/{odd}/dealt-with", {}).status_code == 404
    assert desk.post(f"/desk/failed-deliveries/{odd}/retry").status_code == 404
