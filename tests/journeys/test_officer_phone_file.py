"""Ada's phone can't send: what waits on it leaves in a file, is brought in, and is there once."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, PHONE, Visitor
from tests.journeys.officer_phone import SCENE, Phone, new_records, read_server_records


def _save_file(phone: Phone, folder: Path) -> Path:
    """Save what waits to a file, as the officer does, and return where it is."""
    phone.find("nav-queue").click()
    phone.find("save-queue").click()
    expect(phone.find("queue-saved")).to_be_visible(timeout=30_000)
    with phone.page.expect_download() as download:
        phone.find("download-queue").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _record_a_shift(phone: Phone) -> str:
    """Record a crime, a statement and a photo without signal, and return the crime's number."""
    phone.go_offline()
    expect(phone.find("signal-words")).to_have_text("No signal")
    number = phone.record_crime(offence="damage vehicle", **SCENE)
    phone.take_statement()
    phone.find("keep-statement").click()
    expect(phone.find("crime-number")).to_be_visible()
    phone.take_photo("The broken mirror")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    return number


def test_it_works(bluelamp: Instance, browser: Browser, phone: Phone, tmp_path: Path) -> None:
    before = read_server_records(bluelamp, [])
    number = _record_a_shift(phone)
    waiting = phone.read_queue(3)
    path = _save_file(phone, tmp_path)
    phone.visitor.check_page("queue-saved-to-file")
    assert path.name.endswith(".bluelamp")
    raw = path.read_bytes()
    assert raw.startswith(b"BLPHONE1")
    assert b"Kofi" not in raw
    # It all stays on the phone.
    assert phone.read_queue(3) == waiting

    joy = Visitor.open(browser, bluelamp.origin, "joy", DESKTOP)
    joy.sign_in("joy")
    page = joy.page
    page.goto("/desk/devices/waiting/")
    page.get_by_role("link", name="Files from phones").click()
    joy.check_page("files-from-phones")
    # One that was cut off on the way changes nothing.
    broken = tmp_path / "broken.bluelamp"
    broken.write_bytes(raw[:-1])
    page.locator("#file").set_input_files(broken)
    page.get_by_role("button", name="Open the file").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("damaged or incomplete")
    joy.check_page("files-from-phones-error")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_role("heading", name="Bring it in")).to_be_visible()
    main = page.inner_text("main")
    assert f"Crime {number}" in main
    assert f"Statement, {number}" in main
    assert f"Photo or file, {number}" in main
    joy.check_page("file-from-phone")
    page.get_by_label("Why are you bringing it in?").fill("The phone’s screen broke on duty")
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("Everything in this file is here.")).to_be_visible(timeout=60_000)
    joy.check_page("file-from-phone-brought-in")

    page.goto(f"/desk/crimes/{number.replace('/', '-')}/")
    expect(page.locator("main")).to_contain_text("Wing mirror broken off")
    expect(page.locator("main")).to_contain_text("Kofi Asante")
    expect(page.get_by_role("link", name=re.compile("^photo-"))).to_be_visible()
    joy.check_page("crime-from-a-file")
    joy.close()

    records = new_records(read_server_records(bluelamp, list(waiting)), before)
    # The phone has signal again: it learns that all has arrived, and nothing is there twice.
    phone.go_online()
    phone.wait_until_all_sent()
    phone.visitor.check_page("queue-after-a-file")
    again = new_records(read_server_records(bluelamp, list(waiting)), before)
    assert again == records
    (crime_id,) = (capture for capture, kind in waiting.items() if kind == "crime")
    (item_id,) = (capture for capture, kind in waiting.items() if kind == "item")
    assert again["crimes"] == [[crime_id, number]]
    assert [row[1] for row in again["statements"]] == [crime_id]
    assert item_id in again["items"]
    expect(phone.find("save-queue")).to_have_count(0)


def test_a_colleague_hands_it_over(
    bluelamp: Instance, browser: Browser, phone: Phone, tmp_path: Path
) -> None:
    before = read_server_records(bluelamp, [])
    number = _record_a_shift(phone)
    waiting = phone.read_queue(3)
    path = _save_file(phone, tmp_path)

    visitor = Visitor.open(browser, bluelamp.origin, "kemi", PHONE)
    kemi = Phone(visitor)
    visitor.sign_in("kemi")
    visitor.page.goto("/officer/")
    kemi.enrol()
    kemi.wait_until_ready_offline()
    kemi.find("nav-queue").click()
    kemi.find("carry").click()
    visitor.check_page("carry")
    other = tmp_path / "photo.bluelamp"
    other.write_bytes(b"a photo")
    kemi.find("queue-file").set_input_files(other)
    expect(kemi.find("screen-error")).to_contain_text("not a file from the officer app")
    kemi.find("queue-file").set_input_files(path)
    expect(kemi.find("carried")).to_have_attribute("data-state", "done", timeout=60_000)
    expect(kemi.find("carried")).to_contain_text("3 things received")
    # She carried it, and sees nothing of it.
    assert "Kofi" not in kemi.page.inner_text("main")
    visitor.check_page("carried")
    visitor.close()

    phone.go_online()
    phone.wait_until_all_sent()
    new = new_records(read_server_records(bluelamp, list(waiting)), before)
    (crime_id,) = (capture for capture, kind in waiting.items() if kind == "crime")
    assert new["crimes"] == [[crime_id, number]]
    assert [row[1] for row in new["statements"]] == [crime_id]
