"""A link delivers every file of an answer, the newest of each name, and staff open them too."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.records.evidence.models import Continuity
from bluelamp.services.requests.commands import add_file, open_delivery, open_file, send_answer
from bluelamp.services.requests.lookups import get_delivery, get_request
from bluelamp.services.requests.rules import MAX_DOWNLOADS
from tests.cast import browser, signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.services.requests.making import SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db
MISTAKE, LETTER, PHOTO = b"%PDF-1.7\n% mistake\n", b"%PDF-1.7\n% letter\n", b"%PDF-1.7\n% photo\n"


def answer(at: datetime) -> tuple[str, str]:
    """Answer a request with two files, one of which was added again; return it and the secret."""
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    files = (("letter.pdf", MISTAKE), ("photo.pdf", PHOTO), ("letter.pdf", LETTER))
    for minute, (name, content) in enumerate(files):
        add_file(
            actor=signed_in(cast.DEV),
            at=at + timedelta(minutes=minute),
            reference=request.reference,
            filename=name,
            source=BytesIO(content),
            media_type="application/pdf",
            redaction_note="Names of others",
        )
    confirm_everybody()
    secret = send_answer(actor=signed_in(cast.DEV), at=at, reference=request.reference)
    return request.reference, secret


def information_officer() -> Actor:
    """Dev with the one role of an information officer, who may not look at evidence."""
    return replace(signed_in(cast.DEV), permissions=ROLES["information-officer"].permissions)


def test_it_works(at: datetime) -> None:
    _reference, secret = answer(at)
    delivery = get_delivery(actor=public_actor(), at=at, secret=secret)
    assert [file.filename for file in delivery.files] == ["letter.pdf", "photo.pdf"]
    contents = []
    for file in delivery.files:
        opened = open_delivery(
            actor=public_actor(), at=at, secret=secret, item_id=file.item_id
        ).file
        with opened:
            contents.append(opened.read())
    assert contents == [LETTER, PHOTO]


def test_the_mistake_is_not_delivered(at: datetime) -> None:
    reference, secret = answer(at)
    mistake = get_request(actor=signed_in(cast.DEV), at=at, reference=reference).files[0]
    with pytest.raises(NotFound):
        open_delivery(actor=public_actor(), at=at, secret=secret, item_id=mistake.item_id)


def test_each_file_can_be_downloaded_as_often_as_one_alone(at: datetime) -> None:
    _reference, secret = answer(at)
    files = get_delivery(actor=public_actor(), at=at, secret=secret).files
    for _number in range(MAX_DOWNLOADS):
        for file in files:
            open_delivery(
                actor=public_actor(), at=at, secret=secret, item_id=file.item_id
            ).file.close()
    with pytest.raises(NotFound):
        get_delivery(actor=public_actor(), at=at, secret=secret)


def test_the_page_lists_each_file(client: Client) -> None:
    at = now()
    _reference, secret = answer(at)
    url = reverse("requests-download", kwargs={"secret": secret})
    page = client.get(url).text
    assert "letter.pdf" in page
    assert "photo.pdf" in page
    files = get_delivery(actor=public_actor(), at=at, secret=secret).files
    response = client.post(url, {"file": str(files[1].item_id)})
    assert b"".join(response.streaming_content) == PHOTO  # type: ignore[attr-defined]
    assert client.post(url, {"file": "elephant"}).status_code == 404
    assert client.get(reverse("requests-download", kwargs={"secret": "x" * 43})).status_code == 404


def test_an_information_officer_opens_what_is_sent(at: datetime) -> None:
    reference, _secret = answer(at)
    officer = information_officer()
    assert not officer.may("evidence.view")
    file = get_request(actor=officer, at=at, reference=reference).files[1]
    opened = open_file(actor=officer, at=at, reference=reference, item_id=file.item_id)
    with opened.file as source:
        assert source.read() == PHOTO
    assert AuditEntry.objects.filter(act="request.file_opened").count() == 1
    assert Continuity.objects.filter(item_id=file.item_id, verb="copied").count() == 1


def test_others_open_nothing(at: datetime, ada: Actor) -> None:
    reference, _secret = answer(at)
    other = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    officer = information_officer()
    file = get_request(actor=officer, at=at, reference=reference).files[0]
    with pytest.raises(NotPermitted):
        open_file(actor=ada, at=at, reference=reference, item_id=file.item_id)
    with pytest.raises(NotFound):
        open_file(actor=officer, at=at, reference=other.reference, item_id=file.item_id)


def test_the_desk_page_leads_to_the_file(at: datetime) -> None:
    reference, _secret = answer(at)
    file = get_request(actor=signed_in(cast.DEV), at=at, reference=reference).files[2]
    url = f"/desk/requests/{reference}/files/{file.item_id}/"
    assert url in browser(cast.DEV).get(f"/desk/requests/{reference}/").text
    response = browser(cast.DEV).get(url)
    assert b"".join(response.streaming_content) == LETTER  # type: ignore[attr-defined]
    assert browser(cast.ADA).get(url).status_code == 403
