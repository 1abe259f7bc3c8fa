"""Who sees the files of a request, and which file its link delivers."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.records.evidence.models import Item
from bluelamp.services.requests.commands import add_file, open_delivery, send_answer
from tests.cast import browser, signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.services.requests.making import SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db


def add(at: datetime, reference: str, content: bytes) -> None:
    """Add a file as Dev."""
    add_file(
        actor=signed_in(cast.DEV),
        at=at,
        reference=reference,
        filename="about-you.pdf",
        source=BytesIO(content),
        media_type="application/pdf",
        redaction_note="Names of others",
    )


def test_it_works(at: datetime) -> None:
    """The file that was added again after a mistake goes out, not the mistake."""
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    add(at, request.reference, b"%PDF-1.7\n% a name was left in\n")
    add(at + timedelta(minutes=1), request.reference, b"%PDF-1.7\n% names taken out\n")
    confirm_everybody()
    secret = send_answer(actor=signed_in(cast.DEV), at=at, reference=request.reference)
    with open_delivery(actor=public_actor(), at=at, secret=secret).file as file:
        assert b"taken out" in file.read()


def test_whoever_may_see_evidence_does_not_see_them(at: datetime) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    add(at, request.reference, b"%PDF-1.7\n")
    url = f"/desk/evidence/{Item.objects.get().id}/"
    assert browser(cast.JOY).get(url).status_code == 404
    assert browser(cast.DEV).get(url).status_code == 200
