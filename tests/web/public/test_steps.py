"""The steps of the report: their order, and how answers and fields of the page correspond."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import QueryDict

from bluelamp.casework.reports.questions import question_fields
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.web.public.steps import ReportForm, ReportStep

FORM = ReportForm(built_in_question_set("report"), {})
STEPS = FORM.steps
WHAT, WHERE, WHEN, STORY, FILES, YOU, CONTACT = STEPS
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
PUBLIC = Path(__file__).resolve().parents[3] / "bluelamp" / "web" / "public"


def test_it_works() -> None:
    assert (WHAT.url, FORM.previous_url(WHAT), FORM.next_url(WHAT)) == (
        "/report/what/",
        "/report/",
        "/report/where/",
    )
    assert FORM.next_url(CONTACT) == "/report/check/"
    assert FORM.position(WHERE) == "Question 2 of 7"


def test_every_answer_is_asked_for_once() -> None:
    fields = [name for step in STEPS for name in step.fields]
    assert len(fields) == len(set(fields))
    assert question_fields(FORM.question_set) - set(fields) == {"is_declared_true"}


def test_posted_answers_are_those_of_the_step() -> None:
    posted = QueryDict("kind=theft&email=a@example.com")
    assert WHAT.posted_answers(posted) == {"kind": "theft"}
    assert set(WHERE.posted_answers(QueryDict(""))) == set(WHERE.fields)


def test_of_an_answer_sent_twice_the_last_counts() -> None:
    assert WHAT.posted_answers(QueryDict("kind=theft&kind=assault")) == {"kind": "assault"}


@pytest.mark.parametrize("when", ["exact", "between"])
def test_a_single_date_has_fields_of_its_own(when: str) -> None:
    prefix = "on" if when == "exact" else "from"
    posted = QueryDict(f"when={when}&{prefix}_day=2&{prefix}_month=3&{prefix}_year=2026")
    answers = WHEN.posted_answers(posted)
    assert (answers["from_day"], answers["from_month"], answers["from_year"]) == ("2", "3", "2026")
    values = WHEN.initial_values(answers)
    assert (values[f"{prefix}_day"], values[f"{prefix}_year"]) == ("2", "2026")


def test_errors_have_the_names_of_the_page() -> None:
    assert set(WHEN.errors({"when": "exact"}, at=AT)) == {"on"}
    assert set(WHEN.errors({"when": "between"}, at=AT)) == {"from", "to"}
    assert set(WHERE.errors({"address": "1 High Street", "easting": "x"}, at=AT)) == {"place"}
    assert set(WHAT.errors({}, at=AT)) == {"kind"}
    assert set(STORY.errors({}, at=AT)) == {"narrative"}


@pytest.mark.parametrize(
    ("answers", "asks"),
    [
        ({"kind": "vehicle-theft"}, True),
        ({"kind": "assault"}, False),
        ({"kind": "assault", "vrm": "AB12 CDE"}, True),
        ({}, False),
    ],
)
def test_a_vehicle_is_asked_about_only_if_one_may_be_involved(
    answers: dict[str, str], asks: bool
) -> None:
    assert ("vrm" in STORY.question_ids(answers)) is asks


def test_an_earlier_registration_stays_if_it_was_not_asked_for() -> None:
    assert "vrm" not in STORY.posted_answers(QueryDict("narrative=x"))
    assert STORY.posted_answers(QueryDict("narrative=x&vrm="))["vrm"] == ""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_nul_is_shown_as_a_replacement(step: ReportStep) -> None:
    assert step.initial_values({"kind": "a\x00b"})["kind"] == "a\ufffdb"


@pytest.mark.parametrize("path", sorted(PUBLIC.glob("*.py")), ids=lambda path: path.name)
def test_views_reverse_their_paths(path: Path) -> None:
    if path.name == "urls.py":
        return
    assert not re.search(r'["\'](/|f"/)[a-z]', path.read_text(encoding="utf-8"))
