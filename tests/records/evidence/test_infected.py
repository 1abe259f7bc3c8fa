"""An infected file is refused where ClamAV is set up, else "not scanned"; never called clean."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.models import Blob, Item
from tests import media_samples
from tests.cast import actor
from tests.records.evidence.conftest import REPORT
from tests.scanner import EICAR

pytestmark = pytest.mark.django_db


def receive(at: datetime, content: bytes) -> Item:
    received = receive_item(
        actor=actor(cast.ESI), at=at, subject=REPORT, filename="photo.jpg", source=content
    )
    return Item.objects.get(id=received.id)


def stored_files() -> list[Path]:
    return [path for path in (configured.BLUELAMP_VAR / "evidence").rglob("*") if path.is_file()]


def test_it_works(at: datetime, settings: Settings, clamd: str) -> None:
    settings.BLUELAMP_CLAMD = clamd
    assert receive(at, media_samples.rotated_jpeg_with_gps()).scan_verdict == "clean"


def test_an_infected_file_is_refused_and_not_stored(
    at: datetime, settings: Settings, clamd: str
) -> None:
    settings.BLUELAMP_CLAMD = clamd
    before = set(stored_files())
    with pytest.raises(Refused, match="virus") as refused:
        receive(at, EICAR)
    assert refused.value.field
    assert not Item.objects.exists()
    assert not Blob.objects.exists()
    assert set(stored_files()) == before


def test_without_a_scanner_it_is_not_scanned(at: datetime) -> None:
    assert receive(at, EICAR).scan_verdict == "not_scanned"


def test_a_scanner_that_does_not_answer_calls_nothing_clean(
    at: datetime, settings: Settings
) -> None:
    settings.BLUELAMP_CLAMD = "unix:/nonexistent/clamd.socket"
    assert receive(at, EICAR).scan_verdict == "not_scanned"


def test_the_public_form_shows_the_error_beside_the_field(
    settings: Settings, clamd: str, reference: None
) -> None:
    settings.BLUELAMP_CLAMD = clamd
    visitor = Client()
    visitor.post("/report/", {"emergency": "no"})
    answer = visitor.post(
        "/report/files/",
        {"files": SimpleUploadedFile("photo.jpg", EICAR), "add": "yes"},
        follow=True,
    )
    page = answer.content.decode()
    assert 'id="files-error"' in page
    assert "virus" in page
    assert not Item.objects.exists()
