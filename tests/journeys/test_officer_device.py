"""Ada's phone is enrolled, lost, blocked from the desk, found and unblocked: nothing is lost."""

import re

from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, PHONE, Visitor
from tests.journeys.officer_phone import SCENE, Phone, new_records, read_server_records


def test_it_works(bluelamp: Instance, browser: Browser) -> None:
    before = read_server_records(bluelamp, [])
    visitor = Visitor.open(browser, bluelamp.origin, "ada-device", PHONE)
    phone = Phone(visitor)
    phone.record_captures()
    visitor.sign_in("ada")
    visitor.page.goto("/officer/")

    # Before it has a name it gets no numbers, and what is recorded waits.
    expect(phone.find("enrol")).to_be_visible(timeout=30_000)
    expect(phone.find("device_name")).to_have_value(re.compile("^Ada’s "))
    expect(phone.find("numbers-left")).to_have_text("0")
    visitor.check_page("enrol")
    phone.fill(device_name=" ")
    phone.find("enrol-device").click()
    expect(phone.find("error-summary")).to_contain_text("Enter a name for this phone")
    visitor.check_page("enrol-error")
    phone.enrol("Ada’s work phone")
    phone.wait_until_ready_offline()

    phone.go_offline()
    number = phone.record_crime(offence="damage vehicle", **SCENE)
    waiting = phone.read_queue(1)

    joy = Visitor.open(browser, bluelamp.origin, "joy-devices", DESKTOP)
    joy.sign_in("joy")
    joy.page.goto("/desk/devices/")
    joy.check_page("devices")
    joy.page.get_by_role("link", name="Ada’s work phone").click()
    joy.check_page("device")
    joy.page.get_by_label("Why are you blocking it?").fill("Left on the 36 bus")
    joy.page.get_by_role("button", name="Block device").click()
    expect(joy.page.get_by_text("Device blocked")).to_be_visible()
    joy.check_page("device-blocked")

    # With signal again, the phone says what happened, shows nobody's details and keeps the work.
    phone.go_online()
    expect(phone.find("device-blocked")).to_be_visible(timeout=30_000)
    expect(phone.find("device-message")).to_contain_text("Joy")
    expect(phone.find("device-message")).to_contain_text("Left on the 36 bus")
    expect(phone.find("device-waiting")).to_contain_text("1 crime saved on this phone, not sent")
    visitor.check_page("blocked")
    for route in ("#/", "#/queue", f"#/crime/{next(iter(waiting))}", "#/record"):
        phone.page.goto(f"/officer/{route}")
        expect(phone.find("device-blocked")).to_be_visible()
        text = phone.page.locator("bl-app").inner_text()
        assert not [word for word in ("Asante", "Acorn", number) if word in text], route
    phone.reopen()
    expect(phone.find("device-waiting")).to_contain_text("1 crime")
    assert new_records(read_server_records(bluelamp, []), before)["crimes"] == []

    # The numbers that nobody has are accounted for; the one that the victim has can still be used.
    joy.page.get_by_label("Why?").first.fill("The phone is lost")
    joy.page.get_by_role("button", name=re.compile("Take back")).click()
    expect(joy.page.get_by_text("Crime numbers taken back")).to_be_visible()
    joy.page.get_by_label("Why are you unblocking it?").fill("Found at the garage")
    joy.page.get_by_role("button", name="Unblock device").click()
    expect(joy.page.get_by_text("Device unblocked")).to_be_visible()
    joy.page.goto(f"/desk/devices/?q={number}")
    expect(joy.page.get_by_role("link", name="Ada’s work phone")).to_be_visible()
    expect(joy.page.get_by_text("None is missing")).to_be_visible()

    phone.find("check-device").click()
    expect(phone.find("device-blocked")).to_have_count(0, timeout=30_000)
    phone.wait_until_all_sent()
    assert new_records(read_server_records(bluelamp, []), before)["crimes"] == [
        [next(iter(waiting)), number]
    ]

    # Ada sees her own devices, and reports one lost herself.
    visitor.page.goto("/desk/devices/mine/")
    visitor.check_page("mine")
    heading = visitor.page.get_by_role("heading", name=re.compile("Ada’s work phone"))
    section = visitor.page.locator(".bl-section", has=heading)
    section.get_by_text("I’ve lost this device").click()
    section.get_by_role("button", name="Report it lost").click()
    expect(visitor.page.get_by_text("Reported lost. The device is blocked.")).to_be_visible()
    joy.close()
    visitor.close()
