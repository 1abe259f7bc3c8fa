"""The public page of a search's record."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from tests.casework.encounters.scenes import NAMED, SHA256, make_capture
from tests.cast import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SECRET = "fedcba9876543210" * 2


def record(ada: Actor, *, days_ago: int) -> None:
    at = now() - timedelta(days=days_ago)
    capture = make_capture(NAMED, copy_secret=SECRET, device_at=at)
    record_at_scene(actor=ada, at=at, capture=capture, sha256=SHA256)


def test_it_works(ada: Actor) -> None:
    record(ada, days_ago=1)
    answer = Client().get(f"/stop-search/{SECRET}/")
    assert answer.status_code == 200
    text = re.sub(r"\s+", " ", answer.content.decode())
    for shown in ("Record of your stop and search", "Controlled drugs", "Ada Bello"):
        assert shown in text, shown
    assert "any police station of Metropolitan Police Service until" in text
    for hidden in ("Vexley", "Sunil", "BWV-2291"):
        assert hidden not in text, hidden
    assert "noindex" in answer.get("X-Robots-Tag", "") + text
    assert "no-store" in answer["Cache-Control"]


def test_an_officer_who_is_signed_in_may_show_it(ada: Actor) -> None:
    record(ada, days_ago=1)
    answer = browser(cast.ADA).get(f"/stop-search/{SECRET}/")
    assert "Controlled drugs" in answer.content.decode()


def test_after_three_months_it_says_what_to_do(ada: Actor) -> None:
    record(ada, days_ago=100)
    answer = Client().get(f"/stop-search/{SECRET}/")
    assert answer.status_code == 404
    assert "more than 3 months ago" in answer.content.decode()
    assert "Controlled drugs" not in answer.content.decode()


@pytest.mark.parametrize("secret", ["x", "0" * 32, "%F0%9F%94%A6", "..", "a" * 3000])
def test_a_link_that_is_none_says_what_to_do(db: None, secret: str) -> None:
    assert Client().get(f"/stop-search/{secret}/").status_code == 404


def test_nothing_can_be_sent_to_it(ada: Actor) -> None:
    record(ada, days_ago=1)
    assert Client().post(f"/stop-search/{SECRET}/").status_code == 405
