"""Staff pages on a host name of their own, where a force gives them one."""

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.cli.fitness import addresses
from bluelamp.demo import cast
from bluelamp.foundation.accounts.mfa_adapter import passkey_host
from tests.cast import browser

pytestmark = pytest.mark.django_db
PUBLIC, STAFF = "report.police.example", "desk.police.example"


@pytest.fixture(autouse=True)
def two_hosts(settings: Settings) -> None:
    settings.BLUELAMP_ORIGIN = f"http://{PUBLIC}"
    settings.BLUELAMP_STAFF_ORIGIN = f"http://{STAFF}"
    settings.ALLOWED_HOSTS = [PUBLIC, STAFF]


def test_it_works() -> None:
    at_public, at_staff = Client(headers={"host": PUBLIC}), Client(headers={"host": STAFF})
    assert at_public.get("/track/").status_code == 200
    assert at_staff.get("/sign-in/").status_code == 200
    assert passkey_host() == STAFF
    for path in ("/desk/reports/?q=a", "/officer/", "/partner/", "/sign-in/", "/account/"):
        answer = at_public.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"http://{STAFF}{path}")
    for path in ("/track/", "/report/start/"):
        answer = at_staff.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"http://{PUBLIC}{path}")
    assert at_staff.get("/")["Location"] == "/desk/"


def test_what_is_sent_to_the_wrong_host_is_refused() -> None:
    at_public, at_staff = Client(headers={"host": PUBLIC}), Client(headers={"host": STAFF})
    assert at_public.post("/sign-in/", {"user_name": "ada", "password": "x"}).status_code == 404
    assert at_public.get("/api/officer/v1/openapi.json").status_code == 404
    assert at_public.get("/api/v1/case-files").status_code == 404
    assert at_staff.post("/track/", {"reference": "x"}).status_code == 404
    assert at_staff.post("/api/v1/reports", {}).status_code == 404


def test_a_session_of_staff_is_nothing_at_the_public_host() -> None:
    ada = browser(cast.ADA, headers={"host": STAFF})
    assert ada.get("/desk/").status_code == 200
    for name, morsel in ada.cookies.items():
        assert not morsel["domain"], f"{name} would go to the other host too"


def test_both_have_what_has_nobodys_data() -> None:
    for host in (PUBLIC, STAFF):
        client = Client(headers={"host": host})
        assert client.get("/healthz").status_code == 200
        assert client.get("/keys/").status_code == 200


def test_one_host_has_everything_as_before(settings: Settings) -> None:
    settings.BLUELAMP_STAFF_ORIGIN = ""
    client = Client(headers={"host": PUBLIC})
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/track/").status_code == 200
    assert passkey_host() == PUBLIC


def test_check_wants_both_names(settings: Settings) -> None:
    assert addresses.check_hosts() == ""
    settings.ALLOWED_HOSTS = [PUBLIC]
    assert STAFF in addresses.check_hosts()
