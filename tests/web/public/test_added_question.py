"""A question is added to the report by one data file, and is everywhere at once."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from bluelamp.casework.casefiles.commands import request_case_file
from bluelamp.casework.casefiles.models import CaseFileVersion
from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.crimes.lookups import list_my_crimes
from bluelamp.casework.reports.models import Report, ReportDraft, ReportItem
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
from tests.web.public.conftest import ANSWERS, answer_all, photo, reference_on

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


def test_a_page_with_a_second_question_has_its_own_title(added: None, visitor: Client) -> None:
    """The label of one question is no title of a page with two."""
    page = visitor.get("/report/camera/").content.decode()
    assert "<title>Did a camera see it? –" in page
    assert re.findall(r"<h1[^>]*>\s*(?:<label[^>]*>)?\s*([^<]*?)\s*<", page) == [
        "Did a camera see it?"
    ]
    visitor.post("/report/what/", ANSWERS["what"])
    page = visitor.get("/report/story/").content.decode()
    assert "<title>In your own words –" in page
    assert re.findall(r"<h1[^>]*>\s*([^<]*?)\s*<", page) == ["In your own words"]
    assert "Tell us what happened" in page


STOLEN = """\
  - id: stolen
    title: What was stolen
    if: {kind: [theft, burglary]}
    repeat: {noun: thing, add: Add another thing, most: 5}
    pages:
      - id: thing
        title: The thing
        heading: What was stolen?
        questions:
          - id: thing_name
            type: text
            label: What was it?
            short: What it was
            missing: Enter what it was
          - id: is_marked
            type: yes_no
            label: Is it marked?
            short: Marked
            missing: Select whether it is marked
          - {id: pictures, type: files, label: Pictures of it, short: Pictures, required: false}
  - id: report
"""


@pytest.fixture
def stolen(reference: None) -> Iterator[None]:
    """A version of the report that begins with things, of which there may be several."""
    content = REPORT.content.replace("\nversion: 1\n", "\nversion: 2\n", 1)
    # What was stolen depends on what happened, so the first page stands before it.
    before, mark, after = content.partition("      - id: where\n")
    rest = "    title: Where and who\n    pages:\n"
    load(before + STOLEN.replace("  - id: report\n", "  - id: rest\n") + rest + mark + after)
    yield
    forget_versions()


def test_a_section_that_repeats_is_asked_checked_and_sent(
    stolen: None, visitor: Client, joy: Actor
) -> None:
    visitor.post("/report/", {"emergency": "no"})
    first = visitor.post("/report/what/", {"kind": "theft"})
    assert first["location"] == "/report/list/stolen/"
    page = visitor.get("/report/list/stolen/").content.decode()
    assert "You have not added any yet." in page
    assert visitor.get("/report/thing/").status_code == 404
    for number, name in ((1, "A red bicycle"), (2, "A lamp")):
        added = visitor.post("/report/list/stolen/", {"add": "1"})
        assert added["location"] == f"/report/thing/{number}/"
        asked = {"asked": "thing_name is_marked pictures"}
        wrong = visitor.post(f"/report/thing/{number}/", {**asked, "thing_name": name})
        assert "Select whether it is marked" in visitor.get(wrong["location"]).content.decode()
        answers = {**asked, "thing_name": name, "is_marked": "no", "pictures": photo()}
        done = visitor.post(f"/report/thing/{number}/", answers)
        assert done["location"] == "/report/list/stolen/"
    assert visitor.get("/report/list/stolen/").content.decode().count("car.jpg") == 2
    page = visitor.get("/report/thing/2/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "data-upload-token=" in page
    item = re.search(r'name="pictures_uploaded" value="([^"]+)"', page)
    assert item
    kept = {**answers, "pictures": "", "pictures_uploaded": item[1]}
    removed = visitor.post("/report/thing/2/", {**kept, "remove": item[1]})
    assert removed["location"] == "/report/thing/2/"
    assert "pictures_uploaded" not in visitor.get("/report/thing/2/").content.decode()
    assert visitor.post("/report/list/stolen/", {"remove": "1"}).status_code == 302
    assert "A red bicycle" not in visitor.get("/report/list/stolen/").content.decode()
    going_on = visitor.post("/report/list/stolen/", {})
    assert going_on["location"] == "/report/where/"
    for slug_, posted in ANSWERS.items():
        if slug_ != "what":
            assert visitor.post(f"/report/{slug_}/", posted).status_code == 302, slug_
    page = visitor.get("/report/check/").content.decode()
    assert_rows(page, {"Thing 1: What it was": "A lamp", "Thing 1: Marked": "No"})
    reference = send(visitor)
    assert Report.objects.get().answers["stolen"] == [{"thing_name": "A lamp", "is_marked": "no"}]
    desk = browser(cast.JOY).get(f"/desk/reports/{reference}/").content.decode()
    assert_rows(desk, {"Thing 1: What it was": "A lamp"})
    assert ReportItem.objects.count() == 1, "the file that was taken back is not sent"


def test_the_api_takes_what_repeats(stolen: None) -> None:
    thing = {"thing_name": "A lamp", "is_marked": True}
    assert send_by_api(report_data(answers={"stolen": [thing]})).status_code == 201
    assert Report.objects.get().answers["stolen"] == [{"thing_name": "A lamp", "is_marked": "yes"}]
    for wrong in ([{"thing_name": "A lamp"}], [{**thing, "colour": "red"}], [thing] * 6):
        assert send_by_api(report_data(answers={"stolen": wrong})).status_code == 422, wrong


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
