"""A question set in Welsh: what people see, and what `forms check` says of its file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from bluelamp.cli import forms
from bluelamp.foundation.forms.built_in import read_file
from bluelamp.foundation.forms.rules import (
    BadQuestionSet,
    QuestionSet,
    parse_question_set,
    read_answers,
    show_answers,
    translate,
)

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "lost-dog.yaml"
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SET = """\
name: bicycle
version: 1
title: Your bicycle
sections:
  - id: main
    title: Your bicycle
    pages:
      - id: colour
        title: Colour
        notes: [{text: Look at the **frame**}]
        questions:
          - id: colour
            type: choice
            label: What colour is it?
            hint: The frame
            missing: Select the colour
            choices: [{value: red, label: Red}, {value: blue, label: Blue}]
          - id: bought_on
            type: date
            label: Bought on
            errors: {date_not_past: You cannot have bought it yet}
            options: {past: true}
          - id: seen
            type: when
            label: Last seen
            required: false
            choices: [{value: unsure, label: I forget, hint: Any time}]
            field_labels: {on: Which day?}
        checks:
          - error: Red ones were not sold before 2020
            at: bought_on
            if: {all: [{colour: red}, {before: {bought_on: 2020-01-01}}]}
"""
WELSH = """\
"Your bicycle": "Eich beic"
"Colour": "Lliw"
"Look at the **frame**": "Edrychwch ar y **ffrâm**"
"What colour is it?": "Pa liw yw e?"
"The frame": "Y ffrâm"
"Select the colour": "Dewiswch y lliw"
"Red": "Coch"
"Blue": "Glas"
"Bought on": "Prynwyd ar"
"Last seen": "Gwelwyd ddiwethaf"
"I forget": "Anghofiais"
"Any time": "Unrhyw bryd"
"Which day?": "Pa ddiwrnod?"
"You cannot have bought it yet": "Ni allwch fod wedi ei brynu eto"
"Red ones were not sold before 2020": "Ni werthwyd rhai coch cyn 2020"
"""


@pytest.fixture(scope="module")
def welsh() -> QuestionSet:
    return translate(parse_question_set(SET, translations={"cy": WELSH}), "cy")


def test_it_works(welsh: QuestionSet) -> None:
    page = welsh.page("colour")
    assert (welsh.title, welsh.sections[0].title, page.title) == ("Eich beic", "Eich beic", "Lliw")
    assert page.notes[0].text == "Edrychwch ar y **ffrâm**"
    question = welsh.question("colour")
    assert (question.label, question.hint) == ("Pa liw yw e?", "Y ffrâm")
    assert question.labels == {"red": "Coch", "blue": "Glas"}


@pytest.mark.parametrize(
    ("texts", "sentences"),
    [
        ({}, {"colour": "Dewiswch y lliw"}),
        ({"colour": "green"}, {"colour": "Dewiswch y lliw"}),
        (
            {"bought_on_day": "1", "bought_on_month": "1", "bought_on_year": "2027"},
            {"colour": "Dewiswch y lliw", "bought_on_day": "Ni allwch fod wedi ei brynu eto"},
        ),
        (
            {
                "colour": "red",
                "bought_on_day": "1",
                "bought_on_month": "5",
                "bought_on_year": "2019",
            },
            {"bought_on_day": "Ni werthwyd rhai coch cyn 2020"},
        ),
    ],
)
def test_errors_are_in_welsh(
    welsh: QuestionSet, texts: dict[str, str], sentences: dict[str, str]
) -> None:
    with translation.override("cy"):
        problems = read_answers(welsh, texts, at=AT).problems
        found = {problem.field: problem.text for problem in problems}
    assert {field: found.get(field) for field in sentences} == sentences


def test_the_same_answers_are_shown_in_each_language(welsh: QuestionSet) -> None:
    values = {"colour": "blue", "bought_on": "2021-05-01"}
    english = parse_question_set(SET)
    for question_set, line in ((welsh, "Glas"), (english, "Blue")):
        shown = show_answers(question_set, values, today=AT.date())
        assert shown[0].pages[0].rows[0].lines == [line]


def test_words_for_what_is_known_of_a_moment_are_in_welsh(welsh: QuestionSet) -> None:
    seen = {"know": "unsure", "from": None, "to": None}
    values = {"colour": "blue", "bought_on": "2021-03-01", "seen": seen}
    (page,) = show_answers(welsh, values, today=AT.date())[0].pages
    assert page.rows[2].lines == ["Anghofiais"]
    assert welsh.question("seen").field_labels == {"on": "Pa ddiwrnod?"}


def test_dates_are_in_welsh(welsh: QuestionSet) -> None:
    values = {"colour": "blue", "bought_on": "2021-03-01"}
    with translation.override("cy"):
        (page,) = show_answers(welsh, values, today=AT.date())[0].pages
        assert page.rows[1].lines == ["1 Mawrth 2021"]


def test_a_sentence_without_a_translation_stays_in_english() -> None:
    partly = translate(parse_question_set(SET, translations={"cy": '"Red": "Coch"'}), "cy")
    assert partly.question("colour").labels == {"red": "Coch", "blue": "Blue"}
    assert partly.question("colour").label == "What colour is it?"


def test_a_language_that_a_set_does_not_have_is_english() -> None:
    assert translate(parse_question_set(SET), "cy").title == "Your bicycle"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # One that is left over, because the sentence was changed.
        ('"Select a colour": "Dewiswch liw"', "Select a colour"),
        ('"Red": ""', "Red"),
        ('"Red": [Coch]', "Red"),
    ],
)
def test_bad_lines_are_problems_with_their_line(line: str, expected: str) -> None:
    text = f"# Welsh\n{line}\n"
    with pytest.raises(BadQuestionSet) as caught:
        parse_question_set(SET, translations={"cy": text})
    (problem,) = caught.value.problems
    assert problem.line == 2
    assert expected in problem.message


def test_check_warns_of_what_is_not_translated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bicycle.yaml"
    path.write_text(SET)
    welsh_path = tmp_path / "bicycle.cy.yaml"
    welsh_path.write_text(WELSH)
    assert forms.main(["check", str(path)]) == 0
    assert "translation" not in capsys.readouterr().out

    welsh_path.write_text(WELSH.replace('"Blue": "Glas"\n', ""))
    assert forms.main(["check", str(path)]) == 0
    output = capsys.readouterr().out
    assert "no translation" in output
    assert "Blue" in output

    welsh_path.write_text(WELSH + '"Green": "Gwyrdd"\n')
    assert forms.main(["check", str(path)]) == 2
    assert "Green" in capsys.readouterr().err


def test_the_example_is_translated_in_part() -> None:
    file = read_file(EXAMPLE)
    assert translate(file.question_set, "cy").page("about").heading == "Sut olwg sydd ar y ci?"
