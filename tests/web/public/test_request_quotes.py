"""The pages of a price that staff say: at the desk, and for whoever accepts it or withdraws."""

import re

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications import code_rows
from bluelamp.foundation.payments.models import Payment
from bluelamp.services.requests import commands
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.models import InformationRequest
from tests.cast import INSTALLER, START, browser
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.payments.paying import confirm_fee
from tests.services.requests.making import COLLISION, make

pytestmark = pytest.mark.django_db
MINE = "/requests/track/mine/"


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> str:
    """A request for the data of a collision, which is charged by the page."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")
    confirm_fee("COLLISION_ROUGH_DATA_PAGE", 3520, vat_percent=20)
    return make(now(), "COLLISION_ROUGH_DATA_PAGE", COLLISION).reference


def say_price(reference: str, pages: str) -> str:
    """Say the price at the desk; return where that leads."""
    posted = {"quantity-COLLISION_ROUGH_DATA_PAGE": pages, "quote_note": "Your own car’s data."}
    answer = browser(cast.DEV).post(f"/desk/requests/{reference}/quote", posted)
    return answer["location"] if answer.status_code == 302 else answer.content.decode()


def open_mine(client: Client, reference: str) -> str:
    """Open the request with a code, and return its page."""
    confirm_everybody()
    client.post("/requests/track/", {"reference": reference})
    commands.send_code(actor=system_actor("01"), at=now(), reference=reference)
    client.post("/requests/track/code/", {"code": "012345"})
    return client.get(MINE).content.decode()


def test_it_works(client: Client, reference: str) -> None:
    assert "From £42.24" in client.get("/requests/").content.decode()
    desk = browser(cast.DEV)
    assert reference in desk.get("/desk/requests/?state=awaiting-quote").content.decode()
    page = desk.get(f"/desk/requests/{reference}/").content.decode()
    assert "How many: FCI rough data" in page
    assert say_price(reference, "4").endswith("?done=quoted")
    assert "£168.96" in desk.get(f"/desk/requests/{reference}/").content.decode()
    page = open_mine(client, reference)
    for text in ("4 for £168.96", "£28.16", "Your own car’s data.", "Accept and pay £168.96"):
        assert text in page
    pay = client.post("/requests/track/accept/", {"number": "1"})["location"]
    assert re.fullmatch(r"/pay/[\w-]+/", pay)
    assert "£168.96" in client.get(pay).content.decode()
    assert "Pay £168.96" in client.get(MINE).content.decode()


def test_withdrawn_nobody_pays(client: Client, reference: str) -> None:
    say_price(reference, "4")
    assert "you pay nothing" in open_mine(client, reference)
    assert client.post("/requests/track/withdraw/")["location"] == MINE
    page = client.get(MINE).content.decode()
    assert "You withdrew it" in page
    assert "Accept and pay" not in page
    answer = client.post("/requests/track/accept/", {"number": "1"})
    assert "no price to accept" in client.get(answer["location"]).content.decode()
    assert not Payment.objects.exists()
    assert "Withdrawn" in browser(cast.DEV).get(f"/desk/requests/{reference}/").content.decode()


@pytest.mark.parametrize(
    "pages", ["", "0", "four", "-1", "²", "1000", "9" * 50, "0" * 9 + "9" * 5000]
)
def test_what_is_no_number(reference: str, pages: str) -> None:
    assert "There is a problem" in say_price(reference, pages)
    assert InformationRequest.objects.get().state == "awaiting-quote"


def test_an_old_price_is_shown_again(client: Client, reference: str) -> None:
    say_price(reference, "4")
    open_mine(client, reference)
    say_price(reference, "40")
    answer = client.post("/requests/track/accept/", {"number": "1"})
    page = client.get(answer["location"]).content.decode()
    assert "The price has changed" in page
    assert "Accept and pay £1,689.60" in page


def test_without_a_code_nothing_is_accepted(client: Client, reference: str) -> None:
    say_price(reference, "4")
    for act in ("accept", "withdraw"):
        answer = client.post(f"/requests/track/{act}/", {"number": "1"})
        assert answer["location"] == "/requests/track/"
    assert InformationRequest.objects.get().state == "quoted"
