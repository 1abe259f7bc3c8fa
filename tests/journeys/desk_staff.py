"""What the crime desk and the officer in the case do at the desk."""

import re

from tests.journeys.browser import Visitor

SUSPECT = ("Callum", "Thorne-Journey")


def record_crime(joy: Visitor, reference: str, story: str) -> str:
    """Open the report, check that everything is there, and record the crime. Returns its number.

    The previews of the report's photos have been made.
    """
    page = joy.page
    page.goto("/desk/")
    joy.check_page("home")
    page.goto("/desk/reports/")
    joy.check_page("reports")
    page.get_by_role("searchbox").first.fill(reference)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    assert story in page.inner_text("main"), "the report shows what Esi typed, as she typed it"
    assert "SE15 4QL" in page.inner_text("main")
    pictures = page.locator("main img[src*='/preview/']")
    assert pictures.count() >= 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    joy.check_page("report")
    picker = page.locator("#offence_code")
    picker.fill("crim dam veh")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Record as a crime").click()
    number = re.search(r"01/\d{7}/\d{2}", page.inner_text("main"))
    assert number, page.inner_text("main")[:500]
    joy.check_page("report-recorded")
    return number[0]


def investigate(bilal: Visitor, first: str, second: str) -> str:
    """Link two crimes, name a suspect, exhibit a photo, charge, and send the case file.

    Returns the case file's URN.
    """
    page = bilal.page
    page.goto("/desk/crimes/")
    bilal.check_page("crimes")
    page.goto(f"/desk/crimes/?q={first}")
    page.goto(_crime_url(first))
    assert second in page.inner_text("main"), "crimes nearby are shown"
    page.locator("li", has_text=second).get_by_role("link", name=re.compile("^Link")).click()
    page.get_by_label(re.compile(second)).check()
    page.get_by_label("Why are they linked?").fill("Same road, same night, same kind of damage.")
    bilal.check_page("link")
    page.get_by_role("button", name="Link crimes").click()
    page.wait_for_url(f"**{_crime_url(first)}**")
    for number in (first, second):
        _allocate(bilal, number)
    page.goto(_crime_url(second))
    bilal.check_page("crime")
    _name_suspect(bilal, second)
    _give_exhibit_reference(bilal, second)
    _record_charge(bilal, second)
    page.goto(f"{_crime_url(second)}case-file")
    page.get_by_label(re.compile(first)).check()
    bilal.check_page("build")
    page.get_by_role("button", name="Build case file").click()
    page.wait_for_url("**/desk/case-files/**")
    urn = page.url.split("?")[0].rstrip("/").rsplit("/", 1)[1]
    send = page.get_by_role("button", name="Send to prosecutor")
    send.wait_for(timeout=120_000)  # the page reloads when it's built
    bilal.check_page("case-file")
    assert "NewCase.xml is in the package" in page.inner_text("main"), page.inner_text("main")
    send.click()
    page.get_by_text(re.compile("Sent to")).first.wait_for()
    bilal.check_page("case-file-sent")
    return urn


def _allocate(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_crime_url(number)}allocate")
    choice = page.locator("main select").first
    choice.select_option(
        label=next(text for text in choice.locator("option").all_inner_texts() if "Bilal" in text)
    )
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**{_crime_url(number)}**")


def _name_suspect(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_crime_url(number)}suspect")
    page.get_by_label("First names").fill(SUSPECT[0])
    page.get_by_label("Last name").fill(SUSPECT[1])
    _enter_date(bilal, "born_on", "2", "9", "1991")
    page.get_by_label("Gender").select_option(label="Male")
    page.locator("[name=address]").fill("3 Rye Lane, London")
    page.get_by_label("Postcode").fill("SE15 5BS")
    page.get_by_label("Why do you suspect this person?").fill(
        "Named by an eyewitness who knows him by sight."
    )
    page.get_by_label("Fact", exact=True).check()
    bilal.check_page("suspect")
    page.get_by_role("button", name="Name suspect").click()
    page.wait_for_url(f"**{_crime_url(number)}**")


def _give_exhibit_reference(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(_crime_url(number))
    href = page.locator("main a[href*='/exhibit']").first.get_attribute("href")
    page.goto(href or "")
    page.get_by_label("What is it?").fill("Photograph of the broken wing mirror")
    page.get_by_label("Who produced it?").fill("Ada Bello")
    bilal.check_page("exhibit")
    page.get_by_role("button", name="Give reference").click()
    page.wait_for_url(f"**{_crime_url(number)}**")
    assert "AB/1" in page.inner_text("main")


def _record_charge(bilal: Visitor, number: str) -> None:
    page = bilal.page
    page.goto(f"{_crime_url(number)}charge")
    page.get_by_label(re.compile(SUSPECT[1])).check()
    picker = page.locator("#offence_code")
    if not picker.input_value():
        picker.fill("crim dam veh")
        page.get_by_role("option").first.click()
    wording = page.get_by_label("Wording of the charge")
    if not wording.input_value():
        wording.fill(
            "Without lawful excuse, damaged a wing mirror worth £420 belonging to another."
        )
    _enter_date(bilal, "charged_on", "20", "11", "2026")
    _enter_date(bilal, "arrested_on", "20", "11", "2026")
    court = page.get_by_label("Court of the first hearing")
    label = next(text for text in court.locator("option").all_inner_texts() if "Camberwell" in text)
    court.select_option(label=label)
    _enter_date(bilal, "hearing_on", "18", "12", "2026")
    page.get_by_label("Time of the first hearing").fill("10am")
    bilal.check_page("charge")
    page.get_by_role("button", name="Record charge").click()
    page.wait_for_url(f"**{_crime_url(number)}**")


def _enter_date(visitor: Visitor, name: str, day: str, month: str, year: str) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        visitor.page.locator(f"[name={name}_{part}]").fill(value)


def _crime_url(number: str) -> str:
    return f"/desk/crimes/{number.replace('/', '-')}/"
