"""`bluelamp bench phone`: how quick the officer app is in a real browser at a quarter of the speed.

- a key press in a form, with nothing and with 200 captures waiting: from the key to the next frame;
- a cold start without signal: from opening the app to its home screen;
- a shift (12 crimes, 5 statements, 60 photos of 200 kB) from the signal's return to the last
  receipt, at full speed on loopback;
- the shell: what the app's own files weigh on the wire.

Each has a raw limit of the same run: the same key in a bare page, opening a bare page at the same
speed, and as many requests to `/healthz`, three at a time. The browser is on the same processors as
the server, and so is the database.
"""

import base64
import gzip
import io
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.client import Client
from bench.instance import ROOT, Instance, temporary_instance
from tests.journeys.browser import PHONE, Visitor, chromium
from tests.journeys.officer_phone import SCENE, Phone

SLOWER = 4
WAITING = 200
KEYS = 60
STARTS = 5
CRIMES, STATEMENTS, PHOTOS = 12, 5, 60
PHOTO_BYTES = 200_000
# What is to be reached: milliseconds, seconds and bytes.
TARGETS = {"key_p95_ms": 50, "start_s": 1.5, "shift_s": 15, "shell_bytes": 150_000}

# From the moment of the key until the frame with the letter is there.
_WATCH_KEYS = """() => {
  globalThis.keyTimes = [];
  addEventListener('keydown', event => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => globalThis.keyTimes.push(performance.now() - event.timeStamp);
    port2.postMessage(null);
  }), true);
}"""
# Photos go into the app as its camera screen puts them there.
_SEAL_PHOTOS = """async ([crimeId, base64, count]) => {
  const controller = document.querySelector('bl-app').controller;
  const jpeg = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  for (let made = 0; made < count; made++) {
    const own = crypto.getRandomValues(new Uint8Array(16));
    const photo = new Blob([jpeg, own], { type: 'image/jpeg' });
    const { id, form } = await controller.takeFile(crimeId, photo, '', () => undefined);
    await controller.sealPhoto(id, { ...form, description: 'The broken mirror' });
  }
}"""
_ASK = """async count => {
  const begun = performance.now();
  let left = count;
  const lane = async () => { while (left-- > 0) await (await fetch('/healthz')).text(); };
  await Promise.all([lane(), lane(), lane()]);
  return (performance.now() - begun) / 1000;
}"""
_WAITING = "[data-testid=capture]:not([data-state=received])"


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return statistics.quantiles(values, n=20)[-1]


def missed(figures: dict[str, Any]) -> list[str]:
    """Return the targets that the figures miss."""
    reached = {
        "key_p95_ms": figures["keys"][f"{WAITING} waiting"]["p95_ms"],
        "start_s": figures["start"]["median_s"],
        "shift_s": figures["shift"]["seconds"],
        "shell_bytes": figures["shell"]["bytes"],
    }
    return [name for name, most in TARGETS.items() if reached[name] > most]


def _noise_jpeg() -> str:
    side = int((PHOTO_BYTES / 1.8) ** 0.5)
    photo = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(
        photo, "JPEG", quality=90
    )
    return base64.b64encode(photo.getvalue()).decode()


