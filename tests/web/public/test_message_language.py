"""People choose the language of our messages on their own pages; the address sets it at first."""

from typing import Any

import pytest
from django.test import Client

from bluelamp.foundation.payments.models import Payment
from bluelamp.services.firearms.models import Application
from tests.web.public.test_firearms import apply_and_open, question_sets

pytestmark = pytest.mark.django_db
__all__ = ["question_sets"]


@pytest.fixture
def applicant(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of somebody who applied in Welsh, with an open session."""
    return apply_and_open(client, monkeypatch, prefix="/cy")


def test_it_works(applicant: Client) -> None:
    assert (Application.objects.get().language, Payment.objects.get().language) == ("cy", "cy")
    page = applicant.get("/firearms/my/licences/").text
    assert "We write to you in Welsh." in page
    answer: Any = applicant.post("/firearms/my/language/", {"language": "en"})
    assert answer["location"] == "/firearms/my/licences/#messages"
    assert "We write to you in English." in applicant.get("/firearms/my/licences/").text
    assert (Application.objects.get().language, Payment.objects.get().language) == ("en", "en")


def test_only_in_an_open_session(applicant: Client) -> None:
    for path, start in (
        ("/firearms/my/language/", "/firearms/my/"),
        ("/requests/track/language/", "/requests/track/"),
    ):
        assert Client().post(path, {"language": "en"})["location"].startswith(start)
    assert Application.objects.get().language == "cy"
