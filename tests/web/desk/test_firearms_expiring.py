"""The desk's list of certificates that end soon, and its CSV."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.lookups import expiring
from tests.cast import browser
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import nell
from tests.services.firearms.test_vetting import certificate, holder

__all__ = ["holder"]

pytestmark = pytest.mark.django_db
LIST = "/desk/firearms/expiring/"


def test_it_works(holder: Person) -> None:
    today = london_date(now())
    with direct_writes():
        certificate(holder, number="FC-0001", expires_on=today + timedelta(weeks=16))
        certificate(holder, number="FC-0002", expires_on=today + timedelta(weeks=17))
        certificate(holder, number="FC-0003", expires_on=today - timedelta(days=1))
    page = browser(cast.IKE).get(LIST).content.decode()
    assert "FC-0001" in page
    assert "FC-0002" not in page
    assert "Not in force: act now" in page
    answer = browser(cast.IKE).get(f"{LIST}certificates.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("number,kind,holder,expires_on")
    assert [line.split(",")[0] for line in lines[1:]] == ["FC-0003", "FC-0001"]


def test_a_page_has_25_and_the_file_has_all(holder: Person) -> None:
    today = london_date(now())
    with direct_writes():
        for number in range(30):
            certificate(holder, number=f"FC-{number:04}", expires_on=today + timedelta(days=number))
    first, second = (
        browser(cast.IKE).get(f"{LIST}?page={page}").content.decode() for page in (1, 2)
    )
    assert "30 certificates" in first
    assert ("FC-0024" in first, "FC-0025" in first) == (True, False)
    assert ("FC-0024" in second, "FC-0025" in second) == (False, True)
    answer = browser(cast.IKE).get(f"{LIST}certificates.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("FC-") == 30


def test_the_file_is_written_batch_by_batch(
    holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no more than so many certificates in memory at a time, and one query for each batch."""
    monkeypatch.setattr(expiring, "_EXPORT_BATCH", 2)
    today = london_date(now())
    with direct_writes():
        for number in range(5):
            certificate(holder, number=f"FC-{number:04}", expires_on=today + timedelta(days=number))
    rows: list[expiring.ExpiringRow] = []
    with CaptureQueriesContext(connection) as queries:
        count = expiring.export_expiring_certificates(actor=nell(), at=now(), write=rows.append)
    assert count == 5
    assert [row.number for row in rows] == [f"FC-{number:04}" for number in range(5)]
    renewals = [query for query in queries if "firearms_application" in query["sql"]]
    assert len(renewals) == 3


def test_a_name_is_no_formula(holder: Person) -> None:
    with direct_writes():
        Person.objects.filter(id=holder.id).update(family_name="\t=1+1", given_name="")
        certificate(holder, number="FC-0001", expires_on=london_date(now()))
    answer = browser(cast.IKE).get(f"{LIST}certificates.csv")
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert ",\t=1+1" not in content
    assert ",=1+1" not in content


def test_others_see_nothing() -> None:
    assert browser(cast.ADA).get(LIST).status_code == 403
