"""What is asked of an officer: a supervisor returns a search, the desk asks about a crime, and Ada
does both on her phone without signal.
"""

from typing import Any

from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, Visitor
from tests.journeys.officer_phone import SCENE, Phone
from tests.journeys.test_officer_search import _CHOICES, GROUNDS, _check_small, _choose


def _search(phone: Phone) -> str:
    """Record a stop and search, and return its reference."""
    phone.find("stop-and-search").click()
    phone.fill(place_address="Outside 12 Acorn Parade, Peckham")
    _choose(phone, _CHOICES[0])
    phone.fill(grounds=GROUNDS)
    for choice in _CHOICES[1:]:
        _choose(phone, choice)
    phone.find("keep-search").click()
    reference: str = phone.find("reference").inner_text().strip()
    return reference


def _tasks(phone: Phone, kind: str) -> Any:
    """Find the tasks of a kind on the page that is open now: `reopen` makes another."""
    return phone.page.locator(f"[data-testid=task][data-kind={kind}]")


def test_it_works(bluelamp: Instance, browser: Browser, phone: Phone) -> None:
    reference = _search(phone)
    number = phone.record_crime(offence="criminal damage vehicle", **SCENE)
    phone.wait_until_all_sent()

    # Her supervisor gives the search back, and the crime desk asks about the crime.
    kemi = Visitor.open(browser, bluelamp.origin, "kemi", DESKTOP)
    kemi.sign_in("kemi")
    kemi.page.goto(f"{bluelamp.origin}/desk/encounters/{reference}/")
    kemi.page.get_by_text("Return to the officer").click()
    kemi.page.locator("[name=reason]").fill("You found a wrap on him. What was the outcome?")
    kemi.page.locator("[name=due_on]").fill("2099-12-04")
    kemi.page.get_by_role("button", name="Return it").click()
    expect(kemi.page.get_by_text("to be corrected by 4 December 2099")).to_be_visible()
    joy = Visitor.open(browser, bluelamp.origin, "joy", DESKTOP)
    joy.sign_in("joy")
    crime_page = f"{bluelamp.origin}/desk/crimes/{number.replace('/', '-')}/"
    joy.page.goto(f"{crime_page}ask")
    joy.page.locator("[name=text]").fill("Was the window open?")
    joy.check_page("joy-asks")
    joy.page.get_by_role("button", name="Ask", exact=True).click()
    expect(joy.page.locator("#actions").first).to_be_visible()

    # Ada's phone learns of both, and she does them without signal.
    phone.reopen()
    expect(phone.find("task").first).to_be_visible(timeout=30_000)
    phone.page.goto("/officer/#/tasks")
    expect(_tasks(phone, "record-returned")).to_contain_text("What was the outcome?")
    expect(_tasks(phone, "record-returned")).to_contain_text("Due Friday 4 December 2099")
    expect(_tasks(phone, "question")).to_contain_text("Was the window open?")
    needs = _tasks(phone, "victim-contact").filter(has_text="Needs assessed, and support offered")
    expect(needs.filter(has_text=number)).to_be_visible()
    phone.visitor.check_page("tasks")
    _check_small(phone, "tasks")
    phone.go_offline()
    _tasks(phone, "record-returned").click()
    expect(phone.find("what-is-asked")).to_contain_text("You found a wrap on him.")
    expect(phone.find("grounds")).to_have_value(GROUNDS)
    phone.find("keep-search").click()
    expect(phone.find("error-summary")).to_contain_text("Enter what you changed and why")
    phone.fill(_reason="I tapped the wrong outcome.")
    phone.find("outcome-arrest").check()
    phone.find("is_linked-yes").check()
    phone.visitor.check_page("correct-search")
    _check_small(phone, "correct-search")
    phone.find("keep-search").click()
    expect(phone.find("said")).to_contain_text("send it back to")
    phone.page.goto("/officer/#/tasks")
    expect(_tasks(phone, "record-returned")).to_have_count(0)
    _tasks(phone, "question").click()
    phone.find("keep-task").click()
    expect(phone.find("error-summary")).to_contain_text("Enter your answer")
    phone.fill(answer="Yes, on the ground floor.")
    phone.reopen()
    phone.find("draft").click()
    expect(phone.find("answer")).to_have_value("Yes, on the ground floor.")
    phone.visitor.check_page("answer")
    _check_small(phone, "answer")
    phone.find("keep-task").click()
    # What is due to the victim, on the screen of the crime.
    phone.find("nav-home").click()
    phone.page.locator(f'[data-testid=crime][data-number="{number}"]').click()
    expect(phone.find("tasks")).to_contain_text("Needs assessed, and support offered")
    phone.visitor.check_page("crime-with-tasks")
    _check_small(phone, "crime-with-tasks")
    expect(_tasks(phone, "question")).to_have_count(0)
    _tasks(phone, "victim-contact").filter(has_text="Needs assessed").click()
    phone.find("keep-task").click()
    expect(phone.find("error-summary")).to_contain_text("Select how you contacted them")
    phone.find("way-in-person").check()
    phone.visitor.check_page("contact")
    _check_small(phone, "contact")
    phone.find("keep-task").click()
    expect(phone.find("said")).to_contain_text("It goes on the record of the crime.")
    assert sorted(phone.read_queue(3).values()) == ["encounter", "task", "task"]

    # With signal, both are there, and the desk says so.
    phone.go_online()
    phone.wait_until_all_sent()
    kemi.page.goto(f"{bluelamp.origin}/desk/encounters/")
    expect(kemi.page.get_by_text("Corrected after return").first).to_be_visible()
    kemi.page.goto(f"{bluelamp.origin}/desk/encounters/{reference}/")
    kemi.page.get_by_text("This was corrected.").locator("a").click()
    expect(kemi.page.get_by_text("I tapped the wrong outcome.")).to_be_visible()
    joy.page.goto(f"{bluelamp.origin}/desk/actions/?show=asked")
    expect(joy.page.get_by_text("Yes, on the ground floor.")).to_be_visible()
    joy.check_page("joy-reads-the-answer")
    joy.page.goto(crime_page)
    expect(joy.page.get_by_text("Yes, on the ground floor.").first).to_be_visible()
    joy.check_page("crime-with-an-answer")
    joy.page.goto(f"{crime_page}victims")
    expect(joy.page.get_by_text("Done ").first).to_be_visible()
    joy.check_page("victims-of-a-crime")
    kemi.close()
    joy.close()