@contextmanager
def _slowed(page: Page) -> Iterator[None]:
    """Run a page's processor at a quarter of its speed."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield
    finally:
        # Pages share a process, which crashes where one is closed that is still slowed.
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        session.detach()


def _type(page: Page, field: Any) -> dict[str, float]:
    """Press keys at the speed of a quick typist, and return what they took in milliseconds."""
    field.click()
    page.evaluate(_WATCH_KEYS)
    for turn in range(KEYS):
        page.keyboard.press("abcdefghij "[turn % 11])
        page.wait_for_timeout(120)
    page.wait_for_timeout(500)
    taken: list[float] = page.evaluate("globalThis.keyTimes")
    if len(taken) < KEYS:
        raise RuntimeError(f"only {len(taken)} of {KEYS} keys were handled")
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(p95(taken), 1),
        "longest_ms": round(max(taken), 1),
    }


def _type_in_form(phone: Phone) -> dict[str, float]:
    phone.find("nav-home").click()
    phone.find("record-a-crime").click()
    field = phone.find("summary")
    field.wait_for()
    with _slowed(phone.page):
        return _type(phone.page, field)


def _type_in_bare_page(browser: Browser) -> dict[str, float]:
    # In a process of its own.
    page = browser.new_page()
    page.set_content("<textarea></textarea>")
    with _slowed(page):
        figures = _type(page, page.locator("textarea"))
    page.close()
    return figures


def _open(phone: Phone, address: str, is_there: Callable[[Page], None]) -> float:
    """Open a page at the slow speed, and return the seconds until something is there."""
    page = phone.visitor.context.new_page()
    with _slowed(page):
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        is_there(page)
        taken = time.perf_counter() - begun
    page.close()
    return taken


def _measure_start(phone: Phone) -> dict[str, float]:
    """Open the app without signal, again and again, in turn with a bare page."""
    app, bare = [], []
    for _ in range(STARTS):
        app.append(
            _open(phone, "/officer/", lambda page: page.get_by_test_id("record-a-crime").wait_for())
        )
        bare.append(
            _open(phone, "data:text/html,<p>x</p>", lambda page: page.locator("p").wait_for())
        )
    return {
        "median_s": round(statistics.median(app), 2),
        "longest_s": round(max(app), 2),
        "bare_page_s": round(statistics.median(bare), 2),
    }


def _crime_id(phone: Phone) -> str:
    return str(phone.page.url.rsplit("/", 1)[1])


def _record_shift(phone: Phone, photo: str) -> None:
    for number in range(CRIMES):
        phone.record_crime(
            offence="damage vehicle", **SCENE | {"address": f"{number + 1} Acorn Parade, Peckham"}
        )
        crime_id = _crime_id(phone)
        if number < STATEMENTS:
            phone.take_statement()
            phone.find("keep-statement").click()
            phone.find("crime-number").wait_for()
        phone.page.evaluate(_SEAL_PHOTOS, [crime_id, photo, PHOTOS // CRIMES])


def _wait_until_sent(phone: Phone) -> float:
    phone.find("nav-queue").click()
    phone.find("capture").first.wait_for()
    begun = time.perf_counter()
    phone.go_online()
    while phone.page.locator(_WAITING).count():
        phone.page.wait_for_timeout(50)
        if time.perf_counter() - begun > 600:
            raise RuntimeError(phone.find("queue-summary").inner_text())
    return time.perf_counter() - begun


def _measure_shell(instance: Instance) -> dict[str, Any]:
    """Fetch the app's own files as a browser does, compressed where the server does that."""
    client = Client(instance.origin)
    dist = ROOT / "officer-app" / "dist"
    files = [path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()]
    sizes, whole = {}, 0
    for name in sorted(files):
        path = "/officer/" + ("" if name == "index.html" else name)
        status, body, headers = client.request("GET", path, None, {"Accept-Encoding": "gzip, br"})
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
        sizes[name] = len(body)
        whole += len(gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body)
    return {"bytes": sum(sizes.values()), "uncompressed": whole, "files": len(sizes)}


def measure(instance: Instance) -> dict[str, Any]:
    """Use the app as an officer does, and return the figures."""
    photo = _noise_jpeg()
    with chromium() as browser:
        visitor = Visitor.open(browser, instance.origin, "ada", PHONE)
        visitor.context.grant_permissions(["camera", "geolocation"], origin=instance.origin)
        phone = Phone(visitor)
        visitor.sign_in("ada")
        phone.enrol()
        phone.wait_until_ready_offline()
        keys = {"bare page": _type_in_bare_page(browser)}
        phone.go_offline()
        keys["none waiting"] = _type_in_form(phone)
        _record_shift(phone, photo)
        requests = CRIMES + STATEMENTS + 3 * PHOTOS
        seconds = _wait_until_sent(phone)
        shift = {
            "seconds": round(seconds, 1),
            "raw_s": round(phone.page.evaluate(_ASK, requests), 1),
            "captures": CRIMES + STATEMENTS + PHOTOS,
        }
        phone.go_offline()
        phone.record_crime(offence="damage vehicle", **SCENE)
        phone.page.evaluate(_SEAL_PHOTOS, [_crime_id(phone), photo, WAITING - 1])
        keys[f"{WAITING} waiting"] = _type_in_form(phone)
        start = _measure_start(phone)
        visitor.context.close()
    return {"keys": keys, "start": start, "shift": shift, "shell": _measure_shell(instance)}


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the targets that were missed."""
    with temporary_instance(BLUELAMP_WORKERS="2") as instance:
        figures = measure(instance)
    figures["missed"] = missed(figures)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:8}{value}")
    return figures
