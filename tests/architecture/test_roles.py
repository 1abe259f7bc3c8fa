"""Every role at every route: no page fails, and no front end lets the wrong people in."""

import re

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.architecture.routes import all_routes
from tests.cast import browser

pytestmark = pytest.mark.django_db
UNUSED_ID = "00000000-0000-7000-8000-000000000000"
ROUTES = sorted({route for route, _ in all_routes() if not route.startswith("^")})
ROLES = {player.username: player for player in cast.STAFF}
POLICE = [name for name, player in ROLES.items() if not player.organisation]


def _url(route: str) -> str:
    """Return a URL for a route, with values for its parts that are well formed and unused."""
    return "/" + re.sub(
        r"<(\w+:)?\w+>|\{\w+\}",
        lambda part: {"uuid:": UNUSED_ID, "int:": "1"}.get(part[1], "nothing"),
        route,
    )


def _client(name: str) -> Client:
    options = {"raise_request_exception": False}
    return browser(ROLES[name], **options) if name else Client(**options)


@pytest.mark.parametrize("name", ["", *ROLES])
def test_it_works(name: str, reference: None) -> None:
    client = _client(name)
    for route in ROUTES:
        for method in (client.get, client.post):
            answer = method(_url(route))
            if answer.streaming:
                answer.getvalue()  # which closes the file that is sent
            # 503 is right where a test has no such part: the officer app's build, the stand-in.
            assert answer.status_code < 500 or answer.status_code == 503, (
                f"{route}: {answer.status_code} to {name}"
            )


def test_the_signed_out_are_asked_to_sign_in(reference: None) -> None:
    client = _client("")
    for route in ROUTES:
        if route.startswith(("desk/", "partner/")):
            answer = client.get(_url(route))
            assert answer.status_code in {302, 405}, route
            assert answer.status_code == 405 or answer["location"].startswith("/sign-in/"), route


@pytest.mark.parametrize("name", POLICE)
def test_police_get_404_in_the_partners_front_end(name: str, reference: None) -> None:
    client = _client(name)
    assert {
        client.get(_url(route)).status_code for route in ROUTES if route.startswith("partner/")
    } <= {
        404,
        405,
    }


def test_prosecutors_get_404_at_the_desk(reference: None) -> None:
    client = _client("hana")
    assert {
        client.get(_url(route)).status_code for route in ROUTES if route.startswith("desk/")
    } <= {
        404,
        405,
    }
