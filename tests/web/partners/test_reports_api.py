"""POST /api/v1/reports stores a report with its files once, or says which field is wrong."""

import errno
import gc
import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from bluelamp.casework.reports.models import Report
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.models import Blob, Continuity, Item
from bluelamp.records.evidence.rules import Subject
from bluelamp.records.evidence.store import current_store
from tests.concurrency import run_concurrently
from tests.media_samples import heic_with_gps, phone_jpeg_2mb, rotated_jpeg_with_gps

pytestmark = pytest.mark.django_db
PERSON = {
    "given_name": "Esi",
    "family_name": "Mensah",
    "email": "esi.mensah@example.com",
    "is_safe_to_contact": True,
}


def report_data(**changes: Any) -> dict[str, Any]:
    """A report as a shop's system would send it."""
    return {
        "id": str(new_id()),
        "kind": "criminal-damage",
        "narrative": "The shop window was broken overnight.",
        "occurred_from": "2026-03-02T22:00:00Z",
        "occurred_to": "2026-03-03T07:30:00Z",
        "place": {"address": "12 Acorn Parade, Peckham", "postcode": "SE15 4QL"},
        "person": PERSON,
        "is_declared_true": True,
        **changes,
    }


def test_nothing_is_assumed_of_who_was_not_asked() -> None:
    person = {name: value for name, value in PERSON.items() if name != "is_safe_to_contact"}
    status, body = send(report_data(person=person))
    assert (status, set(errors_of(body))) == (422, {"person.is_safe_to_contact"})
    unsafe = {**person, "is_safe_to_contact": False, "safe_contact": "never", "email": ""}
    status, body = send(report_data(person=unsafe, kind="domestic-abuse"))
    assert status == 201
    report = Report.objects.get(reference=body["reference"])
    assert (report.is_safe_to_contact, report.safe_contact) == (False, "never")


def send(
    report: dict[str, Any] | str, files: dict[str, bytes] | None = None
) -> tuple[int, dict[str, Any]]:
    """Send the report as multipart, and return the status and the body."""
    fields: dict[str, Any] = {"report": report if isinstance(report, str) else json.dumps(report)}
    if files:
        fields["files"] = [SimpleUploadedFile(name, content) for name, content in files.items()]
    answer = Client().post("/api/v1/reports", fields)
    kind = "application/json" if answer.status_code < 400 else "application/problem+json"
    assert answer["Content-Type"].split(";")[0] == kind
    return answer.status_code, answer.json()


def errors_of(body: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["message"] for error in body["errors"]}


