"""Ada photographs and films without signal: several files at once, one set of words for all."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from bench.instance import Instance
from tests.journeys.officer_phone import SCENE, Phone
from tests.prepared_instances import execute_sql

MEGABYTE = 1_000_000
_ITEM = "SELECT blob_id, shot, description, media_type, gps_at IS NOT NULL FROM evidence_item"
# The first box of an MP4, and then nothing that plays: what it is, its contents say.
FILM = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(3_000_000)


def _picture(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


def _read_items(bluelamp: Instance, hashes: list[str]) -> dict[str, list[Any]]:
    rows = execute_sql(bluelamp.var, f"{_ITEM} WHERE blob_id = ANY(%s)", hashes)
    return {row[0]: list(row[1:]) for row in rows}


def test_it_works(bluelamp: Instance, phone: Phone, tmp_path: Path) -> None:
    check_page = phone.visitor.check_page
    phone.visitor.context.set_geolocation({"latitude": 51.47, "longitude": -0.0682})
    phone.go_offline()
    phone.record_crime(offence="damage vehicle", **SCENE)
    phone.find("take-photo").click()
    phone.find("shutter").click()
    expect(phone.find("file")).to_have_count(1, timeout=15_000)
    files = {"near.png": _picture("red"), "scale.jpg": _picture("blue"), "film.jpg": FILM}
    for name, contents in files.items():
        (tmp_path / name).write_bytes(contents)
    phone.find("photo-file").set_input_files([tmp_path / name for name in files])
    expect(phone.find("file")).to_have_count(4, timeout=30_000)
    expect(phone.find("file").last).to_have_attribute("data-type", "video/mp4")
    expect(phone.find("room")).to_contain_text("GB")

    phone.find("keep-photo").click()
    expect(phone.find("error-summary")).to_be_visible()
    check_page("series-errors")
    phone.fill(description="Scratch along the door")
    shots = phone.page.locator("[data-testid^=shot-]")
    for number, shot in enumerate(("overview", "close-up", "scale")):
        phone.find("file").nth(number).locator(f"[data-testid$=-{shot}]").click()
        expect(shots.and_(phone.page.locator("[aria-pressed=true]"))).to_have_count(number + 1)
    phone.find("file").nth(3).get_by_test_id("own-words").click()
    phone.find("file").nth(3).get_by_role("textbox").fill("The whole street")
    check_page("series")
    phone.find("theme-toggle").click()
    check_page("series-at-night")
    phone.find("theme-toggle").click()
    hashes = [sha.strip() for sha in phone.find("photo-hash").all_text_contents()]
    assert hashes[1:] == [hashlib.sha256(contents).hexdigest() for contents in files.values()]

    # The app may be closed now: nothing of it is lost.
    phone.reopen()
    phone.find("draft").click()
    expect(phone.find("file")).to_have_count(4)
    expect(phone.find("description")).to_have_value("Scratch along the door")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    assert sorted(phone.read_queue(5).values()) == ["crime", *["item"] * 4]

    phone.go_online()
    phone.wait_until_all_sent()
    common = "Scratch along the door"
    assert _read_items(bluelamp, hashes) == {
        # What the live camera takes is taken here and now, and so has the place and its time.
        hashes[0]: ["overview", common, "image/png", True],
        hashes[1]: ["close-up", common, "image/jpeg", False],
        hashes[2]: ["scale", common, "image/jpeg", False],
        hashes[3]: ["", "The whole street", "video/mp4", False],
    }


def test_a_film_of_200_mb_arrives_as_it_was(
    bluelamp: Instance, phone: Phone, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    digest = hashlib.sha256()
    with film.open("wb") as file:
        for block in range(200):
            contents = FILM[:32] + bytes([block]) * (MEGABYTE - 32)
            digest.update(contents)
            file.write(contents)
    phone.record_crime(offence="damage vehicle", **SCENE)
    phone.find("take-photo").click()
    expect(phone.find("shutter")).to_be_visible(timeout=15_000)
    phone.find("photo-file").set_input_files(film)
    expect(phone.find("file")).to_have_count(1, timeout=300_000)
    assert phone.find("photo-hash").text_content() == digest.hexdigest()
    phone.fill(description="The whole street")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    phone.wait_until_all_sent()
    assert digest.hexdigest() in _read_items(bluelamp, [digest.hexdigest()])
