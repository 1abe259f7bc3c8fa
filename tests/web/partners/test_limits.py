"""How many reports one address may send to the API within an hour."""

import json

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report
from bluelamp.web.partners import reporting
from tests.web.partners.test_reports_api import report_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MAX_REPORTS_PER_HOUR", 2)


def sent_from(address: str) -> int:
    answer = Client().post(
        "/api/v1/reports",
        json.dumps(report_data()),
        content_type="application/json",
        REMOTE_ADDR=address,
    )
    return answer.status_code


def test_it_works() -> None:
    assert [sent_from("203.0.113.7") for _ in range(3)] == [201, 201, 429]
    assert sent_from("203.0.113.8") == 201
    assert Report.objects.count() == 3


def test_addresses_of_one_network_count_together() -> None:
    assert [sent_from(f"2001:db8:0:1::{number}") for number in range(3)] == [201, 201, 429]
    assert sent_from("2001:db8:0:2::1") == 201


def test_this_machine_has_no_limit() -> None:
    assert [
        sent_from(address) for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.0.1")
    ] == [201] * 4