def test_it_works() -> None:
    files = {"IMG_0001.jpg": rotated_jpeg_with_gps(), "Foto – Tür.heic": heic_with_gps()}
    report = report_data()
    status, body = send(report, files)
    assert status == 201
    assert body["id"] == report["id"]
    assert body["reference"].startswith("BL-")
    assert [(item["filename"], item["sha256"], item["size"]) for item in body["items"]] == [
        (name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in files.items()
    ]
    kept = Report.objects.get()
    assert (kept.reference, kept.channel, str(kept.id)) == (body["reference"], "api", report["id"])
    assert kept.person_reporting.name == "Esi Mensah"
    for item, content in zip(kept.items.order_by("position"), files.values(), strict=True):
        held = Item.objects.get(id=item.item_id)
        with current_store().open(held.sha256) as file:
            assert file.read() == content
        assert list(Continuity.objects.filter(item=held).values_list("verb", flat=True)) == [
            "received",
            "sealed",
        ]


def test_a_report_sent_twice_is_one_report() -> None:
    report, files = report_data(), {"a.jpg": rotated_jpeg_with_gps()}
    first, again = send(report, files), send(report, files)
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert (Report.objects.count(), Item.objects.count()) == (1, 1)
    for other in ({**report, "narrative": "Something else."}, report):
        status, body = send(other, {"a.jpg": heic_with_gps()} if other is report else files)
        assert status == 409, body
    assert (Report.objects.count(), Item.objects.count()) == (1, 1)


def test_a_sender_can_give_ids_and_hashes() -> None:
    photo, item_id = phone_jpeg_2mb(), str(new_id())
    note = {"id": item_id, "sha256": hashlib.sha256(photo).hexdigest(), "description": "The window"}
    status, body = send(report_data(files=[note]), {"a.jpg": photo})
    assert (status, body["items"][0]["id"]) == (201, item_id)
    assert Item.objects.get(id=UUID(item_id)).description == "The window"
    status, body = send(report_data(files=[{"sha256": "0" * 64}]), {"a.jpg": photo})
    assert (status, set(errors_of(body))) == (422, {"files.0"})
    assert "changed while it was sent" in errors_of(body)["files.0"]
    assert Report.objects.count() == 1


@pytest.mark.parametrize("is_in_a_report", [True, False])
def test_an_id_of_another_item_is_a_conflict(is_in_a_report: bool) -> None:
    later, photo = report_data(), rotated_jpeg_with_gps()
    taken = uuid5(UUID(later["id"]), "0")  # what the later report's first file will be known by
    if is_in_a_report:
        assert send(report_data(files=[{"id": str(taken)}]), {"a.jpg": photo})[0] == 201
    else:
        receive_item(
            actor=public_actor(),
            at=now(),
            subject=Subject("report", UUID(int=7)),
            filename="a.jpg",
            source=photo,
            item_id=taken,
        )
    status, body = send(later, {"a.jpg": photo})
    assert status == 409, body
    assert not Report.objects.filter(id=later["id"]).exists()
    assert Item.objects.count() == 1
    assert send({**later, "id": str(new_id())}, {"a.jpg": photo})[0] == 201, "another id is taken"


def test_the_same_photo_twice_is_two_items_and_one_blob() -> None:
    photo = rotated_jpeg_with_gps()
    status, body = send(report_data(), {"a.jpg": photo, "b.jpg": photo})
    assert (status, len({item["sha256"] for item in body["items"]})) == (201, 1)
    assert (Item.objects.count(), Blob.objects.count(), Continuity.objects.count()) == (2, 1, 4)


def test_a_report_without_files_can_be_json() -> None:
    report = report_data(
        person={
            "business_name": "Corner Shop Ltd",
            "phone": "020 7946 0000",
            "is_safe_to_contact": True,
        },
        role="business",
    )
    answer = Client().post(
        "/api/v1/reports", json.dumps(report), content_type="application/json; charset=utf-8"
    )
    assert answer.status_code == 201
    assert answer.json()["items"] == []
    assert Report.objects.get().role == "business"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "one"}, "id"),
        ({"kind": "murder"}, "kind"),
        ({"narrative": ""}, "narrative"),
        ({"narrative": "x" * 4001}, "narrative"),
        ({"narrative": "nul \x00 here"}, "narrative"),
        ({"narrative": 7}, "narrative"),
        ({"occurred_from": "2026-03-02T22:00:00"}, "occurred_from"),
        ({"occurred_from": "0001-01-01T00:00:00Z"}, "occurred_from"),
        ({"occurred_from": "2199-01-01T00:00:00Z", "occurred_to": None}, "occurred_from"),
        ({"occurred_to": "2020-01-01T00:00:00Z"}, "occurred_to"),
        ({"occurred_to": "2199-01-01T00:00:00Z"}, "occurred_to"),
        ({"person": {"given_name": "Esi"}}, "person.email"),
        ({"person": {**PERSON, "is_safe_to_contact": None}}, "person.is_safe_to_contact"),
        (
            {"person": {**PERSON, "is_safe_to_contact": False, "safe_contact": "time"}},
            "person.safe_contact_detail",
        ),
        ({"person": {**PERSON, "email": "nowhere"}}, "person.email"),
        ({"person": {**PERSON, "phone": "12"}}, "person.phone"),
        ({"person": {**PERSON, "born_on": "2199-01-01"}}, "person.born_on"),
        ({"person": {**PERSON, "given_name": "a\x00b"}}, "person.given_name"),
        ({"place": {"latitude": 91.0}}, "place.latitude"),
        ({"place": {"postcode": "x" * 11}}, "place.postcode"),
        ({"vrm": "!!!"}, "vrm"),
        ({"is_declared_true": False}, "is_declared_true"),
        ({"colour": "blue"}, "colour"),
        ({"files": [{}]}, "files"),
    ],
)  # fmt: skip
def test_an_error_names_its_field(changes: dict[str, Any], field: str) -> None:
    status, body = send(report_data(**changes))
    assert (status, set(errors_of(body))) == (422, {field}), body
    assert Report.objects.count() == 0


