"""Ada at the scene without signal: everything she records arrives once, whatever breaks."""

import hashlib

from playwright.sync_api import expect

from bench.instance import Instance
from tests.journeys.officer_phone import API, SCENE, Phone, new_records, read_server_records


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    check_page = phone.visitor.check_page
    before = read_server_records(bluelamp, [])
    check_page("home")
    phone.go_offline()
    expect(phone.find("signal-words")).to_have_text("No signal")

    phone.find("record-a-crime").click()
    phone.find("give-number").click()
    expect(phone.find("error-summary")).to_be_visible()
    check_page("record-errors")
    number = phone.record_crime(offence="damage vehicle", **SCENE)
    assert number.startswith("01/")
    check_page("crime-number")

    phone.take_statement()
    check_page("statement")
    phone.find("keep-statement").click()
    expect(phone.find("crime-number")).to_be_visible()
    photo_sha256 = phone.take_photo("The broken mirror")
    check_page("photo")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    waiting = phone.read_queue(3)
    check_page("queue")
    assert sorted(waiting.values()) == ["crime", "item", "statement"]

    phone.reopen()
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    assert phone.read_queue(3) == waiting

    phone.go_online()
    phone.wait_until_all_sent()
    check_page("queue-sent")
    phone.find("theme-toggle").click()
    check_page("queue-sent-at-night")
    phone.find("nav-home").click()
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    check_page("home-at-night")
    phone.find("crime").first.click()
    expect(phone.find("crime-number")).to_be_visible()
    check_page("crime-at-night")
    phone.find("take-statement").click()
    expect(phone.find("declaration")).to_be_visible()
    check_page("statement-at-night")
    phone.find("theme-toggle").click()
    assert set(phone.sent) == set(waiting)
    hashes = {
        capture_id: hashlib.sha256(raw[0]).hexdigest() for capture_id, raw in phone.sent.items()
    }
    records = read_server_records(bluelamp, list(waiting))
    assert records["receipts"] == hashes
    (crime_id,) = (capture for capture, kind in waiting.items() if kind == "crime")
    (item_id,) = (capture for capture, kind in waiting.items() if kind == "item")
    new = new_records(records, before)
    assert new["crimes"] == [[crime_id, number]]
    assert [row[1] for row in new["statements"]] == [crime_id]
    assert new["crime_items"] == [[item_id, crime_id]]
    assert new["items"] == [item_id]
    assert records["items"][item_id] == [
        photo_sha256,
        photo_sha256,
        photo_sha256,
        ["received", "sealed"],
    ]

    _check_sending_again_changes_nothing(bluelamp, phone)


def _check_sending_again_changes_nothing(bluelamp: Instance, phone: Phone) -> None:
    before = read_server_records(bluelamp, list(phone.sent))
    request = phone.visitor.context.request
    (token,) = (
        cookie["value"]
        for cookie in phone.visitor.context.cookies()
        if cookie["name"] == "bluelamp_csrf"
    )
    for capture_id, sent in phone.sent.items():
        for raw, status in (
            (sent[0], 200),
            (sent[0].replace(b"bluelamp-officer/", b"bluelamp-officer-"), 409),
        ):
            answer = request.put(
                f"{bluelamp.origin}{API}/captures/{capture_id}",
                data=raw,
                headers={
                    "Content-Type": "application/json",
                    "X-CSRFToken": token,
                    "X-Content-SHA256": hashlib.sha256(raw).hexdigest(),
                    **phone.sign_capture(capture_id, raw),
                },
            )
            assert answer.status == status, answer.text()
    assert read_server_records(bluelamp, list(phone.sent)) == before


