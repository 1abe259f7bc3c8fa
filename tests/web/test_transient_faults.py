"""A full disk or a database that is away: 503 with Retry-After, and nothing is half saved."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.store import current_store
from tests.web.partners.test_reports_api import report_data
from tests.web.public.conftest import answer_all, photo, visitor

__all__ = ["visitor"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reserve more disk space than there is."""
    monkeypatch.setattr("bluelamp.foundation.kernel.transient.RESERVED_BYTES", 2**62)


def _staged() -> list[Path]:
    return list(current_store().incoming_folder.glob("staged-*"))


def _browser() -> Client:
    return Client(raise_request_exception=False)


def test_a_report_by_program_is_not_half_taken(full_disk: None) -> None:
    form = {"report": json.dumps(report_data()), "files": [photo()]}
    answer = _browser().post("/api/v1/reports", form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer.json()["detail"].startswith("We cannot save anything at the moment")
    assert not Report.objects.exists()
    assert not Item.objects.exists()
    assert not _staged()


def test_the_public_form_says_so_and_keeps_what_was_answered(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(visitor)
    visitor.raise_request_exception = False
    with monkeypatch.context() as full:
        full.setattr("bluelamp.foundation.kernel.transient.RESERVED_BYTES", 2**62)
        refused = visitor.post("/report/files/", {"files": [photo()]}, follow=True)
    # The public stops before the disk is full, and is told how to go on without the file.
    assert refused.redirect_chain == [("/report/files/?error=1", 302)]
    assert "You can still send your report without files" in refused.content.decode()
    assert ReportDraft.objects.get().answers["narrative"]
    assert visitor.post("/report/files/", {"files": [photo()]}).status_code == 302
    assert Item.objects.count() == 1


def test_a_database_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
        cursor.execute("SET LOCAL lock_timeout = '1ms'")

        def slow(*_: object, **__: object) -> None:
            cursor.execute("SELECT pg_sleep(1)")

        monkeypatch.setattr("bluelamp.casework.reports.commands.receiving.create_report", slow)
        answer = _browser().post("/api/v1/reports", {"report": json.dumps(report_data())})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_it_is_not_ready_without_room(full_disk: None) -> None:
    (settings.BLUELAMP_VAR / "incoming").mkdir(parents=True, exist_ok=True)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["store"]) == (503, False)


def test_it_is_ready_with_room() -> None:
    assert Client().get("/readyz").status_code == 200
