"""How often an applicant can have us write to referees."""

import pytest
from django.test import Client

from bluelamp.foundation.notifications.models import Message
from bluelamp.services.firearms.commands.referees import MAX_LINKS_A_DAY
from bluelamp.services.firearms.models import Application, Referee
from tests.direct_writes import direct_writes
from tests.web.public.test_firearms import begin, fill_in, open_with_code, question_sets

pytestmark = pytest.mark.django_db
__all__ = ["question_sets"]


@pytest.fixture
def applicant(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of somebody who applied, with an open session."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    begin(client)
    fill_in(client)
    client.post("/firearms/form/check/")
    open_with_code(client, Application.objects.get().reference)
    return client


def open_referee() -> Referee:
    """Return a referee who has not replied."""
    return Referee.objects.filter(replied_at=None, replaced_at=None).order_by("position")[0]


def count_links() -> int:
    """Return how many links were sent."""
    return Message.objects.filter(template="referee-request").count()


def test_it_works(applicant: Client) -> None:
    for number in range(MAX_LINKS_A_DAY * 2):
        email = f"stranger{number % 2}@example.org"
        applicant.post(f"/firearms/my/referee/{open_referee().id}/", {"email": email})
    assert count_links() == MAX_LINKS_A_DAY


def test_other_referees_count_as_well(applicant: Client) -> None:
    names = {"given_name": "Ann", "family_name": "Lee", "new_email": "stranger@example.org"}
    for _number in range(MAX_LINKS_A_DAY * 2):
        applicant.post(f"/firearms/my/referee/{open_referee().id}/", {"replace": "1", **names})
    assert count_links() == MAX_LINKS_A_DAY


def test_nobody_is_asked_about_a_decided_application(applicant: Client) -> None:
    with direct_writes():
        Application.objects.update(stage="refused")
    before = count_links()
    url = f"/firearms/my/referee/{open_referee().id}/"
    answer = applicant.post(url, {"email": "new@example.org"})
    assert answer["location"] == "/firearms/my/application/"
    assert count_links() == before
