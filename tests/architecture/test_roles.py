"""Every role at every address: nobody gets an error page of the machine's, and no door lets the
wrong people in.
"""

import re

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.architecture.urls import every_address
from tests.cast import browser

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-7000-8000-000000000000"
PLACES = sorted({place for place, _ in every_address() if not place.startswith("^")})
ROLES = {player.username: player for player in cast.STAFF}
POLICE = [name for name, player in ROLES.items() if player.organisation == "police"]


def _address(place: str) -> str:
    """Return an address with something harmless, and not on record, for each of its parts."""
    return "/" + re.sub(
        r"<(\w+:)?\w+>|\{\w+\}", lambda part: NOBODY if part[1] == "uuid:" else "nothing", place
    )


def _client(name: str) -> Client:
    options = {"raise_request_exception": False}
    return browser(ROLES[name], **options) if name else Client(**options)


@pytest.mark.parametrize("name", ["", *ROLES])
def test_it_works(name: str, reference: None) -> None:
    client = _client(name)
    for place in PLACES:
        for method in (client.get, client.post):
            answer = method(_address(place))
            # 503 is an honest answer where a part of the machine is not there in a test: the app's
            # build, the stand-in
            assert answer.status_code < 500 or answer.status_code == 503, (
                f"{place}: {answer.status_code} to {name}"
            )


def test_the_signed_out_are_asked_to_sign_in(reference: None) -> None:
    client = _client("")
    for place in PLACES:
        if place.startswith(("desk/", "partner/")):
            answer = client.get(_address(place))
            assert answer.status_code in {302, 405}, place
            assert answer.status_code == 405 or answer["location"].startswith("/sign-in/"), place


@pytest.mark.parametrize("name", POLICE)
def test_police_find_nothing_at_the_partners_door(name: str, reference: None) -> None:
    client = _client(name)
    assert {
        client.get(_address(place)).status_code for place in PLACES if place.startswith("partner/")
    } <= {
        404,
        405,
    }


def test_prosecutors_find_nothing_at_the_desk(reference: None) -> None:
    client = _client("hana")
    assert {
        client.get(_address(place)).status_code for place in PLACES if place.startswith("desk/")
    } <= {
        404,
        405,
    }
