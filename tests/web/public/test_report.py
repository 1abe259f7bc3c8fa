"""The whole way through the report, as a browser without JavaScript goes it."""

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report
from bluelamp.records.evidence.models import Item
from tests.web.public.conftest import ANSWERS, answer_all, photo, reference_on

pytestmark = pytest.mark.django_db


def test_it_works(visitor: Client) -> None:
    answer_all(visitor)
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    page = visitor.get("/report/check/").content.decode()
    assert "car.jpg" in page and "SE15 4QL" in page and "Before you send it" not in page
    response = visitor.post("/report/check/", {"is_declared_true": "yes"})
    assert (response.status_code, response["location"]) == (302, "/report/done/")
    page = visitor.get("/report/done/").content.decode()
    report = Report.objects.get()
    assert report.reference == reference_on(page)
    assert report.location is not None and report.location.postcode == "SE15 4QL"
    assert (report.narrative, report.vrm) == (ANSWERS["story"]["narrative"], "AB12CDE")
    assert report.occurred_from is not None
    assert [each.item_id for each in report.items.all()] == [Item.objects.get().id]