def test_captures_made_signed_out_are_sent_after_signing_in(
    bluelamp: Instance, phone: Phone
) -> None:
    before = read_server_records(bluelamp, [])
    phone.visitor.context.clear_cookies(name="bluelamp_session")
    number = phone.record_crime(offence="58c", **SCENE | {"address": "18 Acorn Parade, Peckham"})
    phone.find("nav-home").click()
    expect(phone.find("signed-out")).to_be_visible(timeout=30_000)
    phone.visitor.check_page("signed-out")
    phone.read_queue(1)
    assert new_records(read_server_records(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.wait_until_all_sent()
    assert [row[1] for row in new_records(read_server_records(bluelamp, []), before)["crimes"]] == [
        number
    ]


def test_another_officer_on_the_same_phone(bluelamp: Instance, phone: Phone) -> None:
    before = read_server_records(bluelamp, [])
    phone.visitor.context.route("**/api/officer/v1/captures/*", lambda route: route.abort())
    number = phone.record_crime(offence="58c", **SCENE)
    phone.find("nav-home").click()
    phone.find("record-a-crime").click()
    phone.fill(summary="Ada was writing this.")
    other = phone.visitor.context.new_page()
    other.goto("/sign-in/?next=/officer/")
    other.locator("form:has(input[name=cast][value=bilal]) button").click()
    expect(other.get_by_test_id("me")).to_have_text("DC Bilal Rahman")
    expect(phone.find("summary")).to_have_value("")
    phone.visitor.context.unroute("**/api/officer/v1/captures/*")
    other.get_by_test_id("nav-queue").click()
    expect(other.get_by_test_id("capture")).to_have_count(0)
    other.get_by_test_id("nav-home").click()
    expect(other.get_by_test_id("draft")).to_have_count(0)
    other.get_by_test_id("sign-out").click()
    expect(other.get_by_test_id("first-sign-in")).to_be_visible()
    other.close()
    assert new_records(read_server_records(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.wait_until_all_sent()
    phone.find("nav-home").click()
    phone.find("draft").click()
    expect(phone.find("summary")).to_have_value("Ada was writing this.")
    assert [row[1] for row in new_records(read_server_records(bluelamp, []), before)["crimes"]] == [
        number
    ]


def test_crime_against_a_business_without_a_number_left(bluelamp: Instance, phone: Phone) -> None:
    before = read_server_records(bluelamp, [])
    leases = "**/api/officer/v1/leases"
    phone.visitor.context.route(leases, lambda route: route.fulfill(json={"leases": []}))
    phone.page.reload()
    expect(phone.find("numbers-left")).to_have_text("0", timeout=30_000)
    phone.go_offline()
    phone.find("record-a-crime").click()
    phone.find("offence-common").first.click()
    phone.find("victim-state").click()
    expect(phone.find("state-note")).to_be_visible()
    expect(phone.find("given_name")).to_have_count(0)
    phone.find("victim-business").click()
    phone.fill(**SCENE | {"business_name": "Acorn Stores"})
    expect(phone.find("lives_there")).not_to_be_checked()
    phone.find("lives_there").check()
    expect(
        phone.page.get_by_label("The business is at 14 Acorn Parade, Peckham, SE15 4QL")
    ).to_be_checked()
    phone.fill(address=SCENE["address"])
    expect(phone.find("lives_there")).not_to_be_checked()
    phone.find("lives_there").check()
    phone.visitor.check_page("business-without-a-number")
    phone.find("give-number").click()
    expect(phone.find("number-later")).to_be_visible()
    expect(phone.find("ring")).to_have_text(SCENE["phone"])
    expect(phone.find("victim-to-tell")).to_contain_text("Kofi Asante, Acorn Stores")
    phone.visitor.check_page("number-later")
    phone.take_statement()
    phone.find("keep-statement").click()
    waiting = phone.read_queue(2)
    phone.go_online()
    phone.visitor.context.unroute(leases)
    phone.wait_until_all_sent()
    phone.find("nav-home").click()
    expect(phone.find("number-came")).to_contain_text("Acorn Stores")
    phone.find("theme-toggle").click()
    phone.visitor.check_page("number-came-at-night")
    phone.find("number-came").get_by_role("link").click()
    (made,) = new_records(read_server_records(bluelamp, list(waiting)), before)["crimes"]
    expect(phone.find("crime-number")).to_have_text(made[1])
    phone.find("mark-told").click()
    expect(phone.find("victim-to-tell")).to_have_count(0)
    phone.find("nav-home").click()
    expect(phone.find("number-came")).to_have_count(0)


def test_signing_out_without_signal(bluelamp: Instance, phone: Phone) -> None:
    before = read_server_records(bluelamp, [])
    phone.go_offline()
    number = phone.record_crime(offence="58c", **SCENE)
    phone.find("nav-home").click()
    phone.find("sign-out").click()
    phone.find("sign-out").click()
    expect(phone.find("leaving")).to_be_visible()
    phone.visitor.check_page("signed-out-without-signal")
    phone.reopen()
    expect(phone.find("others-waiting")).to_be_visible()
    text = phone.page.locator("bl-app").inner_text()
    assert not [word for word in ("Ada", "Acorn", "Asante", number) if word in text]
    request = phone.visitor.context.request
    me = f"{bluelamp.origin}{API}/me"
    assert request.get(me).status == 200, "the server does not know yet"
    phone.go_online()
    expect(phone.find("leaving")).to_have_count(0, timeout=30_000)
    assert request.get(me).status == 401
    assert new_records(read_server_records(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.wait_until_all_sent()
    assert [row[1] for row in new_records(read_server_records(bluelamp, []), before)["crimes"]] == [
        number
    ]
