"""What the crime desk and the officer in the case do at the desk."""

import re

from tests.journeys.browser import Visitor

SUSPECT = ("Callum", "Thorne-Journey")


def joy_records(joy: Visitor, reference: str, story: str) -> str:
    """Open the report, find everything in place, and record the crime in one action; returns its
    number.
    """
    page = joy.page
    page.goto("/desk/")
    joy.looks("home")
    page.goto("/desk/reports/")
    joy.looks("reports")
    page.get_by_role("searchbox").first.fill(reference)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    assert story in page.inner_text("main"), "what was typed once is there as it was typed"
    assert "SE15 4QL" in page.inner_text("main")
    pictures = page.locator("main img[src*='/preview/']")
    for _ in range(60):
        if pictures.count() >= 2:  # small pictures are made when nobody waits for anything else
            break
        page.wait_for_timeout(2000)
        page.reload()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    joy.looks("report")
    picker = page.locator("#offence_code")
    picker.fill("crim dam veh")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Record as a crime").click()
    found = re.search(r"01/\d{7}/\d{2}", page.inner_text("main"))
    assert found, page.inner_text("main")[:500]
    joy.looks("report-recorded")
    return found[0]


def bilal_investigates(bilal: Visitor, first: str, second: str) -> str:
    """Link the crimes by place, name a suspect, exhibit the photo, charge, and send the file;
    returns its URN.
    """
    page = bilal.page
    page.goto("/desk/crimes/")
    bilal.looks("crimes")
    page.goto(f"/desk/crimes/?q={first}")
    page.goto(_at(first))
    assert second in page.inner_text("main"), "the crime next door is shown beside it"
    page.locator("li", has_text=second).get_by_role("link", name=re.compile("^Link")).click()
    page.get_by_label(re.compile(second)).check()
    page.get_by_label("Why do they belong together?").fill(
        "Same road, same night, same kind of damage."
    )
    bilal.looks("link")
    page.get_by_role("button", name="Link them").click()
    page.wait_for_url(f"**{_at(first)}**")
    for number in (first, second):
        _allocate(bilal, number)
    page.goto(_at(second))
    bilal.looks("crime")
    _suspect(bilal, second)
    _exhibit(bilal, second)
    _charge(bilal, second)
    page.goto(f"{_at(second)}case-file")
    page.get_by_label(re.compile(first)).check()
    bilal.looks("build")
    page.get_by_role("button", name="Build it").click()
    page.wait_for_url("**/desk/case-files/**")
    urn = page.url.split("?")[0].rstrip("/").rsplit("/", 1)[1]
    send = page.get_by_role("button", name="Send to prosecutor")
    send.wait_for(timeout=120_000)  # the page goes on by itself
    bilal.looks("case-file")
    assert "NewCase.xml is in the package" in page.inner_text("main"), page.inner_text("main")
    send.click()
    page.get_by_text(re.compile("Sent to")).first.wait_for()
    bilal.looks("case-file-sent")
    return urn


def _allocate(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_at(number)}allocate")
    choice = page.locator("main select").first
    choice.select_option(
        label=next(text for text in choice.locator("option").all_inner_texts() if "Bilal" in text)
    )
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**{_at(number)}**")


def _suspect(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_at(number)}suspect")
    page.get_by_label("Given names").fill(SUSPECT[0])
    page.get_by_label("Family name").fill(SUSPECT[1])
    _date(bilal, "born_on", "2", "9", "1991")
    page.get_by_label("Gender").select_option(label="Male")
    page.locator("[name=address]").fill("3 Rye Lane, London")
    page.get_by_label("Postcode").fill("SE15 5BS")
    page.get_by_label("What points to this person?").fill(
        "Named by an eyewitness who knows him by sight."
    )
    page.get_by_label("Fact", exact=True).check()
    bilal.looks("suspect")
    page.get_by_role("button", name="Name the suspect").click()
    page.wait_for_url(f"**{_at(number)}**")


def _exhibit(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(_at(number))
    href = page.locator("main a[href*='/exhibit']").first.get_attribute("href")
    page.goto(href or "")
    page.get_by_label("What it is").fill("Photograph of the broken wing mirror")
    page.get_by_label("Produced by").fill("Ada Bello")
    bilal.looks("exhibit")
    page.get_by_role("button", name="Give the reference").click()
    page.wait_for_url(f"**{_at(number)}**")
    assert "AB/1" in page.inner_text("main")


def _charge(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_at(number)}charge")
    page.get_by_label(re.compile(SUSPECT[1])).check()
    picker = page.locator("#offence_code")
    if not picker.input_value():
        picker.fill("crim dam veh")
        page.get_by_role("option").first.click()
    wording = page.get_by_label("Wording of the charge")
    if not wording.input_value():
        wording.fill(
            "Without lawful excuse, damaged a wing mirror to the value of £420 belonging to another."
        )
    _date(bilal, "charged_on", "20", "11", "2026")
    _date(bilal, "arrested_on", "20", "11", "2026")
    court = page.get_by_label("First hearing at")
    label = next(text for text in court.locator("option").all_inner_texts() if "Camberwell" in text)
    court.select_option(label=label)
    _date(bilal, "hearing_on", "18", "12", "2026")
    page.get_by_label("At", exact=True).fill("10am")
    bilal.looks("charge")
    page.get_by_role("button", name="Record the charge").click()
    page.wait_for_url(f"**{_at(number)}**")


def _date(visitor: Visitor, name: str, day: str, month: str, year: str) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        visitor.page.locator(f"[name={name}_{part}]").fill(value)


def _at(number: str) -> str:
    return f"/desk/crimes/{number.replace('/', '-')}/"
