"""One crime, from a victim's phone to the prosecutor, in a real browser with real photos and video.

With BLUELAMP_SCREENSHOTS=1, screenshots of every page, at phone and desktop width, are in
var/screenshots.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree
from playwright.sync_api import Browser

from bench.instance import ROOT, Instance
from tests import media_samples
from tests.journeys import desk_staff, victim
from tests.journeys.browser import DESKTOP, PHONE, Visitor
from tests.journeys.network_proxy import NetworkProxy
from tests.journeys.officer_phone import SCENE, Phone
from tests.prepared_instances import prepared_instance, wait_until_previews_are_made

_READ_AUDIT_RECORD = """
import json, sys
from bluelamp.cli import prepare
prepare()
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.evidence.models import Continuity
from bluelamp.casework.investigations.models import Exhibit
urn, first, second, reference = sys.argv[1:]
exhibits = Exhibit.objects.filter(crime__number__serial=int(second.split("/")[1]))
print(json.dumps({
    "acts": [
        [entry.actor_name, entry.act, entry.result, entry.ref]
        for entry in AuditEntry.objects.order_by("id")
    ],
    "continuity": [
        [row.verb, row.by_name]
        for row in Continuity.objects.filter(item_id__in=exhibits.values("item_id")).order_by(
            "item_id", "sequence"
        )
    ],
}))
"""


@dataclass
class Setup:
    """A running instance, a browser, and a proxy between them."""

    instance: Instance
    browser: Browser
    network: NetworkProxy

    def open_browser(self, name: str, size: dict[str, int], *, by_proxy: bool = False) -> Visitor:
        """Open a browser for one person."""
        origin = self.network.origin if by_proxy else self.instance.origin
        return Visitor.open(self.browser, origin, name, size)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command on this instance."""
        return subprocess.run(
            [sys.executable, *command],
            env=self.instance.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def setup(browser: Browser) -> Iterator[Setup]:
    with prepared_instance(BLUELAMP_WORKERS="2") as instance:
        network = NetworkProxy(instance.origin)
        yield Setup(instance, browser, network)
        network.close()


@pytest.fixture(scope="module")
def photos(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> victim.Photos:
    folder = tmp_path_factory.mktemp("phone")
    rotated = folder / "IMG_0042.jpg"
    rotated.write_bytes(media_samples.rotated_jpeg_with_gps())
    heic = folder / "IMG_0041.HEIC"
    shutil.copyfile(shared_data / "images" / "heic" / "iphone_13_pro_max.HEIC", heic)
    return victim.Photos(heic, rotated, shared_data / "video" / "gopro" / "karma.mp4")


def test_it_works(setup: Setup, photos: victim.Photos, tmp_path: Path) -> None:
    esi = setup.open_browser("esi", PHONE, by_proxy=True)
    reference = victim.report_crime(esi, photos, setup.network)

    # Before Joy, because Esi's previews are made meanwhile, when nothing else wants the processors.
    second, photo_sha256 = _record_as_ada(setup)

    wait_until_previews_are_made(setup.instance.var)
    joy = setup.open_browser("joy", DESKTOP)
    joy.sign_in("joy")
    first = desk_staff.record_crime(joy, reference, victim.STORY)
    joy.close()

    bilal = setup.open_browser("bilal", DESKTOP)
    bilal.sign_in("bilal")
    urn = desk_staff.investigate(bilal, first, second)
    bilal.close()

    package = _download_as_hana(setup, urn, tmp_path)
    _verify_package(package, tmp_path, photo_sha256, setup.instance.origin)

    case_page = victim.track_case(esi, reference)
    assert first in case_page, "she sees her crime number"
    assert "Bilal Rahman" in case_page, "and who is dealing with it"
    assert "Thorne" not in case_page, "and nothing about the suspect"
    assert "Callum" not in case_page
    esi.close()

    _check_femi_is_refused(setup, reference=reference, numbers=(first, second), urn=urn)
    _check_audit_record(setup, urn=urn, first=first, second=second, reference=reference)


def _record_as_ada(setup: Setup) -> tuple[str, str]:
    """Record a crime, a statement and a photo offline, restart the app, and send everything.

    Returns the crime number and the photo's hash.
    """
    ada = setup.open_browser("ada", PHONE)
    phone = Phone(ada)
    phone.record_captures()
    ada.sign_in("ada")
    phone.enrol()
    phone.wait_until_ready_offline()
    phone.go_offline()
    number = phone.record_crime(
        offence="damage vehicle",
        **{**SCENE, "address": "16 Choumert Road", "occurred_from": "2026-11-02T06:00"},
    )
    ada.check_page("officer-number")
    phone.take_statement()
    ada.check_page("officer-statement")
    phone.find("keep-statement").click()
    sha256 = phone.take_photo("The broken mirror")
    phone.find("keep-photo").click()
    phone.read_queue(3)
    phone.reopen()
    phone.go_online()
    phone.wait_until_all_sent()
    ada.close()
    digest = re.search(r"[0-9a-f]{64}", sha256)
    return number, digest[0] if digest else sha256


def _download_as_hana(setup: Setup, urn: str, folder: Path) -> Path:
    hana = setup.open_browser("hana", DESKTOP)
    hana.sign_in("hana")
    page = hana.page
    page.goto("/partner/")
    hana.check_page("received")
    page.get_by_role("link", name=re.compile(urn)).first.click()
    page.wait_for_url(f"**/partner/case-files/{urn}/")
    assert desk_staff.SUSPECT[1] in page.inner_text("main")
    hana.check_page("case-file")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Download the package")).click()
    package = folder / waiting.value.suggested_filename
    waiting.value.save_as(package)
    hana.close()
    return package


def _verify(path: Path, *pins: str) -> subprocess.CompletedProcess[str]:
    """Check a package like somebody who has neither our database nor our settings."""
    return subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", "evidence", "verify", str(path), *pins],
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def _verify_package(package: Path, folder: Path, photo_sha256: str, url: str) -> None:
    whole = _verify(package)
    assert whole.returncode == 3, whole.stdout
    assert "nobody known has signed it" in whole.stdout.splitlines()[-1]
    keys = folder / "keys.json"
    keys.write_bytes(httpx.get(f"{url}/keys/keys.json").content)
    proven = _verify(package, "--log-key", str(keys))
    assert proven.returncode == 0, proven.stdout
    assert proven.stdout.splitlines()[-1].endswith(" 0 failed")
    opened = folder / "opened"
    shutil.unpack_archive(package, opened)
    (bag,) = opened.iterdir()
    original = next((bag / "data" / "exhibits" / "AB-1" / "original").iterdir())
    case: dict[str, Any] = json.loads((bag / "data" / "case.json").read_bytes())
    exhibit = next(entry for entry in case["exhibits"] if entry["reference"] == "AB/1")
    assert exhibit["sha256"].startswith(photo_sha256[:8]), (
        "the bytes are those that Ada's phone hashed"
    )
    assert (
        etree.parse(bag / "data" / "messages" / "NewCase.xml")
        .getroot()
        .tag.endswith("NewCaseMessage")
    )
    raw = bytearray(original.read_bytes())
    raw[len(raw) // 2] ^= 1
    original.chmod(0o644)
    original.write_bytes(raw)
    flipped = _verify(bag)
    assert flipped.returncode == 1
    assert any(
        original.name in line for line in flipped.stdout.splitlines() if not line.startswith("PASS")
    )


def _check_femi_is_refused(
    setup: Setup, *, reference: str, numbers: tuple[str, str], urn: str
) -> None:
    femi = setup.open_browser("femi", DESKTOP)
    femi.sign_in("femi")
    urls = [
        f"/desk/reports/{reference}/",
        f"/desk/case-files/{urn}/",
        f"/partner/case-files/{urn}/",
        "/partner/",
    ]
    urls += [f"/desk/crimes/{number.replace('/', '-')}/" for number in numbers]
    for url in urls:
        answer = femi.page.goto(url)
        assert answer is not None
        assert answer.status == 404, f"{url} answered {answer.status} to Femi"
    femi.check_page("not-found")
    femi.close()


def _check_audit_record(setup: Setup, *, urn: str, first: str, second: str, reference: str) -> None:
    result = setup.run("-c", _READ_AUDIT_RECORD, urn, first, second, reference)
    assert result.returncode == 0, result.stderr
    record = json.loads(result.stdout)
    acts = record["acts"]
    for who in ("Ada Bello", "Bilal Rahman", "Hana Novak", "Joy Whitfield"):
        assert any(who in name and result == "done" for name, _, result, _ in acts), (
            f"{who} left no trace"
        )
    tried = [
        ref
        for name, _, result, ref in acts
        if "Femi" in name and result in {"not found", "refused"}
    ]
    for wanted in (reference, urn, first, second):
        assert any(wanted in ref or wanted.replace("/", "-") in ref for ref in tried), (
            f"Femi's attempt at {wanted}: {tried}"
        )
    verbs = {verb for verb, _ in record["continuity"]}
    assert {
        "received",
        "sealed",
        "previewed",
        "viewed",
        "exhibited",
        "copied",
        "handed_over",
    } <= verbs
    for verb in (["audit", "verify"], ["evidence", "fsck"]):
        checked = setup.run("-m", "bluelamp.cli", *verb)
        assert checked.returncode == 0, checked.stdout[-3000:]
