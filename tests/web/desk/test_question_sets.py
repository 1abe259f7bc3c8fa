"""The desk's pages of question sets: list, load a file, put in force."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import QuestionSetFile
from bluelamp.foundation.forms.commands import load_question_set, sync_built_in_sets
from bluelamp.foundation.forms.models import FormDraft, QuestionSetVersion
from bluelamp.foundation.kernel.clock import london_now
from tests.cast import INSTALLER, browser
from tests.foundation.forms.sets import lost_property

pytestmark = pytest.mark.django_db
TODAY = london_now().date()
TODAY_FIELDS = {f"from-1_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}

THINGS = """
things:
  bag: {kind: object, type: bag}
  loss: {kind: event, type: loss}
"""
QUESTIONS = """
          - {id: worth, type: money, label: Value, becomes: bag.worth}
          - {id: lost, type: when, label: When, becomes: loss}
      - id: other
        title: Something else
        questions:
          - {id: colour, type: text, label: "Which colour?", required: false}
"""


@pytest.fixture
def desk() -> Client:
    """Joy, who also looks after the force's forms."""
    return browser(cast.JOY)


def upload(client: Client, content: str | bytes, name: str = "lost-property.yaml") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/desk/forms/load", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_it_works(desk: Client, at: datetime) -> None:
    sync_built_in_sets(actor=INSTALLER, at=at)
    page = desk.get("/desk/forms/").content.decode()
    assert "Report a crime" in page
    loaded = upload(desk, lost_property().content)
    assert loaded.redirect_chain[-1][0] == "/desk/forms/lost-property/?done=loaded"
    assert "Not in force" in loaded.content.decode()
    answer = desk.post("/desk/forms/lost-property/1/put-in-force", TODAY_FIELDS, follow=True)
    assert "Question set put in force" in answer.content.decode()
    assert QuestionSetVersion.objects.get(name="lost-property").in_force_from == TODAY
    assert "Put version 1 in force" not in answer.content.decode()


def test_a_file_with_problems_shows_each_line(desk: Client) -> None:
    content = lost_property().content.replace("type: text", "type: txt")
    page = upload(desk, content)
    assert page.status_code == 422
    text = page.content.decode()
    assert "1 problem in this file" in text
    assert "`txt` is no type; did you mean `text`?" in text
    assert not QuestionSetVersion.objects.filter(name="lost-property").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe", "must be text in UTF-8"), (b"x" * (4 * 1024 * 1024 + 1), "smaller than 4MB")],
    ids=["bytes", "large"],
)
def test_what_is_no_question_set(desk: Client, content: bytes, message: str) -> None:
    assert message in upload(desk, content).content.decode()


@pytest.mark.parametrize(
    "content",
    [
        "", "x", "- a", "[" * 500, "a: &x [*x]", "\x00", "name: lost\nsections: 3",
        "name: {}\nversion: []\ntitle: 1\nsections: [null, 1, {pages: [{questions: [{}]}]}]",
        lost_property().content.replace("type: text", "type: text, if: {answered: [{}]}"),
        lost_property().content.replace("type: text", "type: [text]"),
        lost_property().content.replace("sections:", "things: {a: 1}\nchoices: [x]\nsections:"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_malformed_set_shows_what_is_wrong(desk: Client, content: str) -> None:
    page = upload(desk, content)
    assert page.status_code == 422
    assert "in this file" in page.content.decode()


def test_malformed_translations(desk: Client) -> None:
    files = {
        "file": SimpleUploadedFile("lost-property.yaml", lost_property().content.encode()),
        "translations": SimpleUploadedFile("lost-property.cy.yaml", b"{[]: {}}"),
    }
    page = desk.post("/desk/forms/load", files)
    assert page.status_code == 422
    assert "in this file" in page.content.decode()


def test_no_file(desk: Client) -> None:
    answer = desk.post("/desk/forms/load", {})
    assert answer.status_code == 422
    assert "Select a file" in answer.content.decode()


def test_the_same_version_with_other_content(desk: Client, at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property())
    page = upload(desk, lost_property(question="What is gone?").content)
    assert page.status_code == 422
    assert "has been loaded with other content" in page.content.decode()


def test_translations(desk: Client) -> None:
    translation = b'"What did you lose?": "Beth golloch chi?"'
    desk.post(
        "/desk/forms/load",
        {
            "file": SimpleUploadedFile("lost-property.yaml", lost_property().content.encode()),
            "translations": SimpleUploadedFile("lost-property.cy.yaml", translation),
        },
    )
    row = QuestionSetVersion.objects.get(name="lost-property")
    assert row.translations == {"cy": translation.decode()}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Enter the date from which it is in force"),
        ({"from-1_day": "1", "from-1_month": "1", "from-1_year": "2020"}, "today or in the future"),
        ({"from-1_day": "40", "from-1_month": "1", "from-1_year": "2030"}, "must be a real date"),
    ],
)
def test_a_wrong_date(desk: Client, at: datetime, fields: dict[str, str], message: str) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property())
    answer = desk.post("/desk/forms/lost-property/1/put-in-force", fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_the_end_of_a_preview_shows_answers_as_people_read_them(desk: Client, at: datetime) -> None:
    content = lost_property().content.replace("sections:", THINGS + "sections:", 1) + QUESTIONS
    content = content.replace("type: bag}", "type: bag, fields: [worth]}")
    load_question_set(actor=INSTALLER, at=at, file=QuestionSetFile(content, {}))
    started: Any = desk.post("/desk/forms/lost-property/1/preview")
    desk.post(
        f"{started['location']}pages/what/",
        {
            "what": "Bag", "worth": "12.50", "lost": "between", "lost_from_day": "1",
            "lost_from_month": "3", "lost_from_year": "2026", "lost_to_day": "2",
            "lost_to_month": "3", "lost_to_year": "2026", "asked": "what worth lost other",
        },
    )  # fmt: skip
    check = desk.get(f"{started['location']}check/").content.decode()
    page = desk.get(f"{started['location']}end/").content.decode()
    assert ("£12.50" in page, "From 1 March 2026" in page) == (True, True), page
    assert "between" not in page
    # A page with nothing but an optional question is shown with its question.
    assert "Which colour?" in check


def test_the_answers_of_a_preview_are_deleted(desk: Client, at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property())
    started: Any = desk.post("/desk/forms/lost-property/1/preview")
    desk.post(f"{started['location']}delete")
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("path", ["", "load", "lost-property/"])
def test_only_for_reference_editors(path: str, at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property())
    assert browser(cast.ADA).get(f"/desk/forms/{path}").status_code == 403


def test_there_is_no_such_set(desk: Client) -> None:
    assert desk.get("/desk/forms/nothing/").status_code == 404
    assert desk.post("/desk/forms/nothing/1/preview").status_code == 404
    assert desk.post("/desk/forms/nothing/1/put-in-force", TODAY_FIELDS).status_code == 404
