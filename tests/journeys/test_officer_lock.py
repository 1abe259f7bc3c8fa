"""Ada locks the app: whoever copies her phone reads nothing, and nothing that she wrote is lost."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor
from tests.journeys.officer_phone import (
    API,
    SCENE,
    Phone,
    give_phones_back,
    new_records,
    phone_on_disk,
    read_server_records,
)
from tests.journeys.virtual_authenticator import VirtualAuthenticator

PIN = "73915046"
HALF_WRITTEN = "He ran towards the canal"
# Typed on the phone, or shown by it: none of it may be in a copy.
WORDS = ("Asante", "Acorn Parade", "Wing mirror", "canal", "07700 900456", "Bello")

# What a thief reads in the browser's storage: its text, and what its keys can do.
_COPY = """async () => {
  const text = JSON.stringify({ ...localStorage, ...sessionStorage });
  const copy = { text, uses: [], names: [], wipeUses: [] };
  const collect = value => {
    if (value instanceof CryptoKey) copy.uses.push(...value.usages);
    else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
      copy.text += new TextDecoder().decode(value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) { copy.text += ` ${name} `; collect(part); }
    else copy.text += ` ${value} `;
  };
  const result = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const db = await result(indexedDB.open(name));
    for (const table of db.objectStoreNames) {
      const rows = db.transaction(table).objectStore(table);
      const names = await result(rows.getAllKeys());
      copy.names.push(...names.map(String));
      const values = await result(rows.getAll());
      names.forEach((name, i) => {
        const before = copy.uses.length;
        collect(values[i]);
        if (name === 'wipe') copy.wipeUses = copy.uses.splice(before);
      });
    }
    db.close();
  }
  return copy;
}"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder in which Ada's browser keeps everything."""
    return tmp_path / "profile"


@pytest.fixture
def phone(bluelamp: Instance, browser: Browser, profile: Path) -> Iterator[Phone]:
    """Ada's phone, whose browser has a folder on the disk, and no lock yet."""
    with phone_on_disk(
        bluelamp, browser, profile, name="ada-lock", permissions=["camera"]
    ) as phone:
        yield phone


def _copy_storage(phone: Phone) -> dict[str, Any]:
    copy: dict[str, Any] = phone.page.evaluate(_COPY)
    return copy


def _unlock(phone: Phone, pin: str = PIN) -> None:
    phone.fill(pin=pin)
    phone.find("unlock").click()


def _check_nothing_is_shown(phone: Phone) -> None:
    expect(phone.find("locked")).to_be_visible()
    text = phone.page.locator("bl-app").inner_text() + phone.page.title()
    assert not [word for word in WORDS if word in text]


def _check_copy_gives_nothing_away(phone: Phone, profile: Path) -> None:
    copy = _copy_storage(phone)
    assert not [word for word in WORDS if word in copy["text"]]
    # The one key is what a PIN is mixed with: it decrypts nothing, and is not the phone's own.
    assert copy["uses"] == ["sign"]
    # And the pair with which a locked phone confirms that it obeyed an order to wipe itself.
    assert sorted(copy["wipeUses"]) == ["sign", "verify"]
    copied = profile.with_name("copy")
    shutil.copytree(profile, copied, ignore=shutil.ignore_patterns("Singleton*"))
    for path in copied.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for word in WORDS:
            for encoding in ("utf-8", "utf-16-le"):
                assert word.encode(encoding) not in content, (word, path)
    shutil.rmtree(copied)


