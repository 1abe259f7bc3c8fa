"""A question is added to the report by one data file, and is everywhere at once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from bluelamp.casework.casefiles.commands import request_case_file
from bluelamp.casework.casefiles.models import CaseFileVersion
from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.crimes.lookups import list_my_crimes
from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.forms.lookups import forget_versions
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.casefiles.recorded_case import charge_suspect
from tests.casework.scenes import DAMAGE
from tests.cast import INSTALLER, browser
from tests.web.desk.scenes import slug
from tests.web.public.conftest import ANSWERS, answer_all, reference_on

pytestmark = pytest.mark.django_db

REPORT = built_in_files()["report"]
DECLARED = {"is_declared_true": "yes"}
COLOUR = """\
          - id: colour
            type: text
            label: What colour is it?
            short: Colour
            hint: For example, dark blue
            missing: Enter the colour
            required: false
            most: 60
"""
OCCUPATION = """\
          - id: occupation
            type: text
            label: What is your job?
            short: Occupation
            required: false
            most: 60
            becomes: reporter.occupation
"""
PAGE = """\
      - id: camera
        title: Cameras
        questions:
          - id: camera
            type: yes_no
            label: Did a camera see it?
            short: Seen by a camera
            missing: Select whether a camera saw it
            soh: incidentDetails.seenByCamera
            api: {required: false}
"""


def with_added_questions(text: str) -> str:
    """Return the next version of the report's file: one more question, and one more page."""
    text = text.replace("\nversion: 1\n", "\nversion: 2\n", 1)
    text = text.replace("          - id: vrm\n", f"{COLOUR}          - id: vrm\n", 1)
    text = text.replace(
        "          - id: home_address\n", f"{OCCUPATION}          - id: home_address\n", 1
    )
    return text.replace("      - id: files\n", f"{PAGE}      - id: files\n", 1)


def load(content: str) -> None:
    file = QuestionSetFile(content, {})
    load_question_set(actor=INSTALLER, at=now(), file=file, in_force_from=london_date(now()))


@pytest.fixture
def added(reference: None) -> Iterator[None]:
    load(REPORT.content)
    load(with_added_questions(REPORT.content))
    yield
    forget_versions()


def answer_everything(visitor: Client) -> None:
    answers = {**ANSWERS, "story": {**ANSWERS["story"], "colour": "dark blue"}}
    visitor.post("/report/", {"emergency": "no"})
    for slug_, posted in {**answers, "camera": {"camera": "yes"}}.items():
        response = visitor.post(f"/report/{slug_}/", posted)
        assert response.status_code == 302, (slug_, response.content.decode())


def send(visitor: Client) -> str:
    response = visitor.post("/report/check/", DECLARED)
    assert (response.status_code, response["location"]) == (302, "/report/done/")
    return reference_on(visitor.get("/report/done/").content.decode())


def test_it_works(added: None, visitor: Client, joy: Actor) -> None:
    """It is on the public page, the check page, the desk's pages and in the data handed out."""
    visitor.post("/report/what/", ANSWERS["what"])
    page = visitor.get("/report/story/").content.decode()
    assert "What colour is it? (optional)" in page
    assert "For example, dark blue" in page
    page = visitor.get("/report/camera/").content.decode()
    assert "Did a camera see it?" in page
    assert "Question 5 of 8" in page
    page = visitor.post("/report/camera/", {}).content.decode()
    assert "Select whether a camera saw it" in page
    answer_everything(visitor)
    page = visitor.get("/report/check/").content.decode()
    assert_rows(page, {"Colour": "dark blue"})
    assert "Cameras" in page
    reference = send(visitor)
    report = Report.objects.get()
    assert (report.question_set, report.question_set_version) == ("report", 2)
    assert (report.answers["colour"], report.answers["camera"]) == ("dark blue", "yes")
    desk = browser(cast.JOY)
    rows = {"Colour": "dark blue", "Seen by a camera": "Yes"}
    assert_rows(desk.get(f"/desk/reports/{reference}/").content.decode(), rows)
    document = desk.get(f"/desk/reports/{reference}/soh.json").json()
    assert document["incidentDetails"]["seenByCamera"] is True
    crime = record_from_report(actor=joy, at=now(), reference=reference, offence_code=DAMAGE)
    assert_rows(desk.get(f"/desk/crimes/{slug(crime.number)}/").content.decode(), rows)


def assert_rows(page: str, rows: dict[str, str]) -> None:
    """Check that a page has each label with its value after it."""
    for label, value in rows.items():
        _, found, after = page.partition(f">{label}</dt>")
        assert found, label
        assert value in after.partition("</dd>")[0]


def test_a_draft_ends_on_the_questions_that_it_was_begun_on(
    reference: None, visitor: Client
) -> None:
    load(REPORT.content)
    answer_all(visitor)
    load(with_added_questions(REPORT.content))
    try:
        assert "What colour" not in visitor.get("/report/story/").content.decode()
        assert visitor.get("/report/camera/").status_code == 404
        send(visitor)
        assert Report.objects.get().question_set_version == 1
        Client().post("/report/", {"emergency": "no"})
        versions = ReportDraft.objects.values_list("question_set_version", flat=True)
        assert sorted(versions) == [1, 2]
    finally:
        forget_versions()


def report_data(**changes: Any) -> dict[str, Any]:
    person = {"given_name": "Esi", "email": "esi@example.com", "is_safe_to_contact": True}
    return {
        "id": str(new_id()),
        "kind": "theft",
        "narrative": "My bag was taken.",
        "person": person,
        "is_declared_true": True,
        **changes,
    }


def send_by_api(report: dict[str, Any]) -> Any:
    return Client().post("/api/v1/reports", json.dumps(report), content_type="application/json")


def test_the_api_takes_and_describes_it(added: None) -> None:
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    answers = schemas["Answers"]["properties"]
    assert (answers["colour"]["maxLength"], answers["colour"]["default"]) == (60, "")
    assert answers["colour"]["description"] == "What colour is it?"
    assert schemas["Report"]["properties"]["answers"]["$ref"].endswith("/Answers")
    given = {"colour": "red", "camera": False, "occupation": "Baker"}
    assert send_by_api(report_data(answers=given)).status_code == 201
    assert Report.objects.get().person_reporting.occupation == "Baker", "what an answer becomes"
    assert Report.objects.get().answers["colour"] == "red"
    assert Report.objects.get().answers["camera"] == "no"
    assert send_by_api(report_data()).status_code == 201, "a program need not know of it"
    for wrong in ({"colour": "x" * 61}, {"colour": 1}, {"shape": "round"}):
        response = send_by_api(report_data(answers=wrong))
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["field"] == f"answers.{next(iter(wrong))}"


def test_the_case_file_and_the_officer_have_it(
    added: None, visitor: Client, joy: Actor, ada: Actor, bilal: Actor, tsa: str,
    run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    answer_everything(visitor)
    reference = send(visitor)
    number = record_from_report(
        actor=ada, at=now(), reference=reference, offence_code=DAMAGE
    ).number
    rows = [("Colour", ("dark blue",)), ("Seen by a camera", ("Yes",))]
    (crime,) = list_my_crimes(actor=ada, at=now())
    assert [tuple(answer) for answer in crime.report_answers] == rows
    charge_suspect(bilal, ada, number)
    request_case_file(actor=bilal, at=now(), numbers=[number])
    run_jobs()
    (packaged,) = json.loads(CaseFileVersion.objects.get().case_json)["crimes"]
    assert packaged["report_answers"] == [
        {"label": label, "lines": list(lines)} for label, lines in rows
    ]
