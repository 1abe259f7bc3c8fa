"""Ada offers the maker of a statement a copy, without signal; it is sent when the statement is."""

from playwright.sync_api import expect

from bench.instance import Instance
from tests.journeys.officer_phone import SCENE, Phone
from tests.prepared_instances import execute_sql, wait_until_prompt_jobs_are_done

NARROW = {"phone": {"width": 360, "height": 640}}
COPIES = "SELECT means, sent_by_name FROM victims_statementcopy"


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    before = execute_sql(bluelamp.var, COPIES)
    phone.go_offline()
    phone.record_crime(offence="damage vehicle", **SCENE)
    phone.find("take-statement").click()
    expect(phone.find("declaration")).to_be_visible()
    # Nobody is offered a copy of what is not signed.
    expect(phone.find("copy-offer")).to_have_count(0)
    phone.page.go_back()
    phone.take_statement()
    offer = phone.find("copy-offer")
    expect(offer).to_contain_text("Yes, by text to 07700 900456")
    phone.find("copy_means-sms").check()
    expect(phone.find("copy_in_welsh")).to_be_visible()
    phone.visitor.check_page("statement-copy", sizes=NARROW)
    # The number that they said is safe is not the one that is there now.
    phone.page.locator("summary", has_text="Address, phone and email").click()
    phone.find("back_phone").fill("020 7946 0000")
    expect(phone.find("no-copy")).to_contain_text("no mobile number")
    phone.visitor.check_page("statement-no-copy", sizes=NARROW)
    phone.find("back_phone").fill(SCENE["phone"])
    expect(phone.find("copy_means-sms")).not_to_be_checked()
    phone.find("copy_means-sms").check()
    phone.find("keep-statement").click()
    expect(phone.find("crime-number")).to_be_visible()
    phone.go_online()
    phone.wait_until_all_sent()
    wait_until_prompt_jobs_are_done(bluelamp.var)
    new = execute_sql(bluelamp.var, COPIES)[len(before) :]
    assert [means for means, _ in new] == ["sms"]
    assert "Ada Bello" in new[0][1]
