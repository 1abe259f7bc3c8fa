"""The desk's home page says what each role can do here."""

from datetime import datetime

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.cast import browser
from tests.services.firearms import licensing
from tests.services.requests.making import SUBJECT_ACCESS, make

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


def test_the_licensing_team_finds_its_work() -> None:
    """The manager decides; the enquiry officer takes on, works, and answers nothing else."""
    licensing.give_authority()
    first, second = licensing.receive(), licensing.receive()
    licensing.check(first)
    licensing.recommend(first)
    page = browser(cast.NELL).get("/desk/").content.decode()
    assert "Applications to decide" in page
    assert first in page
    assert second not in page
    page = browser(cast.IKE).get("/desk/").content.decode()
    assert page.index("Applications to take on") < page.index(second)
    assert "Applications to decide" not in page


def test_an_information_officer_finds_requests(at: datetime) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    page = browser(cast.DEV).get("/desk/").content.decode()
    assert "Requests to answer" in page
    assert request.reference in page
