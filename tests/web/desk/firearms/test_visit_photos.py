"""Photos of a visit, from a phone: with their time and place, among the files that few may open."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.services.firearms import commands
from tests.cast import browser
from tests.services.firearms import licensing
from tests.services.firearms.licensing import ike

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0 a photo, or near enough"


@pytest.fixture
def reference_number(reference: None) -> str:
    """An application whose checks are open."""
    licensing.give_authority()
    number = licensing.receive(certificates="shotgun")
    commands.take_on(actor=ike(), at=now(), reference=number)
    return number


def url_of(reference: str) -> str:
    return reverse("desk-firearms-visit-photos", kwargs={"reference": reference})


def post(client: Client, reference: str, **changes: Any) -> Any:
    """Send a photo as a phone does."""
    form = {
        "photos": SimpleUploadedFile("IMG_1.jpg", JPEG, "image/jpeg"),
        "photo_note": "The gun cabinet",
        "captured_at": (now() - timedelta(minutes=1)).isoformat(),
        "latitude": "51.470125",
        "longitude": "-0.0691",
        "accuracy_m": "12",
        **changes,
    }
    return client.post(url_of(reference), form)


def test_it_works(reference_number: str) -> None:
    client = browser(cast.IKE)
    page = reverse("desk-firearms-application", kwargs={"reference": reference_number})
    assert url_of(reference_number) in client.get(page).content.decode()
    form = client.get(url_of(reference_number)).content.decode()
    assert 'capture="environment"' in form
    done = post(client, reference_number)
    assert done.status_code == 302
    item = Item.objects.get(filename="IMG_1.jpg")
    assert (item.origin, item.description) == ("visit", "The gun cabinet")
    assert (item.latitude, item.longitude, item.accuracy_m) == (51.470125, -0.0691, 12)
    assert item.captured_at is not None
    assert Continuity.objects.filter(item=item).count() == 2
    shown = client.get(done["Location"]).content.decode()
    assert "The gun cabinet. Taken" in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude": "91"},
        {"longitude": ""},
        {"latitude": "nan"},
        {"latitude": "1e999"},
    ],
)
def test_half_a_position_is_none(reference_number: str, changes: dict[str, str]) -> None:
    assert post(browser(cast.IKE), reference_number, **changes).status_code == 302
    item = Item.objects.get(filename="IMG_1.jpg")
    assert (item.latitude, item.longitude, item.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-03-03T10:00:00",
        "2999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        # Before the year 1 in UTC, which no program could read back.
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_wrong_clock_says_nothing(reference_number: str, text: str) -> None:
    assert post(browser(cast.IKE), reference_number, captured_at=text).status_code == 302
    assert Item.objects.get(filename="IMG_1.jpg").captured_at is None


@pytest.mark.parametrize("metres", ["-12", "nan", "about 12", "1" * 400])
def test_an_accuracy_that_is_none_is_left_out(reference_number: str, metres: str) -> None:
    assert post(browser(cast.IKE), reference_number, accuracy_m=metres).status_code == 302
    item = Item.objects.get(filename="IMG_1.jpg")
    assert (item.latitude, item.accuracy_m) == (51.470125, None)


def test_a_note_that_cannot_be_stored_is_refused(reference_number: str) -> None:
    answer = post(browser(cast.IKE), reference_number, photo_note="A\x00cabinet")
    assert answer.status_code == 422


def test_what_is_missing_is_said(reference_number: str) -> None:
    answer = browser(cast.IKE).post(url_of(reference_number), {})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Take or select a photo" in page
    assert "Enter what the photo shows" in page


def test_only_for_a_visit_by_who_may_check(reference_number: str) -> None:
    assert browser(cast.DEV).get(url_of(reference_number)).status_code in {403, 404}
    replacement = licensing.receive(kind="replacement", certificates="shotgun")
    assert browser(cast.IKE).get(url_of(replacement)).status_code == 404
    # Another force's reference is nobody's.
    assert browser(cast.IKE).get(url_of("FL/02/0000001/26")).status_code == 404


def test_not_after_the_checks(reference_number: str) -> None:
    commands.withdraw_application(
        actor=ike(), at=now(), reference=reference_number, reason="By phone"
    )
    assert post(browser(cast.IKE), reference_number).status_code == 409
    assert not Item.objects.filter(filename="IMG_1.jpg").exists()