def test_a_malformed_body_is_refused() -> None:
    client = Client()
    for body, kind, status in (
        (b"{", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"x", "multipart/form-data", 400),
        (b"--b\r\n", "multipart/form-data; boundary=b", 400),
        (b"--b\r\n\r\n\r\n--b--", "multipart/form-data; boundary=b", 400),
        (
            b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "multipart/form-data; boundary=b",
            400,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            400,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            422,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="report"\r\n\r\n{}',
            "multipart/form-data; boundary=b",
            400,
        ),
        (b"--b--", "multipart/form-data; boundary=b", 422),
        (b"x" * 300_000, "application/json", 413),
    ):
        answer = client.generic("POST", "/api/v1/reports", body, content_type=kind)
        assert answer.status_code == status, (body[:80], kind, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
    assert Report.objects.count() == 0


def test_a_body_that_is_too_large_is_refused() -> None:
    """What is refused while its parts are still read from the file that the server spooled."""
    large = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n' + b"x" * (
        5 * 1024**2
    )
    report = b'\r\n--b\r\nContent-Disposition: form-data; name="report"\r\n\r\n'
    murder = json.dumps(report_data(kind="murder")).encode()
    for kind, body, status in (
        ("application/json", b"x" * (5 * 1024**2), 413),
        ("multipart/form-data; boundary=b", large, 400),
        ("multipart/form-data; boundary=b", large + b"\r\n--b--", 422),
        ("multipart/form-data; boundary=b", large + report + murder + b"\r\n--b--", 422),
    ):
        with tempfile.TemporaryFile() as spooled:
            spooled.write(body)
            spooled.seek(0)
            extra: dict[str, Any] = {"bluelamp.body": spooled}
            answer = Client().generic("POST", "/api/v1/reports", body, content_type=kind, **extra)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert Report.objects.count() == Item.objects.count() == 0


def test_an_empty_file_and_too_many_files_are_refused() -> None:
    status, body = send(report_data(), {"a.jpg": b""})
    assert (status, set(errors_of(body))) == (422, {"files.0"})
    status, body = send(report_data(), {f"{n}.txt": b"x" for n in range(11)})
    assert (status, set(errors_of(body))) == (422, {"files"})
    assert Report.objects.count() == Item.objects.count() == 0


def test_other_methods_and_addresses_answer_problem_json() -> None:
    client = Client()
    for method, path, status in (
        ("GET", "/api/v1/reports", 405),
        ("DELETE", "/api/v1/reports", 405),
        ("GET", "/api/v1/", 404),
        ("POST", "/api/v1/nothing", 404),
        ("GET", "/api/v1/docs", 404),
    ):
        answer = client.generic(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (
            status,
            "application/problem+json",
        ), path


def test_naughty_strings_are_stored_or_refused(shared_data: Any) -> None:
    strings = json.loads((shared_data / "security" / "blns" / "blns.json").read_text())
    for text in strings:
        person = {**PERSON, "given_name": text[:120], "address": text[:400], "language": text[:60]}
        place = {"address": text[:400], "detail": text[:400], "postcode": text[:10]}
        name = f"x{text.replace('/', '_')}.jpg"
        report = report_data(
            narrative=text[:4000] or "x", person=person, place=place, vrm=text[:20]
        )
        status, body = send(report, {name: b"x"})
        assert status in (201, 422), (text, body)


def test_two_reports_with_the_same_photos_at_once(committed: None) -> None:
    for _ in range(10):
        photos = {f"{place}.jpg": rotated_jpeg_with_gps() + os.urandom(8) for place in range(8)}
        back = dict(reversed(photos.items()))
        answers = run_concurrently(lambda files: send(report_data(), files), [photos, back])
        assert [status for status, _ in answers] == [201, 201], answers


def test_a_full_disk_leaves_nothing_of_a_large_body(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*report_data: Any) -> int:
        del report_data  # as a call into the system keeps nothing
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    photo = rotated_jpeg_with_gps() + os.urandom(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    fields = {"report": json.dumps(report_data()), "files": SimpleUploadedFile("a.jpg", photo)}
    body = encode_multipart(BOUNDARY, fields)
    gc.collect()
    gc.disable()
    try:
        with (
            monkeypatch.context() as patched,
            tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as spooled,
        ):
            spooled.write(body)
            spooled.seek(0)
            patched.setattr(os, "pwritev", full)
            extra: dict[str, Any] = {"bluelamp.body": spooled}
            answer = Client().generic(
                "POST", "/api/v1/reports", body, content_type=MULTIPART_CONTENT, **extra
            )
        mapped = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    finally:
        gc.enable()
        logging.disable(logging.NOTSET)
    assert answer.status_code == 503
    assert not [
        line for line in mapped if " r--s" in line and settings.FILE_UPLOAD_TEMP_DIR in line
    ]
    assert not list(current_store().incoming_folder.glob("staged-*"))
