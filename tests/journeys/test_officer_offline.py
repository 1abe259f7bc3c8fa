"""Ada at the scene with no signal: recorded, signed, photographed, sent once, whatever breaks on
the way.
"""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from bench import instance as instances
from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor, chromium
from tests.journeys.officer import API, DOOR, Phone, on_record

pytestmark = pytest.mark.xdist_group("journey")


@pytest.fixture(scope="module")
def bluelamp() -> Iterator[Instance]:
    """An instance of its own, which may be killed."""
    with instances.fresh() as instance:
        yield instance


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def phone(bluelamp: Instance, browser: Browser) -> Iterator[Phone]:
    """Ada's phone, signed in and ready to lose signal."""
    visitor = Visitor.enter(browser, bluelamp.origin, "ada", PHONE)
    visitor.context.grant_permissions(["camera", "geolocation"], origin=bluelamp.origin)
    phone = Phone(visitor)
    phone.listen()
    visitor.sign_in("ada")
    phone.ready_for_no_signal()
    yield phone
    visitor.leave()


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    look = phone.visitor.looks
    before = on_record(bluelamp, [])
    look("home")
    phone.go_offline()
    expect(phone.find("signal-words")).to_have_text("No signal")

    phone.find("record-a-crime").click()
    phone.find("give-number").click()
    expect(phone.find("mends")).to_be_visible()
    look("record-mends")
    number = phone.record_crime(offence="damage vehicle", **DOOR)
    assert number.startswith("01/")
    look("crime-number")

    phone.take_statement()
    look("statement")
    phone.find("keep-statement").click()
    expect(phone.find("crime-number")).to_be_visible()
    photo_sha256 = phone.take_photo("The broken mirror")
    look("photo")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    waiting = phone.queue(3)
    look("queue")
    assert sorted(waiting.values()) == ["crime", "item", "statement"]

    phone.reopen()
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    assert phone.queue(3) == waiting

    phone.go_online()
    phone.all_sent()
    look("queue-sent")
    phone.find("theme-toggle").click()
    look("queue-sent-at-night")
    phone.find("nav-home").click()
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    look("home-at-night")
    phone.find("crime").first.click()
    expect(phone.find("crime-number")).to_be_visible()
    look("crime-at-night")
    phone.find("take-statement").click()
    expect(phone.find("declaration")).to_be_visible()
    look("statement-at-night")
    phone.find("theme-toggle").click()
    assert set(phone.sent) == set(waiting)
    hashes = {each: hashlib.sha256(raw[0]).hexdigest() for each, raw in phone.sent.items()}
    held = on_record(bluelamp, list(waiting))
    assert held["receipts"] == hashes
    (crime_id,) = (each for each, kind in waiting.items() if kind == "crime")
    (item_id,) = (each for each, kind in waiting.items() if kind == "item")
    new = _new(held, before)
    assert new["crimes"] == [[crime_id, number]]
    assert [each[1] for each in new["statements"]] == [crime_id]
    assert new["crime_items"] == [[item_id, crime_id]]
    assert new["items"] == [item_id]
    assert held["items"][item_id] == [
        photo_sha256,
        photo_sha256,
        photo_sha256,
        ["received", "sealed"],
    ]

    _sent_again_changes_nothing(bluelamp, phone)