def test_it_works(bluelamp: Instance, phone: Phone, profile: Path) -> None:
    before = read_server_records(bluelamp, [])
    check_page = phone.visitor.check_page
    phone.find("set-up-lock").click()
    phone.fill(pin="14071988", pin_again="14071988")
    phone.find("set-pin").click()
    expect(phone.find("error-summary")).to_contain_text("harder to guess")
    check_page("setup-error")
    phone.fill(pin=PIN, pin_again=PIN)
    phone.find("set-pin").click()
    expect(phone.find("said")).to_contain_text("The app locks")
    expect(phone.find("lock-offer")).to_have_count(0)
    check_page("set")

    phone.go_offline()
    number = phone.record_crime(offence="damage vehicle", **SCENE)
    phone.take_photo("The broken mirror")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    phone.find("nav-home").click()
    phone.find("record-a-crime").click()
    phone.fill(summary=HALF_WRITTEN)
    phone.find("nav-home").click()
    phone.find("lock-now").click()
    _check_nothing_is_shown(phone)
    expect(phone.find("locked-waiting")).to_contain_text("3 things are saved on this phone")
    check_page("locked")
    phone.find("theme-toggle").click()
    check_page("locked-at-night")
    phone.find("theme-toggle").click()
    phone.reopen()
    _check_nothing_is_shown(phone)
    _check_copy_gives_nothing_away(phone, profile)

    # Without the PIN it says plainly what is lost and what isn't.
    _unlock(phone, "73915047")
    expect(phone.find("error-summary")).to_contain_text("That isn’t the PIN of this phone")
    phone.find("forgot").click()
    expect(phone.find("unsent")).to_contain_text("3 things on this phone have not been sent")
    expect(phone.find("unsent")).to_contain_text("nobody can recover them")
    check_page("forgotten")

    _unlock(phone)
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    phone.find("draft").click()
    expect(phone.find("summary")).to_have_value(HALF_WRITTEN)
    phone.go_online()
    phone.wait_until_all_sent()
    assert [row[1] for row in new_records(read_server_records(bluelamp, []), before)["crimes"]] == [
        number
    ]
    # What the server has can't be read here any more: the keys of the crime and its photo are gone.
    keys = [name for name in _copy_storage(phone)["names"] if name.startswith("capture:")]
    assert len(keys) == 1

    # After five minutes without a touch it locks by itself, and what was typed is there.
    phone.page.clock.install()
    phone.page.reload()
    _unlock(phone)
    phone.find("nav-home").click()
    phone.find("draft").click()
    phone.fill(summary=f"{HALF_WRITTEN}.")
    phone.page.clock.fast_forward("06:00")
    _check_nothing_is_shown(phone)
    _unlock(phone)
    expect(phone.find("summary")).to_have_value(f"{HALF_WRITTEN}.")


def test_another_officer_on_a_locked_phone(bluelamp: Instance, phone: Phone) -> None:
    phone.find("set-up-lock").click()
    phone.fill(pin=PIN, pin_again=PIN)
    phone.find("set-pin").click()
    expect(phone.find("lock-now")).to_be_visible()
    phone.find("lock-now").click()
    phone.find("another-officer").click()
    phone.visitor.check_page("another-officer")
    phone.find("start-as-another").click()
    expect(phone.find("first-sign-in")).to_be_visible()
    expect(phone.find("leaving")).to_have_count(0)
    me = f"{bluelamp.origin}{API}/me"
    assert phone.visitor.context.request.get(me).status == 401, "Ada's session has ended"
    phone.visitor.sign_in("bilal")
    phone.page.goto("/officer/")
    _check_nothing_is_shown(phone)
    phone.find("another-officer").click()
    phone.find("start-as-another").click()
    expect(phone.find("first-sign-in")).to_be_visible()


def test_a_real_force_must_have_a_lock_before_anything_else(
    bluelamp: Instance, browser: Browser
) -> None:
    # Passkeys need a name, so not 127.0.0.1.
    origin = bluelamp.origin.replace("127.0.0.1", "localhost")
    visitor = Visitor.open(browser, origin, "ada-lock-required", PHONE)
    authenticator = VirtualAuthenticator(visitor.page, has_prf=True)

    # What production's server says; everything else is the demonstration's.
    def require_lock(route: Route) -> None:
        answer = route.fetch()
        body = json.dumps(answer.json() | {"lock_required": True}) if answer.ok else answer.text()
        route.fulfill(response=answer, body=body)

    visitor.context.route(f"**{API}/me", require_lock)
    phone = Phone(visitor)
    visitor.sign_in("ada")
    for route in ("", "#/record", "#/queue"):
        visitor.page.goto(f"/officer/{route}")
        expect(phone.find("lock-setup")).to_be_visible()
        expect(phone.find("lock-later")).to_have_count(0)
    visitor.page.goto("/officer/#/")
    expect(phone.find("set-passkey")).to_be_visible()
    visitor.check_page("setup")
    phone.find("set-passkey").click()
    phone.enrol()
    phone.wait_until_ready_offline()
    assert len(authenticator.credentials()) == 1
    phone.go_offline()
    phone.record_crime(offence="58c", **SCENE)
    phone.find("nav-home").click()
    phone.find("lock-now").click()
    expect(phone.find("locked-waiting")).to_be_visible()
    copy = _copy_storage(phone)
    assert not [word for word in WORDS if word in copy["text"]]
    assert copy["uses"] == []
    visitor.check_page("locked-by-passkey")
    phone.find("unlock-passkey").click()
    expect(phone.find("crime").first).to_be_visible()
    phone.go_online()
    phone.wait_until_all_sent()
    visitor.close()
    give_phones_back(bluelamp)
