"""What staff search for is in no address, and the addresses still work."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from bluelamp.demo import cast
from tests.cast import browser

pytestmark = pytest.mark.django_db
NAME = "Zebedee"
PAGES = [
    (cast.JOY, "/desk/search/", "q"),
    (cast.JOY, "/desk/crimes/", "q"),
    (cast.JOY, "/desk/reports/", "q"),
    (cast.MARA, "/desk/devices/", "q"),
    (cast.MARA, "/desk/accounts/", "q"),
    (cast.CLEO, "/desk/case-files/", "q"),
    (cast.IKE, "/desk/firearms/", "q"),
    (cast.IKE, "/desk/payments/", "q"),
    (cast.LENA, "/desk/audit/", "q"),
    (cast.LENA, "/desk/audit/", "person"),
    (cast.HANA, "/partner/", "q"),
]


def post(client: Client, url: str, fields: dict[str, str]) -> HttpResponse:
    """Post a search form as a browser does."""
    form = "application/x-www-form-urlencoded"
    return client.post(url + "?search", urlencode(fields), content_type=form)


def search(client: Client, url: str, field: str) -> str:
    """Search as the form of a page does, and return the address that it leads to."""
    page = client.get(url).content.decode()
    assert re.search(r'<form[^>]*method="post"[^>]*action="[^"]*\?search"', page), url
    answer = post(client, url, {field: NAME, "order": ""})
    assert answer.status_code == 303
    return answer["location"]


@pytest.mark.parametrize(("player", "url", "field"), PAGES)
def test_it_works(player: cast.Player, url: str, field: str) -> None:
    """No address of the page or in it has the name, and the box still shows it."""
    client = browser(player)
    address = search(client, url, field)
    assert NAME not in address
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'value="{NAME}"' in page
    assert not [href for href in re.findall(r'(?:href|action)="([^"]*)"', page) if NAME in href]


def test_other_fields_stay_readable() -> None:
    answer = post(browser(cast.JOY), "/desk/reports/", {"q": NAME, "state": "all"})
    assert parse_qs(urlsplit(answer["location"]).query)["state"] == ["all"]


def test_a_damaged_address_shows_no_whole_list() -> None:
    assert browser(cast.JOY).get("/desk/crimes/?q=~damaged").status_code == 404


def test_a_form_that_is_no_search_is_left_alone() -> None:
    """A file that is sent in parts of a form is for its view to read."""
    answer = Client(enforce_csrf_checks=True).post("/desk/crimes/?search", {"q": NAME})
    assert answer.status_code == 403
