"""What Esi does: report the damage to her car from her phone, and follow her case."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Request

from tests.journeys.browser import Visitor
from tests.journeys.line import Line
from tests.journeys.outbox import code_for, message_to

EMAIL = "esi.in.the.journey@example.com"
STORY = "Someone scratched both doors of my car overnight – £300 to mend. “Kočka” said she heard it. <b>Really</b>."


@dataclass
class Photos:
    """What Esi has on her phone."""

    heic: Path
    rotated: Path
    video: Path


def reports(esi: Visitor, photos: Photos, line: Line) -> str:
    """Report criminal damage, with two photos and a video whose upload is cut; returns the
    reference.
    """
    page = esi.page
    page.goto("/")
    esi.looks("home")
    page.goto("/report/")
    esi.looks("report-start")
    page.get_by_label("No", exact=True).check()
    _go_on(esi)
    page.get_by_label("Something was damaged").check()
    esi.looks("report-what")
    _go_on(esi)
    _where(esi)
    page.get_by_label("It was between two times").check()
    _date(esi, "from", day="1", time_of_day="7pm")
    _date(esi, "to", day="2", time_of_day="7:30am")
    esi.looks("report-when")
    _go_on(esi)
    page.get_by_label("Tell us what happened").fill(STORY)
    page.get_by_label(re.compile("Vehicle registration")).fill("BD21 XKR")
    esi.looks("report-story")
    _go_on(esi)
    _files(esi, photos, line)
    page.get_by_label("It happened to me").check()
    page.get_by_label("First name").fill("Esi")
    page.get_by_label("Last name").fill("Mensah")
    esi.looks("report-you")
    _go_on(esi)
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Yes", exact=True).check()
    esi.looks("report-contact")
    _go_on(esi)
    esi.looks("report-check")
    assert page.get_by_text("Really").count() >= 1, "what she typed is shown as she typed it"
    page.get_by_label(re.compile("what I have told you is true")).check()
    page.get_by_role("button", name="Send your report").click()
    page.wait_for_url("**/report/done/**")
    esi.looks("report-done")
    found = re.search(r"BL-\w{3}-\w{3}-\w{3}", page.inner_text("main"))
    assert found
    message_to(esi, EMAIL, found[0])
    return found[0]


def follows(esi: Visitor, reference: str) -> str:
    """Follow the case with the reference and a one-time code; returns the page's words."""
    page = esi.page
    page.goto("/track/")
    esi.looks("track-start")
    page.get_by_label(re.compile("reference", re.IGNORECASE)).first.fill(
        reference.lower().replace("-", " ")
    )
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/track/code/**")
    esi.looks("track-code")
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code_for(esi, EMAIL))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/track/case/**")
    esi.looks("track-case")
    return page.inner_text("main")


def _where(esi: Visitor) -> None:
    page = esi.page
    place = page.locator("#place")
    place.fill("se15 4q")
    page.get_by_role("option").first.wait_for()
    place.fill("se15 4ql")
    page.get_by_role("option", name=re.compile("SE15 4QL")).first.click()
    page.get_by_label(re.compile("House number")).fill("14 Choumert Road")
    esi.looks("report-where")
    _go_on(esi)


def _files(esi: Visitor, photos: Photos, line: Line) -> None:
    page = esi.page
    picker = page.locator("input#files")
    picker.set_input_files([photos.heic, photos.rotated])
    page.locator(".bl-upload__file--done").nth(1).wait_for(timeout=180_000)
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: offsets.append(_offset(request)) if request.method == "PATCH" else None,
    )
    line.bytes_a_second, begun = 1_000_000, line.sent_up
    picker.set_input_files([photos.video])
    while line.sent_up - begun < photos.video.stat().st_size / 2:
        page.wait_for_timeout(50)
    line.cut()
    page.wait_for_timeout(1500)
    line.mend()
    page.locator(".bl-upload__file--done").nth(2).wait_for(timeout=120_000)
    assert max(offsets) > 0, f"the upload should go on from where it was cut: {offsets}"
    esi.looks("report-files")
    _go_on(esi)


def _offset(request: Request) -> int:
    return int(request.headers.get("upload-offset", "0"))


def _date(esi: Visitor, name: str, *, day: str, time_of_day: str) -> None:
    page = esi.page
    page.locator(f"[name={name}_day]").fill(day)
    page.locator(f"[name={name}_month]").fill("11")
    page.locator(f"[name={name}_year]").fill("2026")
    page.locator(f"[name={name}_time]").fill(time_of_day)


def _go_on(esi: Visitor) -> None:
    before = esi.page.url
    esi.page.locator(
        "main form button[type=submit]:visible", has_text=re.compile("Continue|Start now")
    ).first.click()
    esi.page.wait_for_url(lambda url: url != before)
