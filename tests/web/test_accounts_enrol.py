"""Setting up a passkey with a one-time link, and signing in with it, as a browser does."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import create_enrolment_link
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import INSTALLER, account
from tests.foundation.accounts.browser_passkey import BrowserPasskey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def localhost(settings: Settings) -> None:
    settings.BLUELAMP_ORIGIN = "http://localhost"
    settings.BLUELAMP_DEMO = False


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def link() -> str:
    """Return Bilal's enrolment link."""
    account(cast.BILAL)
    new = create_enrolment_link(actor=INSTALLER, at=now(), user_ref="bilal")
    return f"/sign-in/enrol/{new.token}/"


def enrol(client: Client, link: str) -> tuple[BrowserPasskey, str]:
    """Set up a passkey, and return it with the page that follows."""
    passkey = BrowserPasskey()
    options = client.post(f"{link}options/").json()
    answer = client.post(link, {"credential": passkey.create(options), "name": "Work laptop"})
    return passkey, answer.content.decode()


def test_it_works(client: Client, link: str) -> None:
    assert "Create a passkey" in client.get(link).content.decode()
    passkey, page = enrol(client, link)
    assert len(set(re.findall(r">([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})<", page))) == 10
    assert client.get("/desk/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/desk/").status_code == 302
    options = client.post("/sign-in/options/").json()
    answer = client.post("/sign-in/", {"credential": passkey.get(options), "next": "/desk/crimes/"})
    assert answer["location"] == "/desk/crimes/"
    assert client.get("/desk/").status_code == 200
    assert AccountSession.objects.filter(method="passkey").count() == 1
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"account.enrolment_link_used", "account.passkey_enrolled"} <= acts


def test_a_link_works_once(client: Client, link: str) -> None:
    enrol(client, link)
    other = Client(SERVER_NAME="localhost")
    page = other.get(link)
    assert (page.status_code, "does not work any more" in page.content.decode()) == (404, True)
    assert other.post(f"{link}options/").status_code == 404
    assert other.post(link, {"credential": "{}"}).status_code == 404


def test_a_wrong_answer_does_not_use_the_link_up(client: Client, link: str) -> None:
    assert client.post(link, {"credential": "{}"}).status_code == 422
    client.post(f"{link}options/")
    assert client.post(link, {"credential": "nonsense"}).status_code == 422
    enrol(client, link)
    assert client.get("/desk/").status_code == 200


def test_an_answer_cannot_be_sent_twice(client: Client, link: str) -> None:
    passkey, _ = enrol(client, link)
    client.post("/sign-out/")
    options = client.post("/sign-in/options/").json()
    credential = passkey.get(options)
    assert client.post("/sign-in/", {"credential": credential}).status_code == 302
    client.post("/sign-out/")
    answer = client.post("/sign-in/", {"credential": credential})
    assert answer.status_code == 422
    assert "We could not sign you in with this passkey" in answer.content.decode()


def test_it_says_where_passkeys_work(link: str, settings: Settings) -> None:
    settings.BLUELAMP_ORIGIN = "http://127.0.0.1:8000"
    client = Client(headers={"host": "127.0.0.1:8000"})
    for url in ("/sign-in/", link):
        page = client.get(url).content.decode()
        assert "Passkeys do not work at this address" in page
        assert f'href="http://localhost:8000{url}"' in page
        assert "data-passkey=" not in page
    settings.BLUELAMP_ORIGIN = "https://203.0.113.9"
    settings.ALLOWED_HOSTS = ["203.0.113.9"]
    client = Client(SERVER_NAME="203.0.113.9")
    assert "the number 203.0.113.9" in client.get("/sign-in/").content.decode()
