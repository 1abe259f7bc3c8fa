"""The desk's home page says what each role can do here."""

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.cast import browser

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    page = browser(cast.JOY).get("/desk/").content.decode()
    assert "Reports to decide" in page


def test_an_administrator_finds_their_work() -> None:
    page = browser(cast.MARA).get("/desk/")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'href="/desk/accounts/"' in text
    assert 'href="/desk/devices/"' in text
    assert "nothing here for your role" not in text
