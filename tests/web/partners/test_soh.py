"""Reports in the JSON of Single Online Home: taken by the API, given out at the desk."""

import json
from typing import Any

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report
from bluelamp.demo import cast
from bluelamp.foundation.kernel.ids import new_id
from tests.cast import browser
from tests.direct_writes import direct_writes
from tests.web.partners.test_reports_api import errors_of, report_data
from tests.web.partners.test_reports_api import send as send_our_json

pytestmark = pytest.mark.django_db
SOH = "application/vnd.soh+json"


def document(**changes: Any) -> dict[str, Any]:
    """A report as another force's website writes it."""
    return {
        "submissionDetails": {
            "submissionId": str(new_id()),
            "submitTime": "2026-03-03T08:00:00Z",
            "forceIdentifier": 1,
            "category": "vehicle-theft",
            "howInvolvedInCrime": "IVLD_0001",
            "isDeclaredTrue": True,
        },
        "incidentDetails": {
            "currentAddress": {
                "buildingNumber": "12",
                "street": "Acorn Parade",
                "postcode": "SE15 4QL",
                "_metaData": {"name": "address", "schema": 2},
            },
            "incidentExactTimeKnown": False,
            "incidentDateRange": {"dateFrom": "2026-03-02", "dateTo": "2026-03-03"},
            "incidentStartTime": "22:00:00",
            "incidentDescription": "My car was taken overnight.",
        },
        "vehicle": {"vehicleVRM": "AB12 CDE"},
        "personReporting": {
            "givenName": ["Esi", "Ama"],
            "surname": "Mensah",
            "dateOfBirth": "1980-03-31",
            "contactEmail": "esi.mensah@example.com",
            "contactPreference": ["CPNC_0001"],
            "safeToContact": True,
        },
        **changes,
    }


def send(body: object) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, str) else json.dumps(body)
    answer = Client().post("/api/v1/reports", text, content_type=SOH)
    return answer.status_code, answer.json()


def test_it_works(reference: None) -> None:
    sent = document()
    status, body = send(sent)
    assert status == 201, body
    assert body["id"] == sent["submissionDetails"]["submissionId"]
    report = Report.objects.get()
    assert (report.kind, report.role, report.vrm) == ("vehicle-theft", "victim", "AB12CDE")
    assert report.narrative == "My car was taken overnight."
    assert report.occurred_from is not None
    assert report.occurred_from.isoformat() == "2026-03-02T22:00:00+00:00"
    assert report.location is not None
    assert report.location.in_one_line == "12, Acorn Parade, SE15 4QL"
    assert report.person_reporting.name == "Esi Ama Mensah"
    assert report.is_safe_to_contact is True
    assert report.device_at is not None
    status, again = send(sent)
    assert (status, again["reference"]) == (200, body["reference"])


def test_what_is_given_out_is_taken_again(reference: None) -> None:
    send_our_json(report_data(vrm="AB12 CDE", role="witness"))
    report = Report.objects.get()
    given = browser(cast.JOY).get(f"/desk/reports/{report.reference}/soh.json")
    assert given["content-disposition"] == f'attachment; filename="{report.reference}.json"'
    body = given.json()
    body["submissionDetails"]["submissionId"] = str(new_id())
    assert send(body)[0] == 201
    copy = Report.objects.exclude(id=report.id).get()
    assert copy.answers == report.answers


def test_a_report_from_before_there_were_questions_as_data(reference: None) -> None:
    send_our_json(report_data(vrm="AB12 CDE", role="witness"))
    report = Report.objects.get()
    url = f"/desk/reports/{report.reference}/soh.json"
    desk = browser(cast.JOY)
    before = desk.get(url).json()
    with direct_writes():
        Report.objects.update(question_set="", question_set_version=None, answers={})
    after = desk.get(url).json()
    # The place has its position by now.
    for name in ("easting", "northing", "latitude", "longitude"):
        after["incidentDetails"]["currentAddress"].pop(name, None)
    assert after == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weapon": {"weaponTypeList": "Knife"}}, "weapon.weaponTypeList"),
        ({"vehicle": {"vehicleVRM": "!!!"}}, "vehicle.vehicleVRM"),
        ({"vehicle": {"vehicleVRM": 7}}, "vehicle.vehicleVRM"),
        ({"submissionDetails": {"submissionId": "x"}}, "submissionDetails.category"),
        ({"submissionDetails": {}}, "submissionDetails.category"),
        ({"personReporting": {"givenName": "Esi"}}, "personReporting.contactEmail"),
        (
            {"personReporting": {"givenName": "Esi", "contactEmail": "a@example.com"}},
            "personReporting.safeToContact",
        ),
    ],
)
def test_an_error_names_its_field(changes: dict[str, Any], field: str) -> None:
    status, body = send(document(**changes))
    assert status == 422
    assert field in errors_of(body), body
    assert not Report.objects.exists()


@pytest.mark.parametrize("body", ["[]", "{", "7", '{"a": 1e999}', "[" * 100_000])
def test_what_is_no_document_is_refused(body: str) -> None:
    assert send(body)[0] == 422


def test_an_unsafe_person_is_not_contacted(reference: None) -> None:
    person = {"givenName": "Esi", "safeToContact": False, "safeContactMethod": "never"}
    assert send(document(personReporting=person))[0] == 201
    report = Report.objects.get()
    assert (report.is_safe_to_contact, report.safe_contact) == (False, "never")
