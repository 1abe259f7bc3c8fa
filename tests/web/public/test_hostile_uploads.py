"""Hostile files on the pages of firearms licensing and of requests.

Each is refused, or kept as it came and never shown: a browser gets a picture that we made, or a
download without a type of its own.
"""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.rules import MAX_FILES_OF_PUBLIC_SUBJECT
from bluelamp.services.requests.commands import send_answer
from bluelamp.web.public.firearms import cookies
from tests import media_samples
from tests.cast import INSTALLER, START, browser, signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.scanner import EICAR
from tests.services.firearms.applications import complete_application
from tests.services.firearms.test_submit_application import PUBLIC
from tests.services.requests.making import SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(document.domain)</script>"


def zip_bomb() -> bytes:
    """Return a small archive of 200 MB of zeros."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w", force_zip64=True) as file,
    ):
        for _ in range(200):
            file.write(bytes(1_000_000))
    return buffer.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("report.zip", zip_bomb, "application/zip"),
    "picture bomb": ("me.png", media_samples.bomb_png, "image/png"),
    "SVG with a script": (
        "me.svg",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
        "image/svg+xml",
    ),
    "HTML": ("me.html", lambda: b"<!doctype html>" + SCRIPT, "text/html"),
    "HTML that says it is a picture": ("me.jpg", lambda: b"<html>" + SCRIPT, "image/jpeg"),
    "GIF that is a script": ("me.gif", lambda: b"GIF89a/*" + SCRIPT + b"*/=1;", "image/gif"),
    "JPEG with a page after it": (
        "me.jpg",
        lambda: media_samples.rotated_jpeg_with_gps() + b"<html>" + SCRIPT,
        "image/jpeg",
    ),
    "PDF with a script": (
        "gp.pdf",
        lambda: (
            b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction 2 0 R>>endobj\n"
            b"2 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
        ),
        "application/pdf",
    ),
}
NAMES = {
    "../../../../etc/passwd": "passwd",
    "C:\\Windows\\system32\\me.jpg": "me.jpg",
    "me\r\nSet-Cookie: a=b.jpg": None,
    "me\x00.html.jpg": None,
    "\u202egpj.exe": None,
    "a" * 400 + ".jpg": None,
}
PAGES = {
    "applicant's photo": ("photo", "", "photo"),
    "medical report": ("medical-report", "", "medical_report_files"),
    "letter of permission for land": ("land", "1", "land_permission"),
}


@pytest.fixture(autouse=True)
def question_sets(reference: None) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


@pytest.fixture
def applicant() -> Client:
    """A browser with an application that has every page."""
    client = Client()
    client.post("/firearms/apply/", {"kind": "grant", "email": "grace@example.org"})
    cookie = cookies.get_draft(client.get("/firearms/form/").wsgi_request)
    assert cookie is not None
    answers = complete_application() | {"medical_report_from": "upload"}
    for land in answers["land"]:
        land["land_owner"] = "other"
    for name in ("photo", "medical_report_files"):
        answers.pop(name, None)
    save_form_draft(
        actor=PUBLIC,
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        texts=write_answers(built_in_question_set("form-201"), answers),
    )
    return client


def hand_in(client: Client, name: str, content: bytes, media_type: str, where: str) -> Any:
    """Upload a file on a page of the application, and return the page that follows."""
    page_id, row, question = PAGES[where]
    url = f"/firearms/form/pages/{page_id}/" + (f"{row}/" if row else "")
    page = client.get(url)
    assert page.status_code == 200, (url, page.get("location"))
    asked = re.findall(r'name="asked" value="([^"]*)"', page.content.decode())[0]
    file = SimpleUploadedFile("x", content, media_type)
    # Django's client would send the last part of it only.
    file.__dict__["_name"] = name
    texts = {"asked": asked, "medical_report_from": "upload", "land_owner": "other"}
    answer = client.post(url, texts | {question: file, "add": question})
    assert answer.status_code in {302, 422}
    return client.get(answer["location"]) if answer.status_code == 302 else answer


@pytest.mark.parametrize(
    ("kind", "where"),
    # All pages take files by the same function: each kind is tried at one of them.
    [(kind, list(PAGES)[number % len(PAGES)]) for number, kind in enumerate(HOSTILE)],
)
def test_it_works(applicant: Client, run_jobs: Callable[[], int], kind: str, where: str) -> None:
    name, make_content, media_type = HOSTILE[kind]
    content = make_content()
    hand_in(applicant, name, content, media_type, where)
    item = Item.objects.get()
    run_jobs()
    # To the applicant: a picture that we made, or nothing.
    picture = applicant.get(f"/firearms/form/files/{item.id}/")
    assert picture.status_code in {200, 204, 404}
    if picture.status_code == 200:
        assert picture["content-type"] == "image/jpeg"
        assert b"script" not in picture.content
        assert picture["x-content-type-options"] == "nosniff"
    assert Client().get(f"/firearms/form/files/{item.id}/").status_code == 404
    # What is on the page of the form is escaped, and the page still opens.
    page_id, row, _ = PAGES[where]
    page = applicant.get(f"/firearms/form/pages/{page_id}/" + (f"{row}/" if row else ""))
    assert page.status_code == 200
    assert name in page.content.decode()
    assert SCRIPT.decode() not in page.content.decode()
    # Whoever may see evidence and not applicants' files is told that there is none.
    assert browser(cast.JOY).get(f"/desk/evidence/{item.id}/").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_names_are_names(applicant: Client, name: str) -> None:
    hand_in(applicant, name, media_samples.rotated_jpeg_with_gps(), "image/jpeg", "medical report")
    stored = Item.objects.get().filename
    assert NAMES[name] in {None, stored}
    assert stored.strip(". ")
    assert len(stored) <= 255
    assert not re.search(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]", stored)


@pytest.mark.parametrize("where", PAGES)
def test_a_file_without_bytes_is_refused(applicant: Client, where: str) -> None:
    page = hand_in(applicant, "me.jpg", b"", "image/jpeg", where)
    assert "is empty" in page.content.decode()
    assert not Item.objects.exists()


@pytest.mark.parametrize("where", PAGES)
def test_an_infected_file_is_refused(
    applicant: Client, settings: Any, clamd: str, where: str
) -> None:
    settings.BLUELAMP_CLAMD = clamd
    page = hand_in(applicant, "me.jpg", EICAR, "image/jpeg", where)
    assert "virus" in page.content.decode()
    assert not Item.objects.exists()


def test_the_picture_of_a_photo_says_not_where_it_was_taken(
    applicant: Client, run_jobs: Callable[[], int]
) -> None:
    photo = media_samples.rotated_jpeg_with_gps()
    assert b"Exif" in photo
    hand_in(applicant, "me.jpg", photo, "image/jpeg", "applicant's photo")
    run_jobs()
    picture = applicant.get(f"/firearms/form/files/{Item.objects.get().id}/")
    assert picture.status_code == 200
    assert b"Exif" not in picture.content
    assert not Image.open(io.BytesIO(picture.content)).getexif()


def test_nobody_fills_the_disk_through_a_form(applicant: Client, settings: Any) -> None:
    settings.BLUELAMP_PUBLIC_RESERVE = 100
    page = hand_in(applicant, "me.jpg", b"\xff\xd8\xff", "image/jpeg", "medical report")
    assert page.status_code in {200, 422, 507}
    assert not Item.objects.exists()
    settings.BLUELAMP_PUBLIC_RESERVE = 0
    for number in range(MAX_FILES_OF_PUBLIC_SUBJECT + 1):
        hand_in(applicant, "me.jpg", b"\xff\xd8%d" % number, "image/jpeg", "medical report")
    assert Item.objects.count() <= MAX_FILES_OF_PUBLIC_SUBJECT


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_the_desk_sends_is_a_download(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    name, make_content, media_type = HOSTILE[kind]
    request, content = make(now(), "SUBJECT_ACCESS", SUBJECT_ACCESS), make_content()
    dev = browser(cast.DEV)
    desk = f"/desk/requests/{request.reference}/"
    file = SimpleUploadedFile(name, content, media_type)
    assert dev.post(f"{desk}file", {"file": file, "redaction": "Names"}).status_code == 302
    confirm_everybody()
    secret = send_answer(actor=signed_in(cast.DEV), at=now(), reference=request.reference)
    answer = Client().post(f"/requests/download/{secret}/")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert_is_download(answer)


def test_the_desk_sends_nothing_infected_or_empty(settings: Any, clamd: str) -> None:
    settings.BLUELAMP_CLAMD = clamd
    request = make(now(), "SUBJECT_ACCESS", SUBJECT_ACCESS)
    dev = browser(cast.DEV)
    for content, sentence in ((EICAR, "virus"), (b"", "is empty")):
        file = SimpleUploadedFile("about.pdf", content, "application/pdf")
        page = dev.post(
            f"/desk/requests/{request.reference}/file", {"file": file, "redaction": "Names"}
        )
        assert sentence in page.content.decode()
    assert not Item.objects.exists()


def assert_is_download(answer: Any) -> None:
    """Check that a browser saves the answer, and neither opens it nor guesses what it is."""
    assert answer["content-disposition"].startswith("attachment")
    assert answer["content-type"] == "application/octet-stream"
    assert answer["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer["content-security-policy"]
    assert "\n" not in answer["content-disposition"]