def _new(held: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What is on record and was not before, without the receipts."""
    return {
        kind: [each for each in rows if each not in before[kind]]
        for kind, rows in held.items()
        if kind != "receipts"
    }


def _sent_again_changes_nothing(bluelamp: Instance, phone: Phone) -> None:
    before = on_record(bluelamp, list(phone.sent))
    request = phone.visitor.context.request
    (token,) = (
        each["value"] for each in phone.visitor.context.cookies() if each["name"] == "bluelamp_csrf"
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
                },
            )
            assert answer.status == status, answer.text()
    assert on_record(bluelamp, list(phone.sent)) == before


def test_what_is_made_signed_out_goes_when_signed_in_again(
    bluelamp: Instance, phone: Phone
) -> None:
    before = on_record(bluelamp, [])
    phone.visitor.context.clear_cookies(name="bluelamp_session")
    number = phone.record_crime(offence="58c", **DOOR | {"address": "18 Acorn Parade, Peckham"})
    phone.find("nav-home").click()
    expect(phone.find("signed-out")).to_be_visible(timeout=30_000)
    phone.visitor.looks("signed-out")
    phone.queue(1)
    assert _new(on_record(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.all_sent()
    assert [made[1] for made in _new(on_record(bluelamp, []), before)["crimes"]] == [number]


def test_the_same_capture_by_many_lines_at_once_is_one(bluelamp: Instance, phone: Phone) -> None:
    """Twenty copies of a capture, all at the same moment: one 201, and the others the same
    receipt.
    """
    phone.go_offline()
    phone.record_crime(offence="58c", **DOOR | {"address": "20 Acorn Parade, Peckham"})
    waiting = phone.queue(1)
    crime_id = next(iter(waiting))
    before = on_record(bluelamp, [])
    for _ in range(60):
        if crime_id in phone.sent:
            break
        phone.hurry()
        phone.page.wait_for_timeout(500)
    raw = phone.sent[crime_id][0]
    cookies = {each["name"]: each["value"] for each in phone.visitor.context.cookies()}
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": cookies["bluelamp_csrf"],
        "X-Content-SHA256": hashlib.sha256(raw).hexdigest(),
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    address = f"{bluelamp.origin}{API}/captures/{crime_id}"
    with ThreadPoolExecutor(20) as lines:
        answers = list(
            lines.map(lambda _: httpx.put(address, content=raw, headers=headers), range(20))
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(_new(on_record(bluelamp, []), before)["crimes"]) == 1
    phone.go_online()
    phone.all_sent()


def test_a_server_killed_in_mid_sync_still_has_it_once(bluelamp: Instance, phone: Phone) -> None:
    before = on_record(bluelamp, [])
    phone.go_offline()
    number = phone.record_crime(
        offence="damage vehicle", **DOOR | {"address": "16 Acorn Parade, Peckham"}
    )
    phone.take_statement()
    phone.find("keep-statement").click()
    photo_sha256 = phone.take_photo("The other mirror")
    phone.find("keep-photo").click()
    waiting = phone.queue(3)
    assert sorted(waiting.values()) == ["crime", "item", "statement"]

    killed: list[str] = []

    def answer_lost_then_killed(route: Route) -> None:
        """The crime arrives and its answer is lost; the first piece of the photo finds the server
        dying.
        """
        if "crime" not in killed and route.request.method == "PUT":
            killed.append("crime")
            assert route.fetch().status == 201
            route.abort("connectionreset")
        elif "server" not in killed and route.request.method == "PATCH":
            killed.append("server")
            bluelamp.kill()
            route.continue_()
        else:
            route.continue_()

    context = phone.visitor.context
    context.route("**/api/officer/v1/captures/*", answer_lost_then_killed)
    context.route("**/uploads/**", answer_lost_then_killed)
    phone.go_online()
    for _ in range(60):
        if "server" in killed:
            break
        phone.hurry()
        phone.page.wait_for_timeout(500)
    assert killed == ["crime", "server"]
    bluelamp.start()
    phone.all_sent()

    held = on_record(bluelamp, list(waiting))
    assert held["receipts"] == {
        each: hashlib.sha256(raw[0]).hexdigest() for each, raw in phone.sent.items()
    }
    assert all(len(set(raw)) == 1 for raw in phone.sent.values()), (
        "sent again, the bytes are the same"
    )
    new = _new(held, before)
    assert [made[1] for made in new["crimes"]] == [number]
    assert [len(new[kind]) for kind in ("crimes", "statements", "crime_items", "items")] == [
        1,
        1,
        1,
        1,
    ]
    assert [held["items"][each][2] for each in new["items"]] == [photo_sha256]
    assert json.dumps(held).count(number) == 1


_FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  const request = put.apply(this, given);
  if (globalThis.isFull) {
    const { transaction } = this;
    Object.defineProperty(transaction, 'error', { get: () => new DOMException('full', 'QuotaExceededError') });
    request.addEventListener('success', () => transaction.abort());
  }
  return request;
};
"""


def test_a_full_phone_says_so_gives_no_number_and_loses_no_letter(phone: Phone) -> None:
    phone.page.add_init_script(_FULL)
    phone.page.reload()
    phone.ready_for_no_signal()
    phone.go_offline()
    phone.find("record-a-crime").click()
    phone.find("offence-usual").first.click()
    phone.fill(**DOOR)
    phone.page.evaluate("globalThis.isFull = true")
    phone.fill(summary="Written when the phone was full.")
    expect(phone.find("store-trouble")).to_be_visible()
    phone.find("give-number").click()
    expect(phone.find("screen-trouble")).to_be_visible()
    phone.visitor.looks("full")
    phone.page.evaluate("globalThis.isFull = false")
    expect(phone.find("store-trouble")).to_have_count(0, timeout=10_000)
    phone.reopen()
    phone.find("draft").click()
    expect(phone.find("summary")).to_have_value("Written when the phone was full.")
    expect(phone.find("address")).to_have_value(DOOR["address"])
    phone.find("give-number").click()
    expect(phone.find("crime-number")).to_be_visible()


def test_what_the_server_would_not_take_is_mended_and_keeps_its_number(
    bluelamp: Instance, phone: Phone
) -> None:
    before = on_record(bluelamp, [])
    said = {"errors": [{"field": "offence_code", "message": "Choose an offence from the list."}]}
    captures = "**/api/officer/v1/captures/*"
    phone.visitor.context.route(captures, lambda route: route.fulfill(status=422, json=said))
    number = phone.record_crime(offence="58c", **DOOR)
    phone.find("nav-queue").click()
    expect(phone.find("mend")).to_be_visible(timeout=30_000)
    phone.visitor.looks("refused")
    phone.visitor.context.unroute(captures)
    phone.find("mend").click()
    expect(phone.find("summary")).to_have_value(DOOR["summary"])
    phone.fill(summary="Mended.")
    phone.find("give-number").click()
    expect(phone.find("crime-number")).to_have_text(number)
    phone.all_sent()
    assert [made[1] for made in _new(on_record(bluelamp, []), before)["crimes"]] == [number]


def test_another_officer_on_the_same_phone_neither_sees_nor_sends_what_is_adas(
    bluelamp: Instance, phone: Phone
) -> None:
    before = on_record(bluelamp, [])
    phone.visitor.context.route("**/api/officer/v1/captures/*", lambda route: route.abort())
    number = phone.record_crime(offence="58c", **DOOR)
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
    assert _new(on_record(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.all_sent()
    phone.find("nav-home").click()
    phone.find("draft").click()
    expect(phone.find("summary")).to_have_value("Ada was writing this.")
    assert [made[1] for made in _new(on_record(bluelamp, []), before)["crimes"]] == [number]


def test_a_shops_crime_is_recorded_with_no_number_left_and_gets_one_on_arrival(
    bluelamp: Instance, phone: Phone
) -> None:
    before = on_record(bluelamp, [])
    leases = "**/api/officer/v1/leases"
    phone.visitor.context.route(leases, lambda route: route.fulfill(json={"leases": []}))
    phone.page.reload()
    expect(phone.find("numbers-left")).to_have_text("0", timeout=30_000)
    phone.go_offline()
    phone.find("record-a-crime").click()
    phone.find("offence-usual").first.click()
    phone.find("victim-state").click()
    expect(phone.find("state-words")).to_be_visible()
    expect(phone.find("given_name")).to_have_count(0)
    phone.find("victim-business").click()
    phone.fill(**DOOR | {"business_name": "Acorn Stores"})
    expect(phone.find("lives_there")).not_to_be_checked()
    phone.find("lives_there").check()
    expect(phone.page.get_by_label("It is at 14 Acorn Parade, Peckham, SE15 4QL")).to_be_checked()
    phone.fill(address=DOOR["address"])
    expect(phone.find("lives_there")).not_to_be_checked()
    phone.find("lives_there").check()
    phone.visitor.looks("business-without-a-number")
    phone.find("give-number").click()
    expect(phone.find("number-later")).to_be_visible()
    expect(phone.find("ring")).to_have_text(DOOR["phone"])
    expect(phone.find("to-tell")).to_contain_text("Kofi Asante, Acorn Stores")
    phone.visitor.looks("number-later")
    phone.take_statement()
    phone.find("keep-statement").click()
    waiting = phone.queue(2)
    phone.go_online()
    phone.visitor.context.unroute(leases)
    phone.all_sent()
    phone.find("nav-home").click()
    expect(phone.find("number-came")).to_contain_text("Acorn Stores")
    phone.find("theme-toggle").click()
    phone.visitor.looks("number-came-at-night")
    phone.find("number-came").get_by_role("link").click()
    (made,) = _new(on_record(bluelamp, list(waiting)), before)["crimes"]
    expect(phone.find("crime-number")).to_have_text(made[1])
    phone.find("told").click()
    expect(phone.find("to-tell")).to_have_count(0)
    phone.find("nav-home").click()
    expect(phone.find("number-came")).to_have_count(0)


def test_signing_out_without_signal_hides_all_and_ends_the_session_once_there_is_some(
    bluelamp: Instance, phone: Phone
) -> None:
    before = on_record(bluelamp, [])
    phone.go_offline()
    number = phone.record_crime(offence="58c", **DOOR)
    phone.find("nav-home").click()
    phone.find("sign-out").click()
    phone.find("sign-out").click()
    expect(phone.find("leaving")).to_be_visible()
    phone.visitor.looks("signed-out-without-signal")
    phone.reopen()
    expect(phone.find("others-waiting")).to_be_visible()
    seen = phone.page.locator("bl-app").inner_text()
    assert not [word for word in ("Ada", "Acorn", "Asante", number) if word in seen]
    request = phone.visitor.context.request
    me = f"{bluelamp.origin}{API}/me"
    assert request.get(me).status == 200, "the server has not heard of it yet"
    phone.go_online()
    expect(phone.find("leaving")).to_have_count(0, timeout=30_000)
    assert request.get(me).status == 401
    assert _new(on_record(bluelamp, []), before)["crimes"] == []
    phone.visitor.sign_in("ada")
    phone.page.goto("/officer/")
    phone.all_sent()
    assert [made[1] for made in _new(on_record(bluelamp, []), before)["crimes"]] == [number]
