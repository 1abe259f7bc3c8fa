"""What assistive technology is told by the pickers that suggest as people type.

This is the accessibility tree of Chromium, not a screen reader: see
docs/decisions/0006-our-own-combobox.md.
"""

from typing import Any

from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor


def _accessible(visitor: Visitor, selector: str) -> dict[str, Any]:
    """Return an element's role, name, description and states as assistive technology gets them."""
    cdp = visitor.context.new_cdp_session(visitor.page)
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    node = cdp.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    tree = cdp.send("Accessibility.getPartialAXTree", {"nodeId": node, "fetchRelatives": False})
    element = tree["nodes"][0]
    states = {
        state["name"]: state["value"].get("value")
        or [related.get("idref") for related in state["value"].get("relatedNodes", [])]
        for state in element.get("properties", [])
    }
    texts = {part: element.get(part, {}).get("value") for part in ("role", "name", "description")}
    return texts | states


def test_it_works(bluelamp: Instance, browser: Browser) -> None:
    esi = Visitor.open(browser, bluelamp.origin, "esi-combobox", PHONE)
    page = esi.page
    page.goto("/report/where/")
    page.get_by_role("button", name="Continue").click()
    page.locator("#place").click()
    closed = _accessible(esi, "#place")
    assert (closed["role"], closed["name"]) == ("combobox", "Postcode or street")
    assert not closed["expanded"]
    error = page.locator("#place-error").inner_text()
    assert error.removeprefix("Error:").strip() in closed["description"]
    assert "For example, E8 1EA" in closed["description"], "the hint"
    assert "up and down arrow keys" in closed["description"], "how to use the list"

    page.keyboard.type("choumert")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(page.locator(".bl-typeahead [role=status]")).to_contain_text("available")
    assert page.get_by_role("listbox", name="Postcode or street").count() == 1
    page.keyboard.press("ArrowDown")
    opened = _accessible(esi, "#place")
    assert opened["expanded"]
    assert opened["activedescendant"] == [options.first.get_attribute("id")]
    assert opened["controls"] == "place-options"
    assert opened["description"] == closed["description"], "typing does not hide the error"
    expect(options.first).to_have_attribute("aria-selected", "true")
    esi.check_page("combobox-open")

    with page.expect_response("**/reference/places/**"):
        page.locator("#place").fill("choumert")
    expect(options.first).to_be_visible()
    chosen = (options.first.text_content() or "").removesuffix(
        options.first.locator(".bl-typeahead__detail").text_content() or ""
    )
    # Chosen while the last letter still waits to be looked up: that must not open the list again.
    page.keyboard.type("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_value(chosen)
    page.wait_for_timeout(500)
    assert not _accessible(esi, "#place")["expanded"]
    place_map = page.get_by_role("img", name="Map with a pin at Choumert")
    expect(place_map).to_be_visible()
    assert place_map.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    esi.check_page("combobox-map")

    page.locator("#place").fill("zzzzqq")
    expect(place_map).to_have_count(0)
    expect(page.locator(".bl-typeahead [role=status]")).to_contain_text("No results")
    esi.context.close()
