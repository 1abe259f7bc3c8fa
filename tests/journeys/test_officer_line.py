"""Ada's phone on a line that breaks again and again: what arrived of a photo is not sent twice."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor
from tests.journeys.network_proxy import NetworkProxy
from tests.journeys.officer_phone import SCENE, Phone, give_phones_back, read_server_records

# Of a piece of 32 kB at most this much gets through before the line breaks.
DROP_AFTER = 20_000
PHOTO_SIDE = 850  # pixels: of noise these are 860 kB, more than forty breaks
MOST_BYTES = 1.2


@pytest.fixture
def network(bluelamp: Instance) -> Iterator[NetworkProxy]:
    network = NetworkProxy(bluelamp.origin)
    yield network
    network.close()


@pytest.fixture
def phone(bluelamp: Instance, browser: Browser, network: NetworkProxy) -> Iterator[Phone]:
    """Ada's phone behind the line, signed in and ready to lose its signal."""
    visitor = Visitor.open(browser, network.origin, "ada", PHONE)
    visitor.context.grant_permissions(["camera", "geolocation"], origin=network.origin)
    phone = Phone(visitor)
    visitor.sign_in("ada")
    phone.enrol()
    phone.wait_until_ready_offline()
    yield phone
    network.reconnect()
    visitor.close()
    give_phones_back(bluelamp)


def _noise(path: Path) -> int:
    """Write a photo that does not get smaller, and return its bytes."""
    noise = Image.frombytes("RGB", (PHOTO_SIDE, PHOTO_SIDE), os.urandom(PHOTO_SIDE**2 * 3))
    photo = io.BytesIO()
    noise.save(photo, "JPEG", quality=95)
    path.write_bytes(photo.getvalue())
    return len(photo.getvalue())


def test_it_works(bluelamp: Instance, phone: Phone, network: NetworkProxy, tmp_path: Path) -> None:
    """A photo arrives with at most 1.2 times its bytes, though each connection breaks off."""
    phone.go_offline()
    phone.record_crime(offence="damage vehicle", **SCENE)
    phone.find("take-photo").click()
    size = _noise(tmp_path / "noise.jpg")
    phone.find("photo-file").set_input_files(tmp_path / "noise.jpg")
    expect(phone.find("photo-preview")).to_be_visible()
    photo_sha256 = phone.find("photo-hash").text_content()
    phone.fill(description="The broken mirror")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    items = {capture_id for capture_id, kind in phone.read_queue(2).items() if kind == "item"}

    network.drop_after = DROP_AFTER
    before = network.bytes_uploaded
    phone.go_online()
    # Not pressed again and again: each press asks the server for all that it asks at a start.
    waiting = phone.page.locator("[data-testid=capture]:not([data-state=received])")
    expect(waiting).to_have_count(0, timeout=600_000)
    ratio = (network.bytes_uploaded - before) / size
    print(f"a photo of {size:,} bytes was sent with {ratio:.2f} times its bytes")
    # The crime and all else that the phone asked meanwhile is in it.
    assert ratio <= MOST_BYTES
    stored = read_server_records(bluelamp, [])["items"]
    assert {stored[item][2] for item in items} == {photo_sha256}
