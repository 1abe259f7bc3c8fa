"""Ada's phone and server faults: many copies at once, a killed server, a full phone, a refusal."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Route, expect

from bench.instance import Instance
from tests.journeys.officer_phone import API, SCENE, Phone, new_records, read_server_records
from tests.prepared_instances import prepared_instance


@pytest.fixture(scope="module")
def bluelamp() -> Iterator[Instance]:
    """An instance of its own, which is killed."""
    with prepared_instance() as instance:
        yield instance


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    """Twenty copies of a capture, all at the same moment: one 201, and the others the same
    receipt.
    """
    phone.go_offline()
    phone.record_crime(offence="58c", **SCENE | {"address": "20 Acorn Parade, Peckham"})
    waiting = phone.read_queue(1)
    crime_id = next(iter(waiting))
    before = read_server_records(bluelamp, [])
    for _ in range(300):
        if crime_id in phone.sent:
            break
        phone.send_now()
        phone.page.wait_for_timeout(100)
    raw = phone.sent[crime_id][0]
    cookies = {cookie["name"]: cookie["value"] for cookie in phone.visitor.context.cookies()}
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": cookies["bluelamp_csrf"],
        "X-Content-SHA256": hashlib.sha256(raw).hexdigest(),
        **phone.proofs[crime_id],
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    url = f"{bluelamp.origin}{API}/captures/{crime_id}"
    with ThreadPoolExecutor(20) as threads:
        answers = list(
            threads.map(lambda _: httpx.put(url, content=raw, headers=headers), range(20))
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(new_records(read_server_records(bluelamp, []), before)["crimes"]) == 1
    phone.go_online()
    phone.wait_until_all_sent()


def test_server_killed_during_sync(bluelamp: Instance, phone: Phone) -> None:
    before = read_server_records(bluelamp, [])
    phone.go_offline()
    number = phone.record_crime(
        offence="damage vehicle", **SCENE | {"address": "16 Acorn Parade, Peckham"}
    )
    phone.take_statement()
    phone.find("keep-statement").click()
    photo_sha256 = phone.take_photo("The other mirror")
    phone.find("keep-photo").click()
    waiting = phone.read_queue(3)
    assert sorted(waiting.values()) == ["crime", "item", "statement"]

    killed: list[str] = []

    def lose_answer_then_kill(route: Route) -> None:
        """Lose the answer to the crime, then kill the server at the photo's first chunk."""
        if "crime" not in killed and route.request.method == "PUT":
            killed.append("crime")
            assert route.fetch().status == 201
            route.abort("connectionreset")
        elif "server" not in killed and "/uploads/" in route.request.url:
            killed.append("server")
            bluelamp.kill()
            route.continue_()
        else:
            route.continue_()

    context = phone.visitor.context
    context.route("**/api/officer/v1/captures/*", lose_answer_then_kill)
    context.route("**/uploads/**", lose_answer_then_kill)
    phone.go_online()
    for _ in range(300):
        if "server" in killed:
            break
        phone.send_now()
        phone.page.wait_for_timeout(100)
    assert killed == ["crime", "server"]
    bluelamp.start()
    phone.wait_until_all_sent()

    records = read_server_records(bluelamp, list(waiting))
    assert records["receipts"] == {
        capture_id: hashlib.sha256(raw[0]).hexdigest() for capture_id, raw in phone.sent.items()
    }
    assert all(len(set(raw)) == 1 for raw in phone.sent.values()), (
        "a second attempt sends the same bytes"
    )
    new = new_records(records, before)
    assert [row[1] for row in new["crimes"]] == [number]
    assert [len(new[kind]) for kind in ("crimes", "statements", "crime_items", "items")] == [
        1,
        1,
        1,
        1,
    ]
    assert [records["items"][item_id][2] for item_id in new["items"]] == [photo_sha256]
    assert json.dumps(records).count(number) == 1


_FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  const request = put.apply(this, given);
  if (globalThis.isFull) {
    const { transaction } = this;
    const error = new DOMException('full', 'QuotaExceededError');
    Object.defineProperty(transaction, 'error', { get: () => error });
    request.addEventListener('success', () => transaction.abort());
  }
  return request;
};
"""


def test_full_phone(phone: Phone) -> None:
    phone.page.add_init_script(_FULL)
    phone.page.reload()
    phone.wait_until_ready_offline()
    phone.go_offline()
    phone.find("record-a-crime").click()
    phone.find("offence-common").first.click()
    phone.fill(**SCENE)
    phone.page.evaluate("globalThis.isFull = true")
    phone.fill(summary="Written when the phone was full.")
    expect(phone.find("save-error")).to_be_visible()
    phone.find("give-number").click()
    expect(phone.find("screen-error")).to_be_visible()
    phone.visitor.check_page("full")
    phone.page.evaluate("globalThis.isFull = false")
    expect(phone.find("save-error")).to_have_count(0, timeout=10_000)
    phone.reopen()
    phone.find("draft").click()
    expect(phone.find("summary")).to_have_value("Written when the phone was full.")
    expect(phone.find("address")).to_have_value(SCENE["address"])
    phone.find("give-number").click()
    expect(phone.find("crime-number")).to_be_visible()


def test_refused_capture_is_corrected_and_keeps_its_number(
    bluelamp: Instance, phone: Phone
) -> None:
    before = read_server_records(bluelamp, [])
    refusal = {"errors": [{"field": "offence_code", "message": "Choose an offence from the list."}]}
    captures = "**/api/officer/v1/captures/*"
    phone.visitor.context.route(
        captures,
        lambda route: route.fulfill(
            status=422, content_type="application/problem+json", body=json.dumps(refusal)
        ),
    )
    number = phone.record_crime(offence="58c", **SCENE)
    phone.find("nav-queue").click()
    expect(phone.find("reopen")).to_be_visible(timeout=30_000)
    phone.visitor.check_page("refused")
    phone.visitor.context.unroute(captures)
    phone.find("reopen").click()
    expect(phone.find("summary")).to_have_value(SCENE["summary"])
    phone.fill(summary="Mended.")
    phone.find("give-number").click()
    expect(phone.find("crime-number")).to_have_text(number)
    phone.wait_until_all_sent()
    assert [row[1] for row in new_records(read_server_records(bluelamp, []), before)["crimes"]] == [
        number
    ]
