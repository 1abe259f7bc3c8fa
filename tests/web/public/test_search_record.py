"""The public page of a search's record."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.lookups.copies import _SHOWN_FACTS
from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import built_in_files
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


def test_it_is_in_welsh_too(ada: Actor) -> None:
    """The link in a message says nothing of a search, in either language."""
    record(ada, days_ago=1)
    for path in ("/copy/", "/stop-search/"):
        english = Client().get(f"{path}{SECRET}/").content.decode()
        assert f'href="/cy{path}{SECRET}/"' in english
        welsh = Client().get(f"/cy{path}{SECRET}/").content.decode()
        assert '<html lang="cy"' in welsh
        assert f'href="{path}{SECRET}/"' in welsh
        for shown in ("Cofnod o’ch stopio a chwilio", "Cyffuriau rheoledig", "Gwyn: Prydeinig"):
            assert shown in welsh, shown
        for hidden in ("Controlled drugs", "Self-defined", "Outcome", "Vexley"):
            assert hidden not in welsh, hidden


def test_every_answer_on_the_receipt_has_welsh() -> None:
    for name in ("stop-search", "stop-account"):
        question_set = built_in_files()[name].question_set
        welsh = question_set.translations["cy"]
        shown = [q for q in question_set.questions if q.becomes in _SHOWN_FACTS]
        sentences = [q.short or q.label for q in shown]
        sentences += [choice.label for q in shown for choice in q.choices or ()]
        assert len(sentences) > 10
        assert [one for one in sentences if one not in welsh] == []


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
