"""Items, their previews and originals; statements, front and back."""

import hashlib
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.crimes.commands import record_at_scene
from bluelamp.casework.investigations.commands import take_statement
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.evidence.models import Continuity
from tests.casework.scenes import AT, make_scene_crime, make_scene_statement
from tests.cast import signed_in
from tests.device_keys import lease_to_phone
from tests.web.desk.conftest import SignIn
from tests.web.desk.scenes import PHOTO, sample

pytestmark = pytest.mark.django_db


def test_it_works(bilal_desk: Client, crime: tuple[str, UUID], run_jobs: Callable[[], int]) -> None:
    number, item = crime
    assert "Making a preview" in bilal_desk.get(f"/desk/evidence/{item}/").content.decode()
    run_jobs()
    page = bilal_desk.get(f"/desk/evidence/{item}/").content.decode()
    for known in (
        "car 0.jpg",
        "JPEG picture",
        hashlib.sha256(PHOTO.read_bytes()).hexdigest(),
        number,
        "1. Received",
    ):
        assert known in page
    for kind in ("thumbnail", "view"):
        picture = bilal_desk.get(f"/desk/evidence/{item}/preview/{kind}")
        assert b"".join(picture).startswith(b"\xff\xd8\xff")
        assert picture.headers["Content-Type"] == "image/jpeg"
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert Continuity.objects.filter(item_id=item, verb="viewed").count() == 1
    assert bilal_desk.get(f"/desk/evidence/{item}/preview/original").status_code == 404


def test_the_original_is_a_download_only(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    address = f"/desk/evidence/{crime[1]}/original"
    assert bilal_desk.get(address).status_code == 405
    answer = bilal_desk.post(address, {"why": "For the laboratory"})
    assert b"".join(answer) == PHOTO.read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="car 0.jpg"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Length"] == str(PHOTO.stat().st_size)
    line = Continuity.objects.get(item_id=crime[1], verb="copied")
    assert line.reason == "For the laboratory"
    assert "For the laboratory" in bilal_desk.get(f"/desk/evidence/{crime[1]}/").content.decode()


def test_who_may_not(
    sign_in: SignIn, femi_desk: Client, crime: tuple[str, UUID], run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    item = crime[1]
    ada = sign_in(cast.ADA)
    assert "Download original" not in ada.get(f"/desk/evidence/{item}/").content.decode()
    assert ada.post(f"/desk/evidence/{item}/original").status_code == 403
    assert femi_desk.get(f"/desk/evidence/{item}/").status_code == 404
    assert femi_desk.get(f"/desk/evidence/{item}/preview/view").status_code == 404
    assert femi_desk.post(f"/desk/evidence/{item}/original").status_code == 404
    tries = AuditEntry.objects.filter(
        result=AuditEntry.Result.NOT_FOUND, actor_name__contains="Femi"
    )
    assert tries.filter(ref=f"item_id={item}").count() == 3


def test_a_hostile_reason(bilal_desk: Client, crime: tuple[str, UUID], hostile: list[str]) -> None:
    for text in sample(hostile, seed="evidence", step=23):
        answer = bilal_desk.post(f"/desk/evidence/{crime[1]}/original", {"why": text})
        assert answer.status_code == 200, text
        assert b"".join(answer) == PHOTO.read_bytes()
    assert bilal_desk.get(f"/desk/evidence/{crime[1]}/").status_code == 200


def test_a_statement(sign_in: SignIn, femi_desk: Client) -> None:
    ada, device = signed_in(cast.ADA), UUID(int=77)
    lease = lease_to_phone(actor=ada, at=AT, device_id=device, want=1)[0]
    scene = make_scene_crime(number=lease.numbers[0], lease_id=lease.lease_id, device_id=device)
    made = record_at_scene(actor=ada, at=AT, capture=scene, sha256="a" * 64)
    told = make_scene_statement(crime_id=made.crime_id, person_id=scene.victim_id)
    taken = take_statement(actor=ada, at=now(), capture=told, sha256="b" * 64).statement_id
    desk = sign_in(cast.BILAL)
    assert (
        "Kofi Asante" in desk.get(f"/desk/crimes/{made.number.replace('/', '-')}/").content.decode()
    )
    front = desk.get(f"/desk/statements/{taken}/").content.decode()
    for part in (
        "At 6am I found the mirror",
        "liable to prosecution",
        '<path d="M10.0 20.0L30.0 40.0"',
    ):
        assert part in front
    assert "07700 900456" not in front
    assert "14 Acorn Parade, Peckham" not in front
    back = desk.get(f"/desk/statements/{taken}/back").content.decode()
    assert "07700 900456" in back
    assert "mirror" not in back
    assert back.count("govuk-back-link") == 1, (
        "one way back, and no address that holds what is on the page"
    )
    assert "StatementBackDetail" not in back
    for side in ("", "back"):
        assert femi_desk.get(f"/desk/statements/{taken}/{side}").status_code == 404
    assert AuditEntry.objects.filter(act="statement.back_viewed", result="done").count() == 1
