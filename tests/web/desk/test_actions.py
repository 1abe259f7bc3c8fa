"""The desk asks an officer something about a crime, and reads the answer."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.investigations.models import Action
from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import london_date, now
from tests.cast import account, browser
from tests.direct_writes import direct_writes
from tests.web.desk.scenes import slug

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(crime: tuple[str, UUID]) -> str:
    return f"/desk/crimes/{slug(crime[0])}/"


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def question(**changes: str) -> dict[str, str]:
    due_on = london_date(now()) + timedelta(days=2)
    asked = {
        "text": "Was the window open?",
        "officer": str(account(cast.ADA).id),
        "due_on": due_on.isoformat(),
    }
    return {**asked, **changes}


def test_it_works(ada_desk: Client, here: str) -> None:
    joy = browser(cast.JOY)
    assert "Ask an officer" in page_of(joy, here)
    form = page_of(joy, f"{here}ask")
    assert "Who are you asking?" in form
    asked = joy.post(f"{here}ask", question())
    assert asked["location"].endswith("?done=asked")
    action = Action.objects.get()
    page = page_of(joy, asked["location"])
    assert "Was the window open?" in page
    assert "you’ll see the answer here" in page
    assert "Was the window open?" in page_of(ada_desk, "/desk/actions/")
    assert "Asked of you" in page_of(ada_desk, "/desk/")
    one = f"{here}actions/{action.id}/"
    assert "Save answer" in page_of(ada_desk, one)
    assert ada_desk.post(one, {"text": " "}).status_code == 422
    answered = ada_desk.post(one, {"text": "Yes, on the ground floor."})
    assert answered["location"].endswith("?done=answered")
    again = ada_desk.post(one, {"text": "No."})
    assert "Somebody has answered this already" in again.content.decode()
    for address in (here, "/desk/actions/?show=asked", one):
        text = page_of(joy, address)
        assert "Yes, on the ground floor." in text, address
        assert "Answered" in text
    assert "Nobody is asking you anything." in page_of(ada_desk, "/desk/actions/")


def test_a_late_one_says_so(ada_desk: Client, here: str) -> None:
    joy = browser(cast.JOY)
    joy.post(f"{here}ask", question())
    with direct_writes():
        Action.objects.update(due_on=london_date(now()) - timedelta(days=1))
    for client, address in ((ada_desk, "/desk/actions/"), (joy, here), (ada_desk, "/desk/")):
        assert "Late: " in page_of(client, address)
    assert "1 late" in page_of(joy, "/desk/actions/?show=asked")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("text", " ", "Enter what you want to know, or what needs to be done"),
        ("officer", "", "Select an officer"),
        ("officer", "019a0000-0000-7000-8000-000000000000", "Select an officer of your force"),
        ("due_on", "2020-01-01", "Date must be today or in the future"),
        ("due_on", "2026-02-31", "Date must be a real date"),
    ],
)
def test_what_is_wrong_is_said(here: str, field: str, value: str, message: str) -> None:
    answer = browser(cast.JOY).post(f"{here}ask", question(**{field: value}))
    assert message in answer.content.decode()
    assert not Action.objects.exists()


def test_another_force_finds_nothing(here: str) -> None:
    joy, femi = browser(cast.JOY), browser(cast.FEMI)
    joy.post(f"{here}ask", question())
    action = Action.objects.get()
    assert femi.get(f"{here}ask").status_code == 404
    assert femi.get(f"{here}actions/{action.id}/").status_code == 404
    assert "Was the window open?" not in page_of(femi, "/desk/actions/")
