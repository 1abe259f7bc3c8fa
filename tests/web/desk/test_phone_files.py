"""The desk's pages of files that officers saved from their phones."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client

from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.devices import block_device
from bluelamp.foundation.accounts.device_models import Device as DeviceRow
from bluelamp.foundation.kernel.clock import now
from tests.cast import browser, signed_in
from tests.job_queue import run_waiting_jobs
from tests.web.officer.device import Device as Phone
from tests.web.officer.phone_files import save_file, saved

pytestmark = pytest.mark.django_db
LIST = "/desk/devices/files/"


@pytest.fixture
def phone(reference: None) -> Phone:
    return Phone.of(cast.ADA)


@pytest.fixture
def desk() -> Client:
    return browser(cast.JOY)


def _hand_in(client: Client, raw: bytes) -> str:
    """Hand a file in, and return the address of its page."""
    answer = client.post(LIST, {"file": io.BytesIO(raw)})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def _page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def _saved(phone: Phone) -> bytes:
    crime = phone.crime()
    return save_file(
        phone,
        [
            saved(crime, player=cast.ADA, problem="This number is another officer’s."),
            saved(phone.statement(crime), player=cast.ADA),
        ],
    )


def test_it_works(desk: Client, phone: Phone) -> None:
    assert "No files from phones yet" in _page(desk, LIST)
    raw = _saved(phone)
    path = _hand_in(desk, raw)
    shown = _page(desk, path)
    for text in (
        "Work phone", "Ada Bello", "2 things are not here yet", "Not here yet", "Waiting for you",
        "The phone said: This number is another officer’s.", "Bring in",
    ):  # fmt: skip
        assert text in shown, text
    # Nobody whom it is about is named before it is on record.
    assert "Kofi" not in shown
    assert "1 file from a phone to decide about" in _page(desk, "/desk/")
    missing = desk.post(f"{path}bring-in", {"reason": ""})
    assert missing.status_code == 422
    assert "Enter why you are bringing this in" in missing.content.decode()
    answer = desk.post(f"{path}bring-in", {"reason": "The phone broke on duty"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    busy = _page(desk, path)
    assert "Bringing it in" in busy
    assert 'name="reason"' not in busy
    assert desk.get(f"{path}progress").json() == {"state": "bringing-in", "words": "0 of 2 done"}
    run_waiting_jobs()
    assert desk.get(f"{path}progress").json() == {"state": "done", "words": "2 of 2 done"}
    done = _page(desk, path)
    assert "Everything in this file is here" in done
    assert "The phone broke on duty" in done
    assert len(re.findall(r"Brought in\s*</strong>", done)) == 3
    assert Crime.objects.count() == 1
    assert "2 of 2 here" in _page(desk, LIST)
    # The same file again leads to the same page.
    assert _hand_in(desk, raw) == path


def test_of_a_blocked_phone(desk: Client, phone: Phone) -> None:
    raw = _saved(phone)
    row = DeviceRow.objects.get(installation_id=phone.id)
    block_device(actor=signed_in(cast.JOY), at=now(), device_id=row.id, reason="Left on a bus")
    shown = _page(desk, _hand_in(desk, raw))
    assert "This phone is blocked: Left on a bus" in shown
    assert "Bring it in only if you are sure" in shown


def test_not_accepted(desk: Client, phone: Phone) -> None:
    """What was refused says why, and can be tried again."""
    crime = phone.crime()
    path = _hand_in(desk, save_file(phone, [saved(phone.statement(crime), player=cast.ADA)]))
    desk.post(f"{path}bring-in", {"reason": "Broken"})
    run_waiting_jobs()
    shown = _page(desk, path)
    assert "The crime that this belongs to has not arrived" in shown
    assert "Try again" in shown
    assert "1 not accepted" in _page(desk, LIST)


def test_links_to_it(desk: Client, phone: Phone) -> None:
    for path in ("/desk/devices/", "/desk/devices/waiting/"):
        assert f'href="{LIST}"' in _page(desk, path), path


def test_who_may(phone: Phone) -> None:
    raw = _saved(phone)
    path = _hand_in(browser(cast.KEMI), raw)
    for player in (cast.ADA, cast.BILAL, cast.LENA, cast.MARA):
        client = browser(player)
        assert client.get(LIST).status_code == 403, player.username
        assert client.get(path).status_code == 403
        assert client.post(LIST, {"file": io.BytesIO(raw)}).status_code == 403
        assert client.post(f"{path}bring-in", {"reason": "x"}).status_code == 403
    femi = browser(cast.FEMI)
    assert femi.get(path).status_code in (403, 404)
    assert Crime.objects.count() == 0
