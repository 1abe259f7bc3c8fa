"""What Esi does: report the damage to her car on her phone, and track her case."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Request

from tests.journeys.browser import Visitor
from tests.journeys.messages import wait_for_code, wait_for_message
from tests.journeys.network_proxy import NetworkProxy

EMAIL = "esi.in.the.journey@example.com"
STORY = (
    "Someone scratched both doors of my car overnight – £300 to mend. "
    "“Kočka” said she heard it. <b>Really</b>."
)


@dataclass
class Photos:
    """What Esi has on her phone."""

    heic: Path
    rotated: Path
    video: Path


def report_crime(esi: Visitor, photos: Photos, network: NetworkProxy) -> str:
    """Report criminal damage with two photos and a video, whose upload is interrupted.

    Returns the reference.
    """
    page = esi.page
    page.goto("/")
    esi.check_page("home")
    page.goto("/report/")
    esi.check_page("report-start")
    page.get_by_label("No", exact=True).check()
    _continue(esi)
    page.get_by_label("Something was damaged").check()
    esi.check_page("report-what")
    _continue(esi)
    _enter_place(esi)
    page.get_by_label("It was between 2 times").check()
    _enter_date(esi, "from", day="1", time_of_day="7pm")
    _enter_date(esi, "to", day="2", time_of_day="7:30am")
    esi.check_page("report-when")
    _continue(esi)
    page.get_by_label("Tell us what happened").fill(STORY)
    page.get_by_label(re.compile("Vehicle registration")).fill("BD21 XKR")
    esi.check_page("report-story")
    _continue(esi)
    _add_files(esi, photos, network)
    page.get_by_label("It happened to me").check()
    page.get_by_label("First name").fill("Esi")
    page.get_by_label("Last name").fill("Mensah")
    esi.check_page("report-you")
    _continue(esi)
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Yes", exact=True).check()
    esi.check_page("report-contact")
    _continue(esi)
    esi.check_page("report-check")
    assert page.get_by_text("Really").count() >= 1, "what she typed is shown as she typed it"
    page.get_by_label("Yes, as far as I know").check()
    page.get_by_role("button", name="Send your report").click()
    page.wait_for_url("**/report/done/**")
    esi.check_page("report-done")
    reference = re.search(r"BL-\w{3}-\w{3}-\w{3}", page.inner_text("main"))
    assert reference
    wait_for_message(esi, EMAIL, reference[0])
    return reference[0]


def track_case(esi: Visitor, reference: str) -> str:
    """Track the case with its reference and a one-time code. Returns the page's text."""
    page = esi.page
    page.goto("/track/")
    esi.check_page("track-start")
    page.get_by_label(re.compile("reference", re.IGNORECASE)).first.fill(
        reference.lower().replace("-", " ")
    )
    # Her address is not confirmed: she says what only she told us.
    page.get_by_label("Your full name").fill("esi mensah")
    page.get_by_label("Postcode").fill("se154ql")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/track/code/**")
    esi.check_page("track-code")
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(wait_for_code(esi, EMAIL))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/track/case/**")
    esi.check_page("track-case")
    return page.inner_text("main")


def _enter_place(esi: Visitor) -> None:
    page = esi.page
    place = page.locator("#place")
    place.fill("se15 4q")
    page.get_by_role("option").first.wait_for()
    place.fill("se15 4ql")
    page.get_by_role("option", name=re.compile("SE15 4QL")).first.click()
    page.get_by_label(re.compile("House number")).fill("14 Choumert Road")
    esi.check_page("report-where")
    _continue(esi)


def _add_files(esi: Visitor, photos: Photos, network: NetworkProxy) -> None:
    page = esi.page
    picker = page.locator("input#files")
    picker.set_input_files([photos.heic, photos.rotated])
    page.locator(".bl-upload__file--done").nth(1).wait_for(timeout=180_000)
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(_upload_offset(request)) if request.method == "PATCH" else None
        ),
    )
    network.upload_speed, start = 1_000_000, network.bytes_uploaded
    picker.set_input_files([photos.video])
    while network.bytes_uploaded - start < photos.video.stat().st_size / 2:
        page.wait_for_timeout(50)
    network.disconnect()
    # Long enough for the browser to notice, and for the first retries to fail.
    page.wait_for_timeout(1500)
    network.reconnect()
    page.locator(".bl-upload__file--done").nth(2).wait_for(timeout=120_000)
    assert max(offsets) > 0, f"the upload should continue where it stopped: {offsets}"
    esi.check_page("report-files")
    _continue(esi)


def _upload_offset(request: Request) -> int:
    return int(request.headers.get("upload-offset", "0"))


def _enter_date(esi: Visitor, name: str, *, day: str, time_of_day: str) -> None:
    page = esi.page
    page.locator(f"[name={name}_day]").fill(day)
    page.locator(f"[name={name}_month]").fill("11")
    page.locator(f"[name={name}_year]").fill("2026")
    page.locator(f"[name={name}_time]").fill(time_of_day)


def _continue(esi: Visitor) -> None:
    url = esi.page.url
    esi.page.locator(
        "main form button[type=submit]:visible", has_text=re.compile("Continue|Start now")
    ).first.click()
    esi.page.wait_for_url(lambda current: current != url)
