"""One crime, from a victim's phone to the prosecutor: the whole way, in a real browser, on real
photos and a video.

Screenshots of every page passed, at phone and desktop width, are kept in var/screenshots.
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

import pytest
from lxml import etree
from playwright.sync_api import Browser

from bench.instance import ROOT, Instance, fresh
from tests import media_samples
from tests.journeys import desk, esi
from tests.journeys.browser import DESKTOP, PHONE, Visitor, chromium
from tests.journeys.line import Line
from tests.journeys.officer import DOOR, Phone

pytestmark = pytest.mark.xdist_group("journey")

_RECORD = """
import json, sys
from bluelamp.cli import prepare
prepare()
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.evidence.models import Continuity
from bluelamp.casework.investigations.models import Exhibit
urn, first, second, reference = sys.argv[1:]
exhibits = Exhibit.objects.filter(crime__number__serial=int(second.split("/")[1]))
print(json.dumps({
    "acts": [[entry.actor_name, entry.act, entry.result, entry.ref] for entry in AuditEntry.objects.order_by("id")],
    "continuity": [[row.verb, row.by_name] for row in
        Continuity.objects.filter(item_id__in=exhibits.values("item_id")).order_by("item_id", "sequence")],
}))
"""


@dataclass
class House:
    """A running instance, a browser, and a line between them."""

    instance: Instance
    browser: Browser
    line: Line

    def enter(self, name: str, size: dict[str, int], *, by_line: bool = False) -> Visitor:
        """Let somebody in, with a browser of their own."""
        origin = self.line.origin if by_line else self.instance.origin
        return Visitor.enter(self.browser, origin, name, size)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run the program on this instance."""
        return subprocess.run(
            [sys.executable, *command],
            env=self.instance.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with fresh() as instance, chromium() as browser:
        line = Line(instance.origin)
        yield House(instance, browser, line)
        line.close()


@pytest.fixture(scope="module")
def photos(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> esi.Photos:
    folder = tmp_path_factory.mktemp("phone")
    rotated = folder / "IMG_0042.jpg"
    rotated.write_bytes(media_samples.rotated_jpeg_with_gps())
    heic = folder / "IMG_0041.HEIC"
    shutil.copyfile(shared_data / "images" / "heic" / "iphone_13_pro_max.HEIC", heic)
    return esi.Photos(heic, rotated, shared_data / "video" / "gopro" / "karma.mp4")


def test_it_works(house: House, photos: esi.Photos, tmp_path: Path) -> None:
    victim = house.enter("esi", PHONE, by_line=True)
    reference = esi.reports(victim, photos, house.line)

    joy = house.enter("joy", DESKTOP)
    joy.sign_in("joy")
    first = desk.joy_records(joy, reference, esi.STORY)
    joy.leave()

    second, photo_sha256 = _ada_at_the_scene(house)

    bilal = house.enter("bilal", DESKTOP)
    bilal.sign_in("bilal")
    urn = desk.bilal_investigates(bilal, first, second)
    bilal.leave()

    package = _hana_receives(house, urn, tmp_path)
    _anyone_can_verify(package, tmp_path, photo_sha256)

    words = esi.follows(victim, reference)
    assert first in words, "she sees her crime number"
    assert "Bilal Rahman" in words, "and who is dealing with it"
    assert "Thorne" not in words, "and nothing of the suspect"
    assert "Callum" not in words
    victim.leave()

    _femi_finds_nothing(house, reference=reference, numbers=(first, second), urn=urn)
    _every_look_is_on_record(house, urn=urn, first=first, second=second, reference=reference)


def _ada_at_the_scene(house: House) -> tuple[str, str]:
    """No signal: record, take a statement and a photo, close the app; then signal again. Returns
    number and hash.
    """
    ada = house.enter("ada", PHONE)
    phone = Phone(ada)
    phone.listen()
    ada.sign_in("ada")
    phone.ready_for_no_signal()
    phone.go_offline()
    number = phone.record_crime(
        offence="damage vehicle",
        **{**DOOR, "address": "16 Choumert Road", "occurred_from": "2026-11-02T06:00"},
    )
    ada.looks("officer-number")
    phone.take_statement()
    ada.looks("officer-statement")
    phone.find("keep-statement").click()
    sha256 = phone.take_photo("The broken mirror")
    phone.find("keep-photo").click()
    phone.queue(3)
    phone.reopen()
    phone.go_online()
    phone.all_sent()
    ada.leave()
    found = re.search(r"[0-9a-f]{64}", sha256)
    return number, found[0] if found else sha256


def _hana_receives(house: House, urn: str, folder: Path) -> Path:
    hana = house.enter("hana", DESKTOP)
    hana.sign_in("hana")
    page = hana.page
    page.goto("/partner/")
    hana.looks("received")
    page.get_by_role("link", name=re.compile(urn)).first.click()
    page.wait_for_url(f"**/partner/case-files/{urn}/")
    assert desk.SUSPECT[1] in page.inner_text("main")
    hana.looks("case-file")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Download the package")).click()
    package = folder / waiting.value.suggested_filename
    waiting.value.save_as(package)
    hana.leave()
    return package


def _verify(path: Path) -> subprocess.CompletedProcess[str]:
    """Check a package as somebody would who has neither our database nor our settings."""
    return subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", "evidence", "verify", str(path)],
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def _anyone_can_verify(package: Path, folder: Path, photo_sha256: str) -> None:
    whole = _verify(package)
    assert whole.returncode == 0, whole.stdout
    assert whole.stdout.splitlines()[-1].endswith(" 0 failed")
    opened = folder / "opened"
    shutil.unpack_archive(package, opened)
    (bag,) = opened.iterdir()
    original = next((bag / "data" / "exhibits" / "AB-1" / "original").iterdir())
    case: dict[str, Any] = json.loads((bag / "data" / "case.json").read_bytes())
    exhibit = next(each for each in case["exhibits"] if each["reference"] == "AB/1")
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


def _femi_finds_nothing(
    house: House, *, reference: str, numbers: tuple[str, str], urn: str
) -> None:
    femi = house.enter("femi", DESKTOP)
    femi.sign_in("femi")
    places = [
        f"/desk/reports/{reference}/",
        f"/desk/case-files/{urn}/",
        f"/partner/case-files/{urn}/",
        "/partner/",
    ]
    places += [f"/desk/crimes/{number.replace('/', '-')}/" for number in numbers]
    for place in places:
        answer = femi.page.goto(place)
        assert answer is not None
        assert answer.status == 404, f"{place} answered {answer.status} to Femi"
    femi.looks("not-found")
    femi.leave()


def _every_look_is_on_record(
    house: House, *, urn: str, first: str, second: str, reference: str
) -> None:
    told = house.run("-c", _RECORD, urn, first, second, reference)
    assert told.returncode == 0, told.stderr
    record = json.loads(told.stdout)
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
    for asked in (reference, urn, first, second):
        assert any(asked in ref or asked.replace("/", "-") in ref for ref in tried), (
            f"Femi's try at {asked}: {tried}"
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
        checked = house.run("-m", "bluelamp.cli", *verb)
        assert checked.returncode == 0, checked.stdout[-3000:]
