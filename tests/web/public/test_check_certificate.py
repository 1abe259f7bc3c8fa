"""The public check of a certificate tells valid from not valid, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.services.firearms.models import Certificate
from bluelamp.web.public.firearms.check import MAX_CHECKS_AN_HOUR
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import give_authority, grant

pytestmark = pytest.mark.django_db
STRANGER = "192.0.2.77"


@pytest.fixture
def codes(reference: None) -> dict[str, str]:
    """The code of a certificate in force, of one that has ended, and of none."""
    give_authority()
    first, second = grant(at=now() - timedelta(days=30))[1]
    certificates = {row.number: row for row in Certificate.objects.all()}
    with direct_writes():
        ended = Certificate.objects.filter(number=second)
        ended.update(state="surrendered", ended_on=london_date(now()))
    valid = certificates[first].public_code
    return {
        "valid": valid,
        "ended": certificates[second].public_code,
        "unknown": valid[::-1],
        "odd": "\u202e" + "x" * 300,
    }


def look(client: Client, code: str) -> str:
    """Return the page without the time of day that stands on it."""
    page = client.get(f"/firearms/check/{code}/")
    assert page.status_code == 200
    assert page["cache-control"] == "no-store"
    assert page["referrer-policy"] == "no-referrer"
    return re.sub(
        r"\d{1,2}:\d\d[ap]m|datetime=\"[^\"]*\"|/firearms/check/[^\"]*", "", page.content.decode()
    )


def test_it_works(client: Client, codes: dict[str, str]) -> None:
    pages = {name: look(client, code) for name, code in codes.items()}
    assert pages["ended"] == pages["unknown"] == pages["odd"]
    assert pages["valid"] != pages["ended"]
    assert "Grace" not in pages["valid"]


def test_each_answer_takes_the_same_work(client: Client, codes: dict[str, str]) -> None:
    """By what the database is asked, which the time of an answer comes from."""
    shapes = {}
    for name, code in codes.items():
        look(client, code)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(client, code)
        shapes[name] = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:40] for query in queries]
    assert shapes["ended"] == shapes["unknown"] == shapes["valid"] == shapes["odd"]


def test_nobody_tries_codes_all_day(codes: dict[str, str]) -> None:
    stranger = Client(REMOTE_ADDR=STRANGER)
    for number in range(MAX_CHECKS_AN_HOUR):
        assert stranger.get(f"/firearms/check/{number}/").status_code == 200
    assert stranger.get(f"/firearms/check/{codes['valid']}/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.78").get("/firearms/check/1/").status_code == 200
